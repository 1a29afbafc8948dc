"""What must be in place before an inspection moves on, besides what the state table asks (`Kind.gate`)."""

from __future__ import annotations

from likvard.site.cases.models import Case
from likvard.site.cases.states import Move


def check(case: Case, move: Move) -> None:
    """Raise `CaseError` if the step cannot be taken yet, with what is missing."""
