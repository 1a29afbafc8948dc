"""Addresses of inspections up to the signed decision, under /tillsyn/, and of the organiser's check of facts, under /svar/."""

from __future__ import annotations

from django.urls import URLPattern, path

from likvard.site.supervision.pages import case, checking, drafting, gathering, inspections, trigger_list

_CASE = "tillsyn/<slug:slug>"
_DECISION = f"{_CASE}/beslut/<int:number>"

inspection_urls: list[URLPattern] = [
    path("tillsyn/", inspections.mine, name="supervision_mine"),
    path("tillsyn/ny/", inspections.open_inspection, name="supervision_open"),
    path("tillsyn/signaler/", trigger_list.signals_page, name="supervision_signals"),
    path(f"{_CASE}/", case.case_page, name="supervision_case"),
    path(f"{_CASE}/risk/", case.risk_page, name="supervision_risk"),
    path(f"{_CASE}/omraden/", case.areas_page, name="supervision_areas"),
    path(f"{_CASE}/meddela/", case.notice_page, name="supervision_notice"),
    path(f"{_CASE}/kliv-av/", case.step_out_page, name="supervision_step_out"),
    path(f"{_CASE}/underlag/", gathering.basis_page, name="supervision_basis"),
    path(f"{_CASE}/underlag/signaler/", gathering.keep_signals, name="supervision_keep_signals"),
    path(f"{_CASE}/underlag/begar/", gathering.ask_for, name="supervision_ask_for"),
    path(f"{_CASE}/underlag/<int:number>/kommit/", gathering.receive, name="supervision_receive"),
    path(f"{_CASE}/underlag/<int:number>/behovs-inte/", gathering.waive, name="supervision_waive"),
    path(f"{_CASE}/besok/", gathering.visits_page, name="supervision_visits"),
    path(f"{_CASE}/besok/nytt/", gathering.plan_visit, name="supervision_plan_visit"),
    path(f"{_CASE}/besok/<int:number>/klart/", gathering.finish_visit, name="supervision_finish_visit"),
    path(f"{_CASE}/besok/<int:number>/stall-in/", gathering.cancel_visit, name="supervision_cancel_visit"),
    path(f"{_CASE}/iakttagelser/", gathering.observations_page, name="supervision_observations"),
    path(f"{_CASE}/iakttagelser/ny/", gathering.observe, name="supervision_observe"),
    path(f"{_CASE}/iakttagelser/<int:number>/ta-tillbaka/", gathering.withdraw, name="supervision_withdraw"),
    path(f"{_CASE}/beslut/nytt/", drafting.start, name="supervision_start"),
    path(f"{_DECISION}/", drafting.draft_page, name="supervision_draft"),
    path(f"{_DECISION}/las/", drafting.reading, name="supervision_reading"),
    path(f"{_DECISION}/beslut.pdf", drafting.as_pdf, name="supervision_pdf"),
    path(f"{_DECISION}/brist/ny/", drafting.which_finding, name="supervision_new_finding"),
    path(f"{_DECISION}/brist/<int:finding>/", drafting.finding_page, name="supervision_draft_finding"),
    path(f"{_DECISION}/brist/<int:finding>/ta-bort/", drafting.drop_finding, name="supervision_drop_finding"),
    path(f"{_DECISION}/faktagranska/", drafting.send_draft, name="supervision_send_draft"),
    path(f"{_DECISION}/lagg-fram/", drafting.propose, name="supervision_propose"),
    path(f"{_DECISION}/underteckna/", drafting.sign, name="supervision_sign"),
    path(f"{_DECISION}/mottaget/", drafting.received, name="supervision_received"),
    path(f"{_CASE}/faktagranskning/", checking.checks_page, name="supervision_checks"),
    path(f"{_CASE}/faktagranskning/<int:pk>/", checking.judge_remark, name="supervision_judge_remark"),
    path(f"{_CASE}/faktagranskning/avsluta/", checking.end_check, name="supervision_end_check"),
    path("svar/<slug:slug>/faktagranskning/", checking.party_page, name="supervision_party_check"),
]
