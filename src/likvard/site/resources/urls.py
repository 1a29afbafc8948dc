"""Addresses: /resurser/, an organiser's rounds, a round and its pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from likvard.site.resources.pages import files, home, reasons, round, steps, uses

_ROUND = "resurser/<str:number>/<slug:slug>/"

urlpatterns: list[URLPattern] = [
    path("resurser/", home.rounds, name="resources_rounds"),
    path("resurser/<str:number>/", home.home, name="resources_home"),
    path("resurser/<str:number>/ny/", home.new, name="resources_new"),
    path(_ROUND, round.round, name="resources_round"),
    path(f"{_ROUND}utkast/<int:version>/", round.round, name="resources_version"),
    path(f"{_ROUND}prova/", round.attempt, name="resources_try"),
    path(f"{_ROUND}uppdatera/", steps.refresh, name="resources_refresh"),
    path(f"{_ROUND}underlag/", steps.grounds, name="resources_grounds"),
    path(f"{_ROUND}skal/", reasons.reasons, name="resources_reasons"),
    path(f"{_ROUND}skal/<str:code>/", reasons.give_view, name="resources_give_view"),
    path(f"{_ROUND}synpunkter/", reasons.views, name="resources_views"),
    path(f"{_ROUND}synpunkter/<int:pk>/", reasons.answer, name="resources_answer"),
    path(f"{_ROUND}skicka/", steps.hear, name="resources_hear"),
    path(f"{_ROUND}ta-tillbaka/", steps.rework, name="resources_rework"),
    path(f"{_ROUND}lagg-ned/", steps.drop, name="resources_drop"),
    path(f"{_ROUND}beslut/", steps.decide, name="resources_decide"),
    path(f"{_ROUND}uppfoljning/", uses.uses, name="resources_uses"),
    path(f"{_ROUND}uppfoljning/ny/", uses.plan, name="resources_plan"),
    path(f"{_ROUND}uppfoljning/<int:pk>/", uses.settle, name="resources_settle"),
    path(f"{_ROUND}pm.pdf", files.pdf, name="resources_pdf"),
    path(f"{_ROUND}fordelning.csv", files.table, name="resources_csv"),
    path(f"{_ROUND}fordelning.json", files.data, name="resources_json"),
]
