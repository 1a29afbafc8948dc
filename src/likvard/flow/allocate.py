"""An allocation round from a file: units written in it or taken from the lake, the money shared, the files written."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from likvard.allocation import memo, sensitivity, staleness
from likvard.allocation.compare import Compared, Follows, compare, little_known, unseen_need
from likvard.allocation.errors import AllocationError
from likvard.allocation.page import Picture, html
from likvard.allocation.reasons import reason
from likvard.allocation.round import Input, Round, Selection, Unit, from_yaml
from likvard.allocation.sensitivity import Range, Sensitivity, Variant
from likvard.allocation.share import Outcome, Row, allocate
from likvard.allocation.staleness import Calibration
from likvard.disclosure.cells import Released
from likvard.disclosure.publication import Publication
from likvard.figures.figure import Source
from likvard.figures.formats import day
from likvard.figures.insight.money import MoneyRow, of_round
from likvard.figures.standalone import svg
from likvard.flow.publish import current
from likvard.flow.register import OrganiserRow, Register, UnitRow, register
from likvard.terms import Audience, Language, OrganiserKind, SchoolForm, Words

NEED, UNSEEN, STATED, MONEY = "need_index", "need_unseen", "need_index_stated", "crowns_per_pupil"
"""Measures of a publication that a round rests on."""

COUNTED: Mapping[SchoolForm, str] = {SchoolForm.PRESCHOOL_CLASS: "pupils_preschool_class"}
"""Where the number of pupils stands; `pupils` for other forms. Where it is not told, as many as the need or the money is of."""


@dataclass(frozen=True)
class Taken:
    """A round whose units are known: where they are from, if they are invented, and schools without known pupils.

    `earlier` is the index of the two years before by unit code, where there is one; `calibration` how the model fits.
    """

    round: Round
    publication: str = ""
    synthetic: bool = False
    left_out: tuple[str, ...] = ()
    earlier: Mapping[int, Mapping[str, float]] = field(default_factory=dict)
    calibration: Calibration | None = None


@dataclass(frozen=True)
class Shared:
    """A round with its money shared, as of a day, and everything that is told about it.

    `doubt` is what each unit, by code, would get with its own index at either end of its interval.
    """

    taken: Taken
    outcome: Outcome
    compared: Compared
    sensitivity: Sensitivity
    doubt: Mapping[str, Range]
    on: date

    @property
    def round(self) -> Round:
        """The round, with its units."""
        return self.taken.round


def share_out(file: Path, *, lake: Path, on: date) -> Shared:
    """Read a round from `file` and share its money. The lake is opened only if the round takes its units from there.

    Raises `AllocationError` for what is wrong in the file, for a lake that lacks what is asked for, and for an impossible wish.
    """
    read = from_yaml(file)
    taken = from_lake(read, read.lake, lake) if read.lake is not None else Taken(read)
    outcome = allocate(taken.round.units, taken.round.rule)
    variants = (*_other_years(taken), *sensitivity.usual(taken.round.units, taken.round.rule))
    doubt = {one.code: one for one in sensitivity.by_doubt(taken.round.units, taken.round.rule)}
    return Shared(taken, outcome, compare(outcome), sensitivity.sensitivity(outcome, variants), doubt, on)


def _other_years(taken: Taken) -> Iterable[Variant]:
    """The same round with the model's index of earlier years."""
    rule = replace(taken.round.rule, source="model")
    for year, need in sorted(taken.earlier.items(), reverse=True):
        units = sensitivity.with_need(taken.round.units, need)
        yield Variant(Words(f"indexet från {year}", f"the index of {year}"), units, replace(rule, of_year=year))


def from_lake(round: Round, chosen: Selection, lake: Path) -> Taken:
    """Fill the round with units of the newest publication, as the public may see them: grounds must be open to all."""
    path = current(lake)
    if path is None:
        raise AllocationError(
            Words("Sjön har ingen publicering.", "The lake has no publication."),
            Words("Kör likvard publish först.", "Run likvard publish first."),
        )
    publication = Publication.open(path)
    try:
        return _taken(round, chosen, register(lake), publication)
    finally:
        publication.close()


