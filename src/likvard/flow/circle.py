"""The vicious circle from the lake: rows, panel, links and every unit's profile. Nothing here is released yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb
import numpy as np
import numpy.typing as npt
from scipy.stats import poisson

from likvard.flow.domains import DOMAINS, NAMES, RESULTS, TURNOVER, Grid, grid, proxies
from likvard.flow.publish_conditions import poisson as poisson_interval
from likvard.models.alarms import AlarmBudget, budget_of_p, two_sided_p
from likvard.models.circle import REACH, Circle, Estimate, circle
from likvard.models.fay_herriot import Floats
from likvard.models.panel import LEAST_UNITS, LEAST_YEARS, Panel, PanelFit, Proxy
from likvard.models.panel_fit import fit
from likvard.models.panel_scores import varies
from likvard.records.questions import domains
from likvard.records.questions.columns import Columns
from likvard.terms import ModelError, Words

LEAST_DOMAINS = 3
LEAST_SEEN = 3
"""Years in which something of a unit's domains must be seen."""

RECENT = 5
"""Years over which a unit's new principals are counted."""

RECENT_SHOWN = 3
"""Newest years that a profile tells."""

MARGIN = 0.5
"""How far from the expected, in standard deviations between units, still counts as expected. What is measured very well
would otherwise be outside at every unit."""

NAMED = (DOMAINS,)
"""The circle of the inspectorate's report, which is told whatever its strength: each domain to the next."""

ESTIMATOR = "random-intercept cross-lagged panel with measurement, maximum likelihood"

FEW_UNITS = Words(
    f"Det behövs minst {LEAST_UNITS} skolor under minst {LEAST_YEARS} läsår.",
    f"At least {LEAST_UNITS} schools over at least {LEAST_YEARS} school years are needed.",
)
FEW_DOMAINS = Words(
    f"Det behövs uppgifter om minst {LEAST_DOMAINS} av de fem områdena.",
    f"Figures on at least {LEAST_DOMAINS} of the five domains are needed.",
)
NO_END = Words(
    "Uppgifterna räcker inte för att skilja leden åt.",
    "The figures are not enough to tell the links apart.",
)


@dataclass(frozen=True, slots=True)
class Standing:
    """One domain of one unit: its distance from the expected in the newest years, above zero is the better side.

    `years` oldest first; `kept` tells for each whether it lies further off than `MARGIN`, clear of chance by one budget
    over all units, domains and years. `outside` is whether it lies on the worse side in each of the newest two, which follow
    on one another.
    """

    years: tuple[int, ...]
    differences: tuple[Estimate, ...]
    kept: tuple[bool, ...]

    @property
    def outside(self) -> bool:
        """On the worse side of the expected, clear of chance, in two years or more up to the newest."""
        if len(self.years) < 2 or self.years[-1] - self.years[-2] > 1:
            return False
        newest = zip(self.differences[-2:], self.kept[-2:], strict=True)
        return all(kept and one.value < 0 for one, kept in newest)


@dataclass(frozen=True, slots=True)
class Principals:
    """New principals of a unit in the newest years: `began` in `years` years, of `expected`.

    `difference` is a year's, in standard deviations of a year's number, above zero when fewer than expected began.
    """

    years: int
    began: int
    expected: float
    difference: Estimate
    kept: bool

    @property
    def outside(self) -> bool:
        """More than expected, clear of chance."""
        return self.kept and self.began > self.expected


@dataclass(frozen=True, slots=True)
class Profile:
    """One unit: its domains and its principals; `pupils` behind. A count of domains, never a sum of them."""

    unit: str
    organiser: str
    form: str
    year: int
    pupils: int
    domains: Mapping[str, Standing]
    principals: Principals | None

    @property
    def outside(self) -> int:
        """How many domains lie on the worse side of the expected for two years or more."""
        turnover = self.principals is not None and self.principals.outside
        return sum(one.outside for one in self.domains.values()) + turnover


@dataclass(frozen=True, eq=False)
class Worked:
    """The circle worked out: `left_out` are domains without figures, `tests` and `alarms` of the profiles' budget."""

    panel: Panel
    fit: PanelFit
    circle: Circle
    profiles: tuple[Profile, ...]
    left_out: tuple[str, ...]
    tests: int
    alarms: int

    @property
    def year(self) -> int:
        """The newest school year."""
        return self.panel.years[-1]


def worked(con: duckdb.DuckDBPyConnection, merit: Columns | None = None) -> Worked | Words:
    """Work the circle out from the lake, or say why that cannot be done.

    `merit` has unit, year, value and n of the merit value; without it published values are taken.
    """
    on = grid(con)
    if len(on.units) < LEAST_UNITS or len(on.years) < LEAST_YEARS:
        return FEW_UNITS
    panel = _panel(on, proxies(con, on, merit))
    if isinstance(panel, Words):
        return panel
    try:
        found = fit(panel, ends=[RESULTS])
    except (ModelError, np.linalg.LinAlgError):
        return NO_END
    names = panel.variables
    outside = [name for name in (RESULTS,) if name in names]
    made = circle(
        found,
        outcomes=outside,
        counted=[name for name in (TURNOVER,) if name in names],
        named=[way for way in NAMED if set(way) <= set(names)],
    )
    profiles, budget = _profiles(con, on, panel, found)
    left = tuple(name for name in (*DOMAINS, TURNOVER, RESULTS) if name not in names)
    return Worked(panel, found, made, profiles, left, budget.tests, budget.alarms)


