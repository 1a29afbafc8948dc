"""Dated rules: what the law and the sources said on a given day, as reviewed data."""

from likvard.rulebook.dated import Rule, first_day
from likvard.rulebook.grading import (
    counts_in_average,
    eligibility_rule,
    eligible,
    grade_points,
    grade_scale,
    merit_rule,
    merit_value,
    needs,
    no_grade_codes,
    points_by_grade,
    scale_in_use,
)
from likvard.rulebook.lookup import names, rule, rules
from likvard.rulebook.naming import school_form, school_form_names, subject, subjects
from likvard.rulebook.places import counties, county, municipalities, municipality

__all__ = [
    "Rule",
    "counties",
    "counts_in_average",
    "county",
    "eligibility_rule",
    "eligible",
    "first_day",
    "grade_points",
    "grade_scale",
    "merit_rule",
    "merit_value",
    "municipalities",
    "municipality",
    "names",
    "needs",
    "no_grade_codes",
    "points_by_grade",
    "rule",
    "rules",
    "scale_in_use",
    "school_form",
    "school_form_names",
    "subject",
    "subjects",
]
