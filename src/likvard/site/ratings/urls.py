"""Addresses: /bedomning/ for inspectors, /bedomning/svar/ for organisers, /nationell-rapport/ for everybody."""

from __future__ import annotations

from django.urls import URLPattern, path

from likvard.site.ratings.pages import desk, marking, portal, rating, report, rounds, rubric, settling

_ROUND, _ONE, _SHEET = "bedomning/omgang/<int:pk>/", "bedomning/<int:pk>/", "bedomning/<int:pk>/ark/<slug:criterion>/"
_REPLY, _DESK, _REPORT = "bedomning/svar/<int:pk>/", "bedomning/rapport/<int:pk>/", "nationell-rapport/<slug:slug>/"

urlpatterns: list[URLPattern] = [
    path("bedomning/", rounds.mine, name="ratings"),
    path("bedomning/mall/", rubric.rubric, name="rating_rubric"),
    path("bedomning/omgang/ny/", rounds.new, name="rating_round_new"),
    path(_ROUND, rounds.one, name="rating_round"),
    path(_ROUND + "dela-ut/", rounds.share, name="rating_round_share"),
    path(_ROUND + "oppna/", rounds.begin, name="rating_round_open"),
    path(_ROUND + "granskning/", rounds.draw, name="rating_round_draw"),
    path(_ROUND + "stang/", rounds.end, name="rating_round_close"),
    path(_ROUND + "utfall/", desk.outcome, name="rating_outcome"),
    path(_ROUND + "rapport/", desk.write, name="rating_write"),
    path(_ONE, rating.rating, name="rating"),
    path(_ONE + "bedomare/<slug:part>/", rating.hand_out, name="rating_hand_out"),
    path(_ONE + "ta-tillbaka/<int:sheet>/", rating.take_back, name="rating_take_back"),
    path(_ONE + "jav/", rating.conflict, name="rating_conflict"),
    path(_ONE + "ark/", marking.sheet, name="rating_sheet"),
    path(_SHEET, marking.mark, name="rating_mark"),
    path(_SHEET + "underlag/", marking.evidence, name="rating_evidence"),
    path(_SHEET + "underlag/<int:evidence>/ta-bort/", marking.drop, name="rating_evidence_drop"),
    path(_ONE + "lamna-in/", marking.hand_in, name="rating_hand_in"),
    path(_ONE + "jamka/<slug:criterion>/", settling.settle, name="rating_settle"),
    path(_ONE + "skicka/", rating.send, name="rating_send"),
    path(_ONE + "utan-svar/", rating.go_on, name="rating_go_on"),
    path(_ONE + "bemot/<slug:criterion>/", settling.answer, name="rating_answer_point"),
    path(_ONE + "bemot/", rating.answer, name="rating_answer"),
    path(_ONE + "granskning/", settling.audit, name="rating_audit"),
    path("bedomning/svar/", portal.replies, name="rating_replies"),
    path(_REPLY, portal.reply, name="rating_reply"),
    path(_REPLY + "lamna-in/", portal.hand_in, name="rating_reply_hand_in"),
    path(_REPLY + "<slug:criterion>/", portal.say, name="rating_say"),
    path("bedomning/rapport/", desk.reports, name="report_desk"),
    path(_DESK, desk.report, name="report_draft"),
    path(_DESK + "<slug:code>/", desk.move, name="report_move"),
    path("nationell-rapport/", report.reports, name="national_reports"),
    path(_REPORT, report.report, name="national_report"),
    path(_REPORT + "version/<int:number>/", report.report, name="national_report_version"),
    path(_REPORT + "rapport.pdf", report.paper, name="national_report_pdf"),
    path(_REPORT + "figur/<slug:figure>/<slug:ending>/", report.figure, name="national_report_figure"),
    path(_REPORT + "data.csv", report.csv_file, name="national_report_csv"),
    path(_REPORT + "data.json", report.json_file, name="national_report_json"),
]