def _panel(on: Grid, found: tuple[Proxy, ...]) -> Panel | Words:
    there = {proxy.of for proxy in found}
    if len(there & set(DOMAINS)) < LEAST_DOMAINS:
        return FEW_DOMAINS
    years = np.any([p.seen for p in found if p.of in DOMAINS], axis=0)
    rows = np.flatnonzero(years.sum(axis=1) >= LEAST_SEEN)
    if len(rows) < LEAST_UNITS:
        return FEW_UNITS
    kept = [_of_rows(proxy, rows) for proxy in found]
    variables = tuple(name for name in NAMES if any(p.of == name for p in kept if p is not None))
    return Panel(tuple(on.units[i] for i in rows), on.years, variables, tuple(p for p in kept if p is not None))


def _of_rows(proxy: Proxy, rows: npt.NDArray[np.intp]) -> Proxy | None:
    value = proxy.value[rows]
    if not np.isfinite(value).any() or float(np.nanstd(value)) == 0:
        return None
    kept = Proxy(proxy.name, proxy.of, value, proxy.error[rows], proxy.exact)
    return kept if varies(kept) else None


def _profiles(
    con: duckdb.DuckDBPyConnection, on: Grid, panel: Panel, found: PanelFit
) -> tuple[tuple[Profile, ...], AlarmBudget]:
    """Every unit's profile, with one budget for false alarms over units, domains and the newest years."""
    at = [panel.variables.index(name) for name in DOMAINS if name in panel.variables]
    names = [panel.variables[v] for v in at]
    years = slice(len(panel.years) - RECENT_SHOWN, len(panel.years))
    level, sd = found.level[:, years][:, :, at], found.sd[:, years][:, :, at]
    place = np.array([on.place[unit] for unit in panel.units], dtype=np.intp)
    lived = on.there[place]
    tested = np.where(lived[:, years, None], two_sided_p(level, np.maximum(sd, 1e-9), margin=MARGIN), np.nan)
    counted = _principals(con, on, panel)
    budget = budget_of_p(np.concatenate([tested.ravel(), counted.p]))
    kept = budget.survives[: tested.size].reshape(tested.shape)
    profiles = []
    for u, unit in enumerate(panel.units):
        shown = np.flatnonzero(lived[u, years])
        if not len(shown) or shown[-1] != RECENT_SHOWN - 1:
            continue
        standing = {
            name: Standing(
                tuple(panel.years[years][t] for t in shown),
                tuple(_normal(level[u, t, d], sd[u, t, d]) for t in shown),
                tuple(bool(kept[u, t, d]) for t in shown),
            )
            for d, name in enumerate(names)
        }
        i, pupils = place[u], on.pupils[place[u], -1]
        principals = counted.of(u, bool(budget.survives[tested.size + u]))
        behind = int(pupils) if np.isfinite(pupils) else 0
        profiles.append(
            Profile(unit, on.organisers[i], str(on.forms[i]), panel.years[-1], behind, standing, principals)
        )
    return tuple(profiles), budget


def _normal(value: float, sd: float) -> Estimate:
    return Estimate(float(value), float(value - REACH * sd), float(value + REACH * sd))


@dataclass(frozen=True, eq=False)
class _Counted:
    """New principals in the newest years by unit: how many, in how many years, expected, and the two-sided p.

    `unit` is the standard deviation of a year's number.
    """

    began: Floats
    years: Floats
    expected: Floats
    p: Floats
    unit: float = 1.0

    def of(self, u: int, kept: bool) -> Principals | None:
        if not self.years[u] > 0:
            return None
        years, began = float(self.years[u]), float(self.began[u])
        low, high = poisson_interval(began)
        value, least, most = (float(self.expected[u] - n) / (years * self.unit) for n in (began, high, low))
        return Principals(int(years), round(began), float(self.expected[u]), Estimate(value, least, most), kept)


def _principals(con: duckdb.DuckDBPyConnection, on: Grid, panel: Panel) -> _Counted:
    """Counts of the newest years; what is expected is what the panel has taken out: the form's mean, given intake."""
    if TURNOVER not in panel.variables:
        nothing = np.full(len(panel.units), np.nan)
        return _Counted(nothing, np.zeros(len(panel.units)), nothing, nothing)
    proxy = panel.of(TURNOVER)[0]
    place = np.array([on.place[unit] for unit in panel.units], dtype=np.intp)
    (raw,) = on.lay(domains.principals_began(con), "n")
    seen, raw = proxy.seen[:, -RECENT:], raw[place][:, -RECENT:]
    began = np.where(seen, raw, 0).sum(axis=1)
    expected = np.maximum(np.where(seen, raw - proxy.value[:, -RECENT:], 0).sum(axis=1), 0.01)
    p = np.minimum(2 * np.minimum(poisson.cdf(began, expected), poisson.sf(began - 1, expected)), 1)
    years = seen.sum(axis=1).astype(np.float64)
    return _Counted(began, years, expected, np.where(years > 0, p, np.nan), float(np.nanstd(proxy.value)))
