"""The addresses of the pages with figures."""

from __future__ import annotations

from django.urls import path

from likvard.site.insight.pages import (
    circle,
    data,
    groups,
    measures,
    overview,
    results,
    schools,
    segregation,
    start,
    unit,
)

urlpatterns = [
    path("", start.start, name="start"),
    path("figur/<slug:figure>/", start.start_figure, name="start_figure"),
    path("skolor/", schools.schools, name="schools"),
    path("skolor/<str:code>/", unit.unit, name="unit"),
    path("skolor/<str:code>/figur/<slug:figure>/", unit.unit_figure, name="unit_figure"),
    path("oversikt/<str:number>/", overview.overview, name="overview"),
    path("oversikt/<str:number>/figur/<slug:figure>/", overview.overview_figure, name="overview_figure"),
    path("resultat/<str:number>/", results.results, name="results"),
    path("resultat/<str:number>/figur/<slug:figure>/", results.results_figure, name="results_figure"),
    path("cirkeln/", circle.circle, name="circle"),
    path("cirkeln/figur/<slug:figure>/", circle.circle_figure, name="circle_figure"),
    path("segregation/", segregation.segregation, name="segregation"),
    path("segregation/figur/<slug:figure>/", segregation.segregation_figure, name="segregation_figure"),
    path("grupper/", groups.groups, name="groups"),
    path("grupper/valj/", groups.choose, name="choose_group"),
    path("grupper/behall/", groups.keep, name="keep_group"),
    path("grupper/<uuid:id>/ta-bort/", groups.end, name="end_group"),
    path("matt/", measures.measures, name="measures"),
    path("matt/<str:id>/", measures.measure, name="measure"),
    path("data/", data.data, name="data"),
    path("data/<slug:id>/", data.delivery, name="delivery"),
]
