"""Addresses of matters, under /arenden/. A register number stands in them as LV-2026-17."""

from __future__ import annotations

from django.urls import URLPattern, path

from likvard.site.cases.pages import case, deeds, lists, papers

urlpatterns: list[URLPattern] = [
    path("arenden/", lists.mine, name="cases_mine"),
    path("arenden/nytt/", lists.open_case, name="cases_open"),
    path("arenden/<slug:slug>/", case.case_page, name="cases_case"),
    path("arenden/<slug:slug>/handelser/", case.event_page, name="cases_events"),
    path("arenden/<slug:slug>/steg/<slug:code>/", deeds.move, name="cases_move"),
    path("arenden/<slug:slug>/dela-ut/", deeds.share_out, name="cases_share_out"),
    path("arenden/<slug:slug>/oppna-for/", deeds.let_in, name="cases_let_in"),
    path("arenden/<slug:slug>/oppna-for/<int:pk>/avsluta/", deeds.let_out, name="cases_let_out"),
    path("arenden/<slug:slug>/jav/", deeds.exclude, name="cases_exclude"),
    path("arenden/<slug:slug>/jav/<int:pk>/avsluta/", deeds.end_exclusion, name="cases_end_exclusion"),
    path("arenden/<slug:slug>/klocka/", deeds.start_clock, name="cases_start_clock"),
    path("arenden/<slug:slug>/klocka/<int:pk>/<slug:verb>/", deeds.clock_deed, name="cases_clock_deed"),
    path("arenden/<slug:slug>/koppla/", deeds.link, name="cases_link"),
    path("arenden/<slug:slug>/ratta/", deeds.correct, name="cases_correct"),
    path("arenden/<slug:slug>/dokument/", papers.attach, name="cases_attach"),
    path("arenden/<slug:slug>/dokument/<uuid:pk>/", papers.document, name="cases_document"),
    path("arenden/<slug:slug>/meddelande/", papers.write, name="cases_write"),
    path("arenden/<slug:slug>/meddelande/<int:pk>/", papers.message, name="cases_message"),
]