def _taken(round: Round, chosen: Selection, known: Register, publication: Publication) -> Taken:
    kinds = {organiser.number: organiser for organiser in known.organisers}
    schools = _schools(round, chosen, known, kinds)
    read = _Reader.of(publication, [school.code for school in schools], chosen, round.calendar_year)
    found = [_unit(school, kinds.get(school.organiser), read, chosen.form) for school in schools]
    units = tuple(unit for unit in found if unit is not None)
    if not units:
        raise AllocationError(
            Words("Publiceringen har inget elevantal för skolorna.", "The publication has no pupils of these schools."),
            Words("Välj en annan form eller huvudman.", "Choose another form or organiser."),
        )
    of_year = round.rule.of_year or read.years.get(STATED if round.rule.source == "stated" else NEED)
    filled = replace(
        round,
        lake=None,
        units=units,
        rule=replace(round.rule, of_year=of_year),
        inputs=(*round.inputs, *_inputs(publication, read, chosen.form)),
    )
    left = tuple(school.name for school, unit in zip(schools, found, strict=True) if unit is None)
    fits = _calibration(publication, chosen.form)
    return Taken(filled, publication.id, publication.synthetic, left, read.earlier, fits)


def _calibration(publication: Publication, form: SchoolForm) -> Calibration | None:
    """How the model of need fits the newest results, as the publication tells it."""
    told = publication.facts.get("need", {}).get(form, {}).get("calibration")
    return None if not told else Calibration(*(float(told[name]) for name in ("slope", "low", "high")))


def _schools(round: Round, chosen: Selection, known: Register, kinds: Mapping[str, OrganiserRow]) -> list[UnitRow]:
    """The running schools of the form: the organiser's own, and the independent ones in its municipality."""
    owner = kinds.get(round.organiser)
    if owner is None:
        raise AllocationError(
            Words(f"Sjön har ingen huvudman {round.organiser}.", f"The lake has no organiser {round.organiser}."),
            Words("Ange ett organisationsnummer med tio siffror.", "Give an organisation number of ten digits."),
        )
    last = max((unit.last_year for unit in known.units), default=0)

    def takes_part(unit: UnitRow) -> bool:
        runs = unit.last_year == last and unit.status in ("", "active") and chosen.form in unit.forms
        theirs = kinds.get(unit.organiser)
        guest = theirs is not None and theirs.kind == OrganiserKind.INDEPENDENT and not chosen.own_only
        near = bool(owner.municipality_code) and unit.municipality_code == owner.municipality_code
        return runs and (unit.organiser == round.organiser or (guest and near))

    return [unit for unit in known.units if takes_part(unit)]


@dataclass(frozen=True)
class _Reader:
    """The newest public cells of each measure by unit, and the year they are of."""

    cells: Mapping[str, Mapping[str, Released]]
    years: Mapping[str, int]
    counted: str
    earlier: Mapping[int, Mapping[str, float]]

    @classmethod
    def of(cls, publication: Publication, codes: Sequence[str], chosen: Selection, calendar_year: int) -> _Reader:
        counted = COUNTED.get(chosen.form, "pupils")
        found = publication.cells(
            Audience.PUBLIC,
            measure=(NEED, UNSEEN, STATED, MONEY, counted),
            aspect="observed",
            subject="",
            group="all",
            level="unit",
            areas=codes,
            form=chosen.form,
        )
        cells: dict[str, dict[int, dict[str, Released]]] = {}
        for key, published in found.items():
            latest = calendar_year - 1 if key.measure == MONEY else chosen.year or calendar_year
            if int(key.year) <= latest:
                cells.setdefault(key.measure, {}).setdefault(int(key.year), {})[key.area] = published.cell
        years = {measure: max(by_year) for measure, by_year in cells.items()}
        newest = {measure: cells[measure][year] for measure, year in years.items()}
        return cls(newest, years, counted, _earlier(cells.get(NEED, {})))

    def of_unit(self, measure: str, code: str) -> Released | None:
        """The cell of a unit, None where there is none or it has no value."""
        cell = self.cells.get(measure, {}).get(code)
        return None if cell is None or cell.value is None else cell

    def pupils(self, code: str) -> float | None:
        """The unit's pupils: as told, else as many as its need or its money is of."""
        told = self.of_unit(self.counted, code)
        if told is not None:
            return told.value
        others = (self.of_unit(measure, code) for measure in (NEED, MONEY))
        return next((float(cell.n) for cell in others if cell is not None and cell.n), None)


