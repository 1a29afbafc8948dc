"""Open a round, make versions of it, take it back, drop it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from likvard.allocation.reasons import reason as reason_for
from likvard.allocation.round import Rule
from likvard.allocation.share import Row
from likvard.site.cases.states import CaseError
from likvard.site.cases.timing import day_of
from likvard.site.people.models import Organiser, Unit, User
from likvard.site.resources import permissions, rules, weighed
from likvard.site.resources.actions.holding import check_shown, hold, tell
from likvard.site.resources.basis import Taken, money_year
from likvard.site.resources.models import Round, Share, Version
from likvard.terms import Words


@transaction.atomic
def open_round(
    *, organiser: Organiser, year: int, form: str, body: str, rule: Rule, taken: Taken, by: User, at: datetime,
    planned_on: date | None = None,
) -> Round:  # fmt: skip
    """Open a round with its first version. One that follows on a decided one of the same year and form says so."""
    # There is no round to lock yet: of two who open the same one at once the second waits, and is then told of the first.
    organiser = Organiser.objects.select_for_update().get(pk=organiser.pk)
    held, earlier = permissions.check_can_open(by, organiser, year, form, on=day_of(at))
    same = Round.objects.of(organiser.number).filter(year=year, form=form).count()
    made = Round.objects.create(
        organiser=organiser, year=year, form=form, slug=rules.slug_of(year, form, same + 1), body=body,
        follows=earlier, planned_on=planned_on, made_at=at, made_by=by,
    )  # fmt: skip
    _version(made, taken, rule, _("The first draft."), by, at)
    tell("opened", made, by=by, held=held, at=at, data={"follows": earlier.slug if earlier else ""})
    return made


@transaction.atomic
def make_version(
    *, round: Round, rule: Rule, taken: Taken, why: str, by: User, at: datetime, shown: int | None = None
) -> Version:
    """Make a new version by a rule and a basis, beside the one that was `shown`. The earlier ones stay as they are."""
    round = hold(round)
    held = permissions.check_can_change(by, round, on=day_of(at))
    check_shown(round, shown)
    if not why.strip():
        raise CaseError(_("A reason is needed."), _("Write it: it stays in the record."))
    made = _version(round, taken, rule, why.strip(), by, at)
    tell("version_made", round, by=by, held=held, at=at, reason=made.why, data={"version": made.number, **made.data})
    return made


def _version(round: Round, taken: Taken, rule: Rule, why: str, by: User, at: datetime) -> Version:
    rule = replace(rule, of_year=taken.of_year)
    outcome = weighed.weigh(taken.units, rule).outcome
    made = Version.objects.create(
        round=round, number=round.versions.count() + 1, data=rules.rule_data(rule),
        inputs_data=rules.inputs_data(taken.inputs), facts=dict(taken.facts), publication=taken.publication,
        published_on=taken.published_on, synthetic=taken.synthetic, frame=outcome.frame, why=why, at=at, by=by,
    )  # fmt: skip
    areas = dict(Unit.objects.filter(code__in=[u.code for u in taken.units]).values_list("code", "area"))
    earlier, since = _earlier(round), money_year(taken.inputs)
    Share.objects.bulk_create(
        _share(made, row, areas.get(row.unit.code, ""), reason_for(row, rule, earlier.get(row.unit.code), since=since))
        for row in outcome.rows
    )
    return made


def _earlier(round: Round) -> Mapping[str, Row]:
    """What each school got in the round of the year before, if one was decided."""
    before = Round.objects.of(round.organiser_id).filter(year=round.year - 1, form=round.form).decided()
    found = before.order_by("-id").first()
    if found is None:
        return {}
    return {row.unit.code: row for row in weighed.of_version(found.newest).outcome.rows}


def _share(version: Version, row: Row, area: str, words: Words) -> Share:
    unit = row.unit
    return Share(
        version=version, unit_id=unit.code, name=unit.name, kind=unit.organiser_kind.value, area=area, pupils=unit.pupils,
        need=unit.need, need_low=unit.need_low, need_high=unit.need_high, unseen=unit.unseen, stated=unit.stated,
        last=unit.last, last_pupils=unit.last_pupils, set_apart=unit.set_apart, crowns=row.crowns, by_need=row.by_need, full=row.full,
        limit=row.limit, reason_sv=words.sv, reason_en=words.en,
    )  # fmt: skip


@transaction.atomic
def back(*, round: Round, reason: str, by: User, at: datetime) -> Round:
    """Take a round that is out for views back to a draft. What schools said of the version stays."""
    return _moved(round, "rework", reason, by, at, views_until=None)


@transaction.atomic
def drop(*, round: Round, reason: str, by: User, at: datetime) -> Round:
    """Drop a round that will not be decided."""
    return _moved(round, "drop", reason, by, at)


def _moved(round: Round, code: str, reason: str, by: User, at: datetime, **fields: object) -> Round:
    round = hold(round)
    way, held = permissions.check_can_move(by, round, code, on=day_of(at))
    if not reason.strip():
        raise CaseError(_("A reason is needed."), _("Write it: it stays in the record."))
    for name, value in {"state": way.to, **fields}.items():
        setattr(round, name, value)
    round.save()
    tell("dropped" if code == "drop" else "taken_back", round, by=by, held=held, at=at, reason=reason.strip())
    return round
