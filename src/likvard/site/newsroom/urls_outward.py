"""Addresses of letters, feeds and open data."""

from __future__ import annotations

from django.urls import URLPattern, path

from likvard.site.newsroom.pages import feed, opendata, subscriptions

urlpatterns: list[URLPattern] = [
    path("folj/", subscriptions.follow, name="follow"),
    path("folj/skickat/", subscriptions.sent, name="follow_sent"),
    path("folj/bekrafta/<str:token>/", subscriptions.confirm, name="follow_confirm"),
    path("folj/mina/<str:token>/", subscriptions.own, name="follow_own"),
    path("folj/avsluta/<str:token>/", subscriptions.end, name="follow_end"),
    path("beslut/atom.xml", feed.decisions, name="decisions_feed"),
    path("oppna-data/", opendata.page, name="open_data"),
    path("oppna-data/katalog.<str:form>", opendata.catalogue, name="open_data_catalogue"),
    path("oppna-data/<slug:table>.<str:ending>", opendata.file, name="open_data_file"),
    path("robots.txt", feed.robots, name="robots"),
    path("sitemap.xml", feed.sitemaps, name="sitemaps"),
    path("sitemap/sidor.xml", feed.sitemap_of_pages, name="sitemap_of_pages"),
    path("sitemap/beslut-<int:year>.xml", feed.sitemap_of_decisions, name="sitemap_of_decisions"),
]