def _earlier(by_year: Mapping[int, Mapping[str, Released]]) -> Mapping[int, Mapping[str, float]]:
    """The index of the two years before the newest, by unit, where the unit has one."""
    return {
        year: {code: cell.value for code, cell in by_year[year].items() if cell.value is not None}
        for year in sorted(by_year)[-3:-1]
    }


def _unit(school: UnitRow, owner: OrganiserRow | None, read: _Reader, form: SchoolForm) -> Unit | None:
    pupils = read.pupils(school.code)
    need, unseen, stated, money = (read.of_unit(m, school.code) for m in (NEED, UNSEEN, STATED, MONEY))
    if not pupils:
        return None
    paid = money is not None and money.value is not None and money.n
    return Unit(
        code=school.code,
        name=school.name,
        pupils=pupils,
        need=need.value if need else None,
        organiser_kind=OrganiserKind(owner.kind) if owner and owner.kind else OrganiserKind.MUNICIPAL,
        form=form,
        need_low=need.low if need else None,
        need_high=need.high if need else None,
        unseen=unseen.value if unseen else None,
        stated=stated.value if stated else None,
        last=round(money.value * money.n) if paid else None,  # type: ignore[union-attr, operator]
        last_pupils=float(money.n) if paid else None,  # type: ignore[union-attr, arg-type]
    )


_NEED = Words("Behovsindex", "Need index")
_STATED = Words("Statistikmyndighetens index", "The statistics office's index")
_CHECKED = Words("Modellen prövad mot resultat", "Model checked against results")
_MONEY = Words("Kronor året före", "Crowns of the year before")
_PUPILS = Words("Antal elever", "Number of pupils")


def _inputs(publication: Publication, read: _Reader, form: SchoolForm) -> Iterable[Input]:
    """What the units rest on: the model's own inputs as the publication tells them, when it was checked, and the rest.

    Pupils are counted on 15 October.
    """
    facts: Mapping[str, Any] = publication.facts.get("need", {}).get(form, {})
    told = [Input(Words(one["sv"], one["en"]), int(one["year"])) for one in facts.get("inputs", {}).values()]
    if NEED in read.years:
        yield from told or [Input(_NEED, read.years[NEED])]
        yield Input(_CHECKED, max((int(cohort) for cohort in facts.get("checked_on", {})), default=None))
    if STATED in read.years:
        yield Input(_STATED, read.years[STATED])
    if read.counted in read.years:
        yield Input(_PUPILS, date(read.years[read.counted], 10, 15))
    if MONEY in read.years:
        yield Input(_MONEY, read.years[MONEY])


def document(shared: Shared) -> dict[str, Any]:
    """Everything about the round as plain data, for JSON."""
    outcome, round = shared.outcome, shared.round
    return {
        "name": asdict(round.name),
        "calendar_year": round.calendar_year,
        "organiser": round.organiser,
        "on": shared.on.isoformat(),
        "publication": shared.taken.publication,
        "synthetic": shared.taken.synthetic,
        "rule": asdict(outcome.rule),
        "frame": outcome.frame,
        "bound": outcome.bound,
        "shift": outcome.shift,
        "per_point": outcome.per_point,
        "messages": [asdict(words) for words in outcome.messages],
        "units": [_row(row, shared) | {"reason": asdict(reason(row, outcome.rule))} for row in outcome.rows],
        "follows": {name: _follows(getattr(shared.compared, name)) for name in ("now", "proposed", "full")},
        "moved": shared.compared.moved,
        "unseen_need": [_about(one.unit, one.why) | {"need": one.need} for one in unseen_need(outcome.rows)],
        "little_known": [_about(one.unit, one.why) | {"unseen": one.unseen} for one in little_known(outcome.rows)],
        "inputs": [_age(found) for found in staleness.ages(round.inputs, shared.on)],
        "calibration": None if shared.taken.calibration is None else asdict(shared.taken.calibration),
        "sensitivity": [
            asdict(one.name) | {"moved": one.moved, "share": one.share, "impossible": one.instead is not None}
            for one in shared.sensitivity.variants
        ],
        "left_out": list(shared.taken.left_out),
    }


