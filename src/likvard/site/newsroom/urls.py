"""Addresses: /beslut/, /pressmeddelanden/, /redaktion/, and the short ones as /botkyrka-2013."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from likvard.site.newsroom import urls_outward
from likvard.site.newsroom.pages import decision, desk, press, press_desk, register

urlpatterns: list[URLPattern] = [
    *urls_outward.urlpatterns,
    path("beslut/", register.register, name="decisions"),
    path("beslut/huvudman/<str:number>/", register.of_organiser, name="decisions_of_organiser"),
    path("beslut/skola/<str:code>/", register.of_unit, name="decisions_of_unit"),
    path("beslut/nr/<slug:slug>/", register.by_number, name="decision_by_number"),
    path("beslut/nr/<slug:slug>/<int:number>/", register.by_number, name="decision_by_number_and_document"),
    path("beslut/<slug:slug>/", decision.decision, name="decision"),
    path("beslut/<slug:slug>/beslut.pdf", decision.pdf, {"part": "text"}, name="decision_pdf"),
    path("beslut/<slug:slug>/kort.pdf", decision.pdf, {"part": "plain"}, name="decision_plain_pdf"),
    path("beslut/<slug:slug>/beslut.json", decision.data, name="decision_data"),
    path("pressmeddelanden/", press.releases, name="press_releases"),
    path("pressmeddelanden/<slug:slug>/", press.release, name="press_release"),
    path("redaktion/", desk.desk, name="newsroom_desk"),
    path("redaktion/nytt/<int:pk>/", desk.prepare, name="newsroom_prepare"),
    path("redaktion/<int:pk>/", desk.publication, name="newsroom_publication"),
    path("redaktion/<int:pk>/forhandsvisning/", desk.preview, name="newsroom_preview"),
    path("redaktion/<int:pk>/dolj/", desk.hide, name="newsroom_hide"),
    path("redaktion/<int:pk>/visa/<int:mask>/", desk.lift, name="newsroom_lift"),
    path("redaktion/<int:pk>/beskriv/", desk.describe, name="newsroom_describe"),
    path("redaktion/<int:pk>/steg/<slug:code>/", desk.move, name="newsroom_move"),
    path("redaktion/<int:pk>/handelse/<int:happening>/", desk.release, name="newsroom_release_words"),
    path("redaktion/press/nytt/", press_desk.write, name="newsroom_release_new"),
    path("redaktion/press/<int:pk>/", press_desk.release, name="newsroom_release"),
    path("redaktion/press/<int:pk>/andra/", press_desk.rewrite, name="newsroom_release_change"),
    path("redaktion/press/<int:pk>/steg/<slug:code>/", press_desk.move, name="newsroom_release_move"),
    path("redaktion/press/kontakt/", press_desk.new_contact, name="newsroom_contact_new"),
    path("redaktion/press/kontakt/<int:pk>/", press_desk.contact, name="newsroom_contact"),
    # Ends with a year, so that no other address of one word is taken.
    re_path(r"^(?P<slug>[a-z0-9][a-z0-9-]*-(?:19|20)\d{2}(?:-\d{1,4})?)/?$", register.short, name="short"),
]
