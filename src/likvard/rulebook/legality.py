"""Whether an instrument may be used so: the limits of 26 kap. skollagen, as reasons that a person can read. Pure.

Everything known of an instrument is data of the rulebook (`instruments`, `inspections`); this module compares a use with it.
A use without faults is not thereby right: whether a breach is minor or serious remains a person's judgement.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from likvard.rulebook.clocks import after
from likvard.rulebook.kinds.supervision import Appeal, Inspection, Instrument, Kind, Limit, Span
from likvard.rulebook.lookup import rule
from likvard.terms import OrganiserKind, Words

AUDIT = "audit"
INJUNCTION = "injunction"
REMARK = "remark"
REFRAIN = "refrain"
ESTABLISHMENT = "establishment"


@dataclass(frozen=True, slots=True)
class Use:
    """How an instrument is to be used in a finding.

    `instrument` is a key of the rulebook's instruments, empty in an audit; `on` the day whose law governs it, `decided` the day
    of the decision (the same, if not given). `earlier_injunction_on` is the day of the injunction on which a sanction rests,
    `earlier_serious` whether that concerned a serious irregularity, `earlier_not_followed` whether it was left undone.
    `refrain` says which point of 26 kap. 12 § holds; `consultation_failed` that of 26 kap. 13 § second paragraph.
    """

    instrument: str
    on: date
    organiser_kind: OrganiserKind
    inspection_type: str
    fine: int | None = None
    no_fine_reason: str = ""
    hinders_goals: bool = False
    serious: bool = False
    measures: int = 0
    due: date | None = None
    until: date | None = None
    decided: date | None = None
    refrain: str = ""
    judgement: int | None = None
    earlier_injunction_on: date | None = None
    earlier_serious: bool = False
    earlier_not_followed: bool = False
    consultation_failed: bool = False

    @property
    def day(self) -> date:
        """The day of the decision."""
        return self.decided or self.on


def needs_fine(instrument: str, *, hinders_goals: bool) -> bool:
    """Whether the Inspectorate *shall* attach a fine, unless there are special reasons (26 kap. 27 § second sentence).

    So it is for an injunction by 26 kap. 10 § on a deficiency that seriously impedes the pupils' chances to reach the goals.
    """
    return instrument == INJUNCTION and hinders_goals


def may_appeal(instrument: str, *, on: date, fine: int | None = None) -> bool | None:
    """Whether a decision by this instrument can be appealed (28 kap. 2 and 18 §§); None where that is not known."""
    if not instrument:
        return False
    found: Instrument = rule(f"instruments:{instrument}", on).value
    answers = {Appeal.YES: True, Appeal.NO: False, Appeal.WITH_FINE: fine is not None, Appeal.UNKNOWN: None}
    return answers[found.appeal]


def instruments_for(inspection_type: str, *, on: date, organiser_kind: OrganiserKind) -> tuple[str, ...]:
    """The keys of the instruments that a finding in such an inspection may have, against such an organiser.

    An audit has none: it ends in judgements and areas to develop (26 kap. 19-23 §§).
    """
    known: Mapping[str, Instrument] = rule("instruments", on).value
    return tuple(
        key
        for key, found in known.items()
        if not _wrong_inspection(key, found, inspection_type, on)
        and found.kind is not Kind.INFORMATION
        and organiser_kind in found.organisers
    )


def not_in_force(provisions: Iterable[str], *, on: date) -> tuple[str, ...]:
    """Those provisions, by key, that had no wording on the day."""
    known = rule("provisions", on).value
    return tuple(key for key in provisions if key not in known)


def faults(instrument: str, **use: object) -> tuple[Words, ...]:
    """Why this instrument cannot be used so; empty if the rulebook has nothing against it.

    `use` are the other fields of `Use`; `on`, `organiser_kind` and `inspection_type` must be given.
    """
    return faults_of(Use(instrument, **use))  # type: ignore[arg-type]


def faults_of(use: Use) -> tuple[Words, ...]:
    """Why an instrument cannot be used so; empty if the rulebook has nothing against it. Source: 26 kap. skollagen."""
    if not use.instrument:
        return tuple(_judgement(use))
    known: Mapping[str, Instrument] = rule("instruments", use.on).value
    if use.instrument not in known:
        return (Words("Instrumentet fanns inte den dagen.", "The instrument did not exist on that day."),)
    found = known[use.instrument]
    checks = (_place, _fine, _content, _grounds, _time)
    return tuple(fault for check in checks for fault in check(use, found))


def _judgement(use: Use) -> Iterator[Words]:
    if use.inspection_type != AUDIT:
        yield Words("Välj ett ingripande, eller ”ingen brist”.", "Choose an instrument, or “no deficiency”.")
    elif use.judgement is None:
        yield Words("Välj ett steg på skalan.", "Choose a step of the scale.")
    if use.fine is not None or use.serious:
        yield Words(
            "En bedömning av kvalitet har varken vite eller allvarligt missförhållande.",
            "A judgement of quality has neither a fine nor a serious irregularity.",
        )


def _wrong_inspection(key: str, found: Instrument, inspection_type: str, on: date) -> Words | None:
    inspection: Inspection = rule(f"inspections:{inspection_type}", on).value
    if inspection_type == AUDIT and key != "audit_information_order":
        return Words(
            "En kvalitetsgranskning prövar inte laglighet och slutar inte i ett ingripande (26 kap. 19–23 §§ skollagen).",
            "A quality audit does not judge legality and does not end in an intervention (26:19–23 of the Education Act).",
        )
    if key == "audit_information_order" and inspection_type != AUDIT:
        return Words("Används bara i en kvalitetsgranskning.", "Used only in a quality audit.")
    if found.kind in (Kind.FINDING, Kind.NONE) and key not in inspection.outcomes and inspection_type != AUDIT:
        return Words(
            f"{inspection.name.sv.capitalize()} kan inte sluta i {found.name.sv}.",
            f"{inspection.name.en.capitalize()} cannot end in: {found.name.en}.",
        )
    return None


def _place(use: Use, found: Instrument) -> Iterator[Words]:
    wrong = _wrong_inspection(use.instrument, found, use.inspection_type, use.on)
    if wrong is not None:
        yield wrong
    if use.organiser_kind not in found.organisers:
        yield Words(
            f"{found.name.sv.capitalize()} kan inte riktas mot den här typen av huvudman.",
            f"{found.name.en.capitalize()} cannot be used against this kind of organiser.",
        )
    if use.judgement is not None:
        yield Words("Tillsyn har ingen skala för kvalitet.", "Supervision has no scale of quality.")


def _fine(use: Use, found: Instrument) -> Iterator[Words]:
    if use.fine is not None and not found.may_carry_fine:
        yield Words(
            f"{found.name.sv.capitalize()} kan aldrig förenas med vite (26 kap. 27 § skollagen).",
            f"{found.name.en.capitalize()} can never carry a fine (26:27 of the Education Act).",
        )
    if use.fine is not None and use.fine < 1:
        yield Words("Ange vitet i hela kronor.", "State the fine in whole crowns.")
    due_fine = needs_fine(use.instrument, hinders_goals=use.hinders_goals)
    if due_fine and use.fine is None and not use.no_fine_reason.strip():
        yield Words(
            "Bristen försvårar allvarligt för eleverna att nå målen. Föreläggandet ska förenas med vite, om det inte "
            "finns särskilda skäl (26 kap. 27 § skollagen). Ange vite eller skälen.",
            "The deficiency seriously impedes the pupils' chances to reach the goals. The injunction shall carry a fine, "
            "unless there are special reasons (26:27 of the Education Act). State the fine or the reasons.",
        )


def _content(use: Use, found: Instrument) -> Iterator[Words]:
    if found.needs_measures and use.measures < 1:
        yield Words(
            "Ange vilka åtgärder huvudmannen ska vidta (26 kap. 10 § skollagen).",
            "State the measures that the organiser shall take (26:10 of the Education Act).",
        )
    if use.instrument == REMARK and (use.serious or use.hinders_goals):
        yield Words(
            "En anmärkning är för mindre allvarliga överträdelser (26 kap. 11 § skollagen).",
            "A remark is for less serious breaches (26:11 of the Education Act).",
        )
    if use.instrument == REFRAIN and not use.refrain:
        yield Words(
            "Ange varför Skolinspektionen avstår: ringa, rättat eller särskilda skäl (26 kap. 12 § skollagen).",
            "State why the Inspectorate refrains: minor, rectified or special reasons (26:12 of the Education Act).",
        )
    if use.refrain == "minor" and use.serious:
        yield Words("Ett allvarligt missförhållande är inte ringa.", "A serious irregularity is not minor.")


def _grounds(use: Use, found: Instrument) -> Iterator[Words]:
    if found.needs_serious and not use.serious:
        yield Words("Det krävs ett allvarligt missförhållande.", "It takes a serious irregularity.")
    consulted = use.instrument == "revocation" and use.inspection_type == ESTABLISHMENT and use.consultation_failed
    if found.needs_injunction and not consulted and not (use.earlier_injunction_on and use.earlier_not_followed):
        yield Words("Det krävs ett föreläggande som inte har följts.", "It takes an injunction that was not followed.")
    if found.within_months is not None and not _recent(use, found.within_months):
        yield Words(
            f"Det krävs ett föreläggande om ett allvarligt missförhållande inom {found.within_months} månader före beslutet.",
            f"It takes an injunction on a serious irregularity within {found.within_months} months before the decision.",
        )


def _recent(use: Use, months: int) -> bool:
    earlier = use.earlier_injunction_on
    if earlier is None or not use.earlier_serious:
        return False
    return earlier <= use.day <= after(earlier, Limit(months, Span.MONTHS))


def _time(use: Use, found: Instrument) -> Iterator[Words]:
    if found.max_months is None and use.until is not None:
        yield Words("Ingripandet har ingen slutdag.", "The instrument has no last day.")
    if found.max_months is not None:
        last = after(use.day, Limit(found.max_months, Span.MONTHS))
        if use.until is None or not use.day <= use.until <= last:
            yield Words(
                f"Ange en sista dag, senast {last}: högst {found.max_months} månader (26 kap. 18 § skollagen).",
                f"State a last day, no later than {last}: at most {found.max_months} months (26:18 of the Education Act).",
            )
    if found.followed_up and use.due is None:
        yield Words("Ange när bristen ska vara avhjälpt.", "State by when the deficiency is to be remedied.")
    if use.due is not None and use.due < use.day:
        yield Words("Dagen ligger före beslutet.", "The day lies before the decision.")
