"""What varies in a study: factors and groups of shares, tried on the scenario while they are read."""

from collections.abc import Mapping
from typing import Any

from sim.experiments.study import Design, Factor, Group
from sim.experiments.study_reader import Reader
from sim.scenario import Scenario
from sim.scenario.document import BAD, Document
from sim.scenario.keys import field_at
from sim.scenario.loader import split_key
from sim.scenario.scalars import Path, shown
from sim.scenario.section import number_of

FIXED = ("schema", "name", "title", "description", "seed", "replicates", "extends")
"""Keys of a scenario that a study does not vary: the study itself has them."""
TOLERANCE = 1e-9


class FactorReader(Reader):
    """Reads ``factors`` and ``groups`` of a study of `scenario`."""

    def __init__(self, document: Document, scenario: Scenario):
        super().__init__(document)
        self.scenario, self.given = self._without_shares(scenario), scenario

    def factors_and_groups(self, design: Design) -> tuple[tuple[Factor, ...], tuple[Group, ...]]:
        """All that varies, checked one by one and together."""
        factors, groups = self._factors(), self._groups()
        self._together(design, factors, groups)
        return factors, groups

    def _without_shares(self, scenario: Scenario) -> Scenario:
        """The scenario to try values on: shares of the budget that vary are nothing there, so that each is tried without the others."""
        factors, groups = (value if isinstance(value, Mapping) else {} for value in (self.value(("factors",)), self.value(("groups",))))
        shares = [self.value(("groups", name, "shares")) for name in groups]
        keys = [*factors, *(key for listed in shares if isinstance(listed, list) for key in listed)]
        levers = type(scenario.policy).model_fields
        known = [key for key in keys if isinstance(key, str) and is_share(key) and key.split(".")[1] in levers]
        return scenario.with_changes(dict.fromkeys(known, 0.0))

    def _factors(self) -> tuple[Factor, ...]:
        expected = "a mapping of keys of the scenario to {low: ..., high: ...} or a list of values"
        found = []
        given = self.section(("factors",), None, expected)
        for key in given:
            factor = self._factor(key, self.value(("factors", key)))
            found += [factor] if factor else []
        if given == {} == self.value(("factors",), {}) and not self.value(("groups",)):
            self.report(("factors",), "nothing that varies", expected)
        return tuple(found)

    def _known(self, path: Path, key: str) -> bool:
        """Whether a study may vary a key; what the scenario says of it comes later."""
        if key in FIXED:
            self.report(path, f"the key {shown(key)}", "a key of the scenario that changes what happens", at_key=True)
        return key not in FIXED

    def _factor(self, key: str, given: Any) -> Factor | None:
        path: Path = ("factors", key)
        if given is None or not self._known(path, key):
            return None
        if isinstance(given, Mapping):
            return self._range(key, path)
        if not isinstance(given, list) or not given:
            self.report(path, shown(given), "{low: ..., high: ...} or a list of values")
            return None
        field = field_at(split_key(key))
        as_float = number_of(scenario_value(self.scenario, key)) is not None and (field is None or field.annotation is not int)
        values = []
        for place, value in enumerate(given):
            if value is BAD or isinstance(value, (list, Mapping)):
                self.report((*path, place), shown(value), "a number, a word, true or false")
            elif self.changed(self.scenario, {key: value}, (*path, place)):
                values.append(float(value) if as_float and isinstance(value, int) and not isinstance(value, bool) else value)
        return Factor(key, 0, len(values) - 1, tuple(values)) if len(values) == len(given) else None

    def _range(self, key: str, path: Path) -> Factor | None:
        self.section(path, ("low", "high"), "low and high")
        bounds = [self.value((*path, name)) for name in ("low", "high")]
        for name, bound in zip(("low", "high"), bounds):
            if number_of(bound) is None:
                self.report((*path, name), "nothing" if bound is None else shown(bound), "a number")
        if any(number_of(bound) is None for bound in bounds):
            return None
        sound = [self.changed(self.scenario, {key: bound}, (*path, name)) for name, bound in zip(("low", "high"), bounds)]
        if not all(sound):
            return None
        if not bounds[0] < bounds[1]:
            self.report((*path, "high"), f"{shown(bounds[1])}, no more than low", f"more than {bounds[0]:g}")
            return None
        field = field_at(split_key(key))
        whole = field is not None and field.annotation in (int, int | None)
        low, high = bounds if whole else map(float, bounds)
        return Factor(key, low, high, whole=whole)

    def _groups(self) -> tuple[Group, ...]:
        expected = "a mapping of names to {shares: [keys], at_most: number} (or exactly: number)"
        taken = set(self.value(("factors",), {}) if isinstance(self.value(("factors",), {}), Mapping) else ())
        found = []
        for name in self.section(("groups",), None, expected):
            path: Path = ("groups", name)
            self.section(path, ("shares", "at_most", "exactly", "low"), expected)
            shares = self._shares(path, taken)
            bounds = [bound for bound in ("at_most", "exactly") if self.value((*path, bound)) is not None]
            if len(bounds) != 1:
                self.report(path, "both at_most and exactly" if bounds else "neither at_most nor exactly", "one of them")
                continue
            budget = self.number((*path, bounds[0]), None, 1e-6, 1e6)
            if budget is None or not shares:
                continue
            low = self.number((*path, "low"), 0.0, 0.0, budget / len(shares))
            group = Group(name, shares, budget, bounds[0] == "exactly", low)
            if self._corners(group, (*path, bounds[0])):
                found.append(group)
        return tuple(found)

    def _shares(self, path: Path, taken: set[str]) -> tuple[str, ...]:
        """Keys of a group, none of which may vary elsewhere; empty where something is wrong."""
        given = self.value((*path, "shares"))
        if not isinstance(given, list) or len(given) < 2:
            self.report((*path, "shares"), "nothing" if given is None else shown(given), "a list of two keys or more")
            return ()
        sound = True
        for place, key in enumerate(given):
            at = (*path, "shares", place)
            if not isinstance(key, str) or key in taken:
                self.report(at, shown(key), "a key that varies nowhere else")
                sound = False
            elif not self._known(at, key) or not self.changed(self.scenario, {key: 0.0}, at):
                sound = False
            else:
                taken.add(key)
        return tuple(given) if sound else ()

    def _corners(self, group: Group, path: Path) -> bool:
        """Whether the scenario takes the shares where one of them has all that the others leave."""
        most = group.budget - group.low * (len(group.shares) - 1)
        for key in group.shares:
            corner = {other: most if other == key else group.low for other in group.shares}
            if not self.changed(self.scenario, corner, path):
                return False
        return True

    def _together(self, design: Design, factors: tuple[Factor, ...], groups: tuple[Group, ...]) -> None:
        """What shows only when factors are seen together."""
        if design.kind == "simplex" and not groups:
            self.report(("groups",), "no group", "a group of shares, as in {budget: {shares: [...], at_most: 1}}; or kind: lhs")
        if design.kind == "list":
            lengths = {len(factor.values) for factor in factors}
            if groups or 0 in lengths or len(lengths) > 1:
                self.report(("factors",), "ranges, groups or lists of different lengths", "lists of one length, taken row by row")
            return
        shares = [factor for factor in factors if is_share(factor.key)]
        highest = {factor.key: max(factor.values) if factor.values else factor.high for factor in shares}
        total = sum(highest.values()) + sum(_rest(self.given, set(highest), groups))
        if shares and total > 1 + TOLERANCE:
            keys = ", ".join(highest)
            group = f"shares that sum to at most 1; declare them as a group: groups: {{budget: {{shares: [{keys}], at_most: ...}}}}"
            self.report(("factors", shares[0].key), f"shares of the budget that can sum to {total:.4g}", group, at_key=True)


def is_share(key: str) -> bool:
    """Whether a key is a lever's share of the budget."""
    parts = key.split(".")
    return parts[0] == "policy" and (len(parts) == 2 or parts[2:] == ["share"])


def _rest(scenario: Scenario, varied: set[str], groups: tuple[Group, ...]) -> list[float]:
    """The largest sum of each group of shares, and the shares that do not vary."""
    levers = {key.split(".")[1] for key in (*varied, *(key for group in groups for key in group.shares)) if is_share(key)}
    fixed = [getattr(scenario.policy, lever).share for lever in type(scenario.policy).model_fields if lever not in levers]
    return [group.budget for group in groups if any(is_share(key) for key in group.shares)] + fixed


def scenario_value(scenario: Scenario, key: str) -> Any:
    """Value of a dotted key in a scenario, None where it has none; of a lever, its share."""
    inner: Any = scenario.as_data()
    for part in split_key(key):
        try:
            inner = inner[part]
        except (KeyError, IndexError, TypeError):
            return None
    return inner["share"] if isinstance(inner, Mapping) and "share" in inner else inner
