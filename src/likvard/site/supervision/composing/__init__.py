"""From a decision to its documents: one source, the decision as a text, in plain words, and as bare facts."""

from likvard.site.supervision.composing.decision import decision_text
from likvard.site.supervision.composing.parts import Parts
from likvard.site.supervision.composing.plain import facts, plain_text

__all__ = ["Parts", "decision_text", "facts", "plain_text"]
