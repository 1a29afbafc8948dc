"""Addresses of the programme and of the board of clocks. They come before `tillsyn/<slug>/`."""

from __future__ import annotations

from django.urls import URLPattern, path

from likvard.site.supervision.pages import board, programme, programme_rule, programme_selection

_ONE = "tillsyn/program/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path("tillsyn/klockor/", board.clocks, name="supervision_clocks"),
    path("tillsyn/program/", programme.programmes, name="supervision_programmes"),
    path("tillsyn/program/nytt/", programme.new, name="supervision_programme_new"),
    path(_ONE, programme.programme, name="supervision_programme"),
    path(f"{_ONE}lista/", programme.listed, name="supervision_programme_list"),
    path(f"{_ONE}regel/", programme_rule.rule, name="supervision_programme_rule"),
    path(f"{_ONE}underlag/", programme_rule.counts, name="supervision_programme_counts"),
    path(f"{_ONE}underlag.csv", programme_selection.basis_file, name="supervision_programme_basis"),
    path(f"{_ONE}urval/", programme_selection.selection, name="supervision_programme_selection"),
    path(f"{_ONE}urval/lagg-till/", programme_selection.add, name="supervision_programme_add"),
    path(f"{_ONE}urval/<int:row>/ta-tillbaka/", programme_selection.withdraw, name="supervision_programme_withdraw"),
    path(f"{_ONE}urval/protokoll.csv", programme_selection.protocol_file, name="supervision_programme_file"),
    path(f"{_ONE}urval/protokoll.pdf", programme_selection.protocol_paper, name="supervision_programme_paper"),
    path(f"{_ONE}besluta/", programme_selection.decide, name="supervision_programme_decide"),
    path(f"{_ONE}planera/", programme_selection.plan, name="supervision_programme_plan"),
    path("tillsyn/urvalsregel/<int:pk>/", programme_rule.open_rule, name="supervision_open_rule"),
]
