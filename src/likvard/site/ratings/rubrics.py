"""The rubric of a round: the version that holds on its day, and what of it is asked of an organiser."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from likvard.rulebook import rule, rules
from likvard.rulebook.dated import Rule
from likvard.rulebook.kinds.rubric import Criterion, Rubric
from likvard.site.cases.states import CaseError
from likvard.site.ratings.models import Rating, Round, Standing
from likvard.site.ratings.states import CANNOT, How
from likvard.site.ui.language import current

KIND = "rubric"


def rubric_on(on: date) -> Rubric:
    """The rubric that holds on a day. Raises `RuleError` where none does."""
    found: Rubric = rule(KIND, on).value
    return found


def versions() -> tuple[Rule, ...]:
    """Every version of the rubric with its days, the newest first."""
    return tuple(sorted(rules(KIND), key=lambda one: one.valid_from, reverse=True))


def rubric_of(round: Round) -> Rubric:
    """The rubric of a round."""
    return rubric_on(round.rubric_on)


def asked(rating: Rating) -> dict[str, Criterion]:
    """The criteria that the organiser is marked by, in the order of the rubric; exceptions are left out."""
    rubric, kinds = rubric_of(rating.round), rating.framed.kinds
    return {code: one for code, one in rubric.criteria.items() if rubric.applies(code, kinds)}


def changed_by_audit(rating: Rating) -> dict[str, tuple[Standing, Standing]]:
    """The level before and the level after, of each criterion that an audit changed, in the order of the rubric."""
    found: dict[str, tuple[Standing, Standing]] = {}
    stood: dict[str, Standing] = {}
    for row in rating.levels.order_by("pk"):
        before = stood.get(row.criterion)
        if row.how == How.AUDIT and before is not None and before.level != row.level:
            found[row.criterion] = (before, row)
        stood[row.criterion] = row
    return {code: found[code] for code in asked(rating) if code in found}


def open_to_reply(rating: Rating) -> dict[str, Criterion]:
    """What the organiser may reply to: every criterion, and after an audit those that it changed."""
    changed = changed_by_audit(rating) if rating.audited else None
    return {code: one for code, one in asked(rating).items() if changed is None or code in changed}


def criterion_of(rating: Rating, code: str) -> Criterion:
    """A criterion that the organiser is marked by. Raises `CaseError` for another."""
    found = asked(rating).get(code)
    if found is None:
        raise CaseError(_("The organiser is not marked by this criterion."), _("Look at the rubric."))
    return found


def level_name(rubric: Rubric, level: int | None) -> str:
    """What a level is called."""
    return str(CANNOT) if level is None else rubric.levels[level][current()]
