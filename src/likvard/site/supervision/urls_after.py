"""Addresses after the decision: the organiser's portal under /svar/, the follow-up under /tillsyn/."""

from __future__ import annotations

from django.urls import URLPattern, path

from likvard.site.supervision.pages import finding, finding_deeds, follow_up, portal, portal_answer

_SVAR, _BRIST, _UPP = (
    "svar/<slug:slug>/<int:n>/",
    "tillsyn/<slug:slug>/brist/<slug:n>/",
    "tillsyn/<slug:slug>/uppfoljning/<int:n>/",
)

urlpatterns: list[URLPattern] = [
    path("svar/", portal.overview, name="portal_list"),
    path(_SVAR, portal.decision_page, name="portal_decision"),
    path(_SVAR + "mottaget/", portal.received, name="portal_received"),
    path(_SVAR + "beslut.pdf", portal.pdf, name="portal_pdf"),
    path(_SVAR + "fil/<uuid:pk>/", portal.evidence_file, name="portal_file"),
    path(_SVAR + "brist/<int:m>/", portal_answer.answer, name="portal_answer"),
    path(_SVAR + "brist/<int:m>/underlag/", portal_answer.attach, name="portal_attach"),
    path(_SVAR + "brist/<int:m>/underlag/<int:pk>/ta-bort/", portal_answer.withdraw, name="portal_withdraw"),
    path(_SVAR + "mer-tid/", portal_answer.more_time, name="portal_more_time"),
    path(_SVAR + "lamna-in/", portal_answer.submit, name="portal_submit"),
    path(_SVAR + "kvitto/<int:k>/", portal_answer.receipt, name="portal_receipt"),
    path(_BRIST, finding.finding_page, name="supervision_finding"),
    path(_BRIST + "bedom/", finding_deeds.assess, name="finding_assess"),
    path(_BRIST + "underlag/", finding_deeds.note_evidence, name="finding_evidence"),
    path(_BRIST + "skal/", finding_deeds.propose, name="finding_propose"),
    path(_BRIST + "granska/", finding_deeds.second, name="finding_second"),
    path(_BRIST + "stang/", finding_deeds.close, name="finding_close"),
    path(_BRIST + "oppna/", finding_deeds.reopen, name="finding_reopen"),
    path(_BRIST + "avsluta/", finding_deeds.end, name="finding_end"),
    path(_BRIST + "stegen/<slug:step>/", finding_deeds.step, name="finding_step"),
    path(_BRIST + "stegen/<int:pk>/slut/", finding_deeds.step_end, name="finding_step_end"),
    path(_UPP, follow_up.follow_up, name="supervision_follow_up"),
    path(_UPP + "mer-tid/<int:pk>/", follow_up.more_time, name="follow_up_more_time"),
    path(_UPP + "begar/", follow_up.ask_again, name="follow_up_ask_again"),
    path(_UPP + "overklagat/", follow_up.appealed, name="follow_up_appealed"),
    path(_UPP + "domstol/", follow_up.court_said, name="follow_up_court_said"),
    path(_UPP + "laga-kraft/", follow_up.force, name="follow_up_force"),
]