def _row(row: Row, shared: Shared) -> dict[str, Any]:
    unit = row.unit
    return {
        "code": unit.code,
        "name": unit.name,
        "organiser_kind": str(unit.organiser_kind),
        "form": str(unit.form),
        "pupils": unit.pupils,
        "need": row.need,
        "crowns": row.crowns,
        "crowns_low": shared.doubt[unit.code].low,
        "crowns_high": shared.doubt[unit.code].high,
        "base": row.base,
        "by_need": row.by_need,
        "set_apart": row.set_apart,
        "by_limits": row.by_limits,
        "full": row.full,
        "per_pupil": row.per_pupil,
        "last": unit.last,
        "change": row.change,
        "change_per_pupil": row.change_per_pupil,
        "limit": row.limit,
    }


def _follows(found: Follows) -> dict[str, Any]:
    return {"slope": found.slope, "rank_correlation": found.rank, "units": found.units}


def _about(unit: Unit, why: Words) -> dict[str, Any]:
    return {"code": unit.code, "name": unit.name, "why": asdict(why)}


def _age(found: staleness.Age) -> dict[str, Any]:
    of = found.input.of
    return {
        "name": asdict(found.input.name),
        "of": of.isoformat() if isinstance(of, date) else of,
        "months": found.months,
        "state": found.state,
    }


def write(shared: Shared, out: Path) -> tuple[Path, ...]:
    """Write the memo as a page in each language, the rows as CSV and everything as JSON; return the files' paths."""
    out.mkdir(parents=True, exist_ok=True)
    stem = f"allocation-{shared.round.organiser}-{shared.round.calendar_year}"
    calibration = shared.taken.calibration
    told = memo.content(
        shared.round, shared.outcome, shared.on, sensitivity=shared.sensitivity, calibration=calibration
    )
    at = next(i for i, block in enumerate(told) if isinstance(block, memo.Table) and block.total) - 1
    blocks = (*told[:at], *_picture(shared), *told[at:])
    about = Words(*(f"{day(shared.on, language)}{_from(shared, language)}" for language in Language))
    pages = {language: f"{stem}_{language}.html" for language in Language}
    for language, name in pages.items():
        twin = next(file for said, file in pages.items() if said is not language)
        page = html(shared.round.name, about, blocks, language, synthetic=shared.taken.synthetic, twin=twin)
        (out / name).write_text(page, encoding="utf-8")
    plain = document(shared)
    (out / f"{stem}.json").write_text(json.dumps(plain, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    _write_rows(out / f"{stem}.csv", [_row(row, shared) for row in shared.outcome.rows])
    return (*(out / name for name in pages.values()), out / f"{stem}.json", out / f"{stem}.csv")


def _picture(shared: Shared) -> tuple[Picture, ...]:
    """Money against need at all schools whose need is known, as far as the public may see it; nothing if none is."""
    outcome = shared.outcome
    rows = [
        MoneyRow(
            code=point.unit.code,
            name=point.unit.name,
            pupils=point.unit.pupils,
            need=point.need,
            now=point.now,
            proposed=point.proposed,
        )
        for point in shared.compared.points
    ]
    if not rows:
        return ()
    pupils = sum(row.unit.pupils for row in outcome.rows)
    mean = sum(row.full - row.set_apart for row in outcome.rows) / pupils
    figure = of_round(
        rows,
        on=shared.on,
        subtitle=Words(f"{len(rows)} skolor, 100 är snittet i ramen", f"{len(rows)} schools, 100 is the frame's mean"),
        sources=(Source(shared.round.name, str(outcome.rule.of_year or shared.on.year)),),
        full=(mean - 100 * outcome.per_point, outcome.per_point),
        named=frozenset(one.unit.code for one in unseen_need(outcome.rows)),
    )
    drawn = Words(*(svg(figure, language, synthetic=shared.taken.synthetic) for language in Language))
    alt = Words(
        "Kronor per elev mot behov, skola för skola. Samma uppgifter står i tabellen.",
        "Crowns a pupil against need, school by school. The same figures stand in the table.",
    )
    return (Picture(drawn, alt),)


def _from(shared: Shared, language: Language) -> str:
    if not shared.taken.publication:
        return ""
    word = "publicering" if language is Language.SV else "publication"
    return f" · {word} {shared.taken.publication}"


def _write_rows(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
