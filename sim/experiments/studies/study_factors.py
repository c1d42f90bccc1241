"""What varies in a study: factors and groups of shares, validated against the scenario while they are read."""

from collections.abc import Mapping
from typing import Any

from sim.errors import ScenarioError, UserError
from sim.experiments.studies.study import POLICIES, Design, Factor, Group
from sim.experiments.studies.study_reader import Reader, found
from sim.messages import Message
from sim.scenario import Scenario
from sim.scenario.loading.changing import split_key
from sim.scenario.loading.keys import kind_at
from sim.scenario.parsing.document import BAD, Document
from sim.scenario.parsing.scalars import KEY, Path, shown
from sim.scenario.schema.section import number_of
from sim.scenario.schema.spending import target_of
from sim.worlds.world_set import WORLD, read_worlds

FIXED = ("schema", "name", "title", "description", "seed", "replicates", "extends")
"""Keys of a scenario that cannot vary, since the study itself sets them."""
TOLERANCE = 1e-9
LEAST_SPAN, LEAST_SHARE = 1e-100, 1e-9
"""A range is at least this wide, and this share of its larger bound: values are distinguished to so many digits."""
MOST_POLICIES = 1000


class FactorReader(Reader):
    """Reads ``factors`` and ``groups`` of a study of `scenario`."""

    def __init__(self, document: Document, scenario: Scenario):
        super().__init__(document)
        self.scenario, self.given = self._without_shares(scenario), scenario

    def factors_and_groups(self, design: Design) -> tuple[tuple[Factor, ...], tuple[Group, ...]]:
        """Everything that varies, checked one by one and together."""
        factors, groups = self._factors(), self._groups()
        self._together(design, factors, groups)
        return factors, groups

    def policies(self, design: Design, varied: set[str]) -> dict[str, dict[str, Any]]:
        """Named policies of a study of policies: the changes of each, validated against the scenario; none may be `varied`, too."""
        expected = Message(
            "a mapping of names to what each policy changes, as in {example}", example="{present: {}, open: {stance.transparency: 0.9}}"
        )
        given = self.section(("policies",), None, expected)
        if design.kind != POLICIES:
            if given:
                self.report(("policies",), Message("policies in a design of kind {kind}", kind=design.kind), "kind: policies", at_key=True)
            return {}
        reported = any(problem.key.startswith("policies") for problem in self.document.problems)
        if not reported and not 2 <= len(given) <= MOST_POLICIES:
            self.report(("policies",), Message("{count} policies", count=len(given)), Message("2 to {most} of them", most=MOST_POLICIES))
        return {name: self._policy(name, varied) for name in given}

    def _policy(self, name: Any, varied: set[str]) -> dict[str, Any]:
        path: Path = ("policies", name)
        changes = self.section(path, None, Message("a mapping of keys of the scenario to values"))
        unknown = [key for key in changes if not self._known((*path, key), key)]
        if not isinstance(name, str) or not KEY.fullmatch(name):
            self.report(path, shown(name), Message("a name of 1 to 64 letters, digits, _ . -"), at_key=True)
        for key in changes:
            both = next((other for other in varied if f"{key}.".startswith(f"{other}.") or f"{other}.".startswith(f"{key}.")), None)
            if both:
                got, expected = Message("{key}, which varies between futures", key=both), Message("a key that is not varied elsewhere")
                self.report((*path, key), got, expected, at_key=True)
        if not unknown and BAD not in changes.values():
            alone = [self.changed(self.given, {key: value}, (*path, key)) for key, value in changes.items() if not is_amount(key)]
            if all(alone):
                self.changed(self.given, changes, path)
        return changes

    def _without_shares(self, scenario: Scenario) -> Scenario:
        """The scenario used for validation: what varies of the budget is 0, so that each is checked without the others."""
        factors, groups = (value if isinstance(value, Mapping) else {} for value in (self.value(("factors",)), self.value(("groups",))))
        shares = [self.value(("groups", name, "shares")) for name in groups]
        keys = [*factors, *(key for listed in shares if isinstance(listed, list) for key in listed)]
        levers = type(scenario.policy).model_fields
        known = [key for key in keys if isinstance(key, str) and is_amount(key) and key.split(".")[1] in levers]
        try:
            return scenario.with_changes(dict.fromkeys(known, 0.0))
        except ScenarioError:  # reported with the values of these factors
            return scenario

    def _factors(self) -> tuple[Factor, ...]:
        expected = Message("a mapping of keys of the scenario to {values}", values=Message("{low: ..., high: ...} or a list of values"))
        factors = []
        given = self.section(("factors",), None, expected)
        for key in given:
            factor = self._factor(key, self.value(("factors", key)))
            factors += [factor] if factor else []
        if given == {} == self.value(("factors",), {}) and not self.value(("groups",)):
            self.report(("factors",), Message("nothing that varies"), expected)
        return tuple(factors)

    def _known(self, path: Path, key: str) -> bool:
        """Whether a study may vary a key; its values are validated later."""
        if key in FIXED:
            got, expected = Message("the key {key}", key=shown(key)), Message("a key of the scenario that affects the simulation")
            self.report(path, got, expected, at_key=True)
        return key not in FIXED

    def _factor(self, key: str, given: Any) -> Factor | None:
        path: Path = ("factors", key)
        if given is None or not self._known(path, key):
            return None
        if key == WORLD:
            return self._worlds(given, path)
        if isinstance(given, Mapping):
            return self._range(key, path)
        if not isinstance(given, list) or not given:
            self.report(path, shown(given), Message("{low: ..., high: ...} or a list of values"))
            return None
        as_float = self._is_float(key)
        values = []
        for place, value in enumerate(given):
            if value is BAD or value is None or isinstance(value, (list, Mapping)):
                self.report((*path, place), shown(value), Message("a number, a word, true or false"))
            elif self.changed(self.scenario, {key: value}, (*path, place)):
                values.append(float(value) if as_float and isinstance(value, int) and not isinstance(value, bool) else value)
        return Factor(key, 0, len(values) - 1, tuple(values)) if len(values) == len(given) else None

    def _worlds(self, given: Any, path: Path) -> Factor | None:
        """Numbers of plausible worlds of the package's set: a list, or all from low to high."""
        try:
            known = [world.number for world in read_worlds()]
        except UserError as error:
            self.report(path, Message("worlds"), error.message, at_key=True)
            return None
        ranged = isinstance(given, Mapping) and set(given) == {"low", "high"}
        asked = [given["low"], given["high"]] if ranged else given if isinstance(given, list) else []
        if not asked or any(type(one) is not int or one not in known for one in asked) or (ranged and asked[0] >= asked[1]):
            self.report(path, shown(given), Message("numbers of worlds from {low} to {high}", low=known[0], high=known[-1]))
            return None
        return Factor(WORLD, asked[0], asked[1], whole=True) if ranged else Factor(WORLD, 0, len(asked) - 1, tuple(asked))

    def _is_float(self, key: str) -> bool:
        """Whether a key takes decimal numbers; if no field states it, as for a lever or a split, judged by the current value."""
        kind = kind_at(split_key(key))
        if kind in (int, bool, str, float):
            return kind is float
        return isinstance(scenario_value(self.scenario, key), float)

    def _range(self, key: str, path: Path) -> Factor | None:
        self.section(path, ("low", "high"), Message("low and high"))
        bounds = [self.value((*path, name)) for name in ("low", "high")]
        for name, bound in zip(("low", "high"), bounds):
            if number_of(bound) is None:
                self.report((*path, name), found(bound), Message("a number"))
        if any(number_of(bound) is None for bound in bounds):
            return None
        sound = [self.changed(self.scenario, {key: bound}, (*path, name)) for name, bound in zip(("low", "high"), bounds)]
        if not all(sound):
            return None
        if not bounds[0] < bounds[1]:
            got = Message("{high}, no more than low", high=shown(bounds[1]))
            self.report((*path, "high"), got, Message("more than {low:g}", low=bounds[0]))
            return None
        least = max(LEAST_SPAN, LEAST_SHARE * max(map(abs, bounds)))
        if bounds[1] - bounds[0] < least:
            expected = Message("at least {least} more than low, so that values in between can be distinguished", least=f"{least:.1g}")
            self.report((*path, "high"), Message("{high}, next to low", high=shown(bounds[1])), expected)
            return None
        whole = kind_at(split_key(key)) is int
        low, high = bounds if whole else map(float, bounds)
        return Factor(key, low, high, whole=whole)

    def _groups(self) -> tuple[Group, ...]:
        expected = Message("a mapping of names to {shares: [keys], at_most: number} (or exactly: number)")
        taken = set(self.value(("factors",), {}) if isinstance(self.value(("factors",), {}), Mapping) else ())
        groups = []
        for name in self.section(("groups",), None, expected):
            path: Path = ("groups", name)
            self.section(path, ("shares", "at_most", "exactly", "low"), expected)
            shares = self._shares(path, taken)
            bounds = [bound for bound in ("at_most", "exactly") if self.value((*path, bound)) is not None]
            if len(bounds) != 1:
                got = Message("both at_most and exactly" if bounds else "neither at_most nor exactly")
                self.report(path, got, Message("one of them"))
                continue
            budget = self.number((*path, bounds[0]), None, 1e-6, 1e6)
            if budget is None or not shares:
                continue
            low = self.number((*path, "low"), 0.0, 0.0, budget / len(shares))
            group = Group(name, shares, budget, bounds[0] == "exactly", low)
            if self._corners(group, (*path, bounds[0])):
                groups.append(group)
        return tuple(groups)

    def _shares(self, path: Path, taken: set[str]) -> tuple[str, ...]:
        """Keys of a group, none of which may vary elsewhere; empty if there is a problem."""
        given = self.value((*path, "shares"))
        if not isinstance(given, list) or len(given) < 2:
            self.report((*path, "shares"), found(given), Message("a list of two keys or more"))
            return ()
        sound = True
        for place, key in enumerate(given):
            at = (*path, "shares", place)
            if not isinstance(key, str) or key in taken:
                self.report(at, shown(key), Message("a key that is not varied elsewhere"))
                sound = False
            elif not self._known(at, key) or not self.changed(self.scenario, {key: 0.0}, at):
                sound = False
            else:
                taken.add(key)
        return tuple(given) if sound else ()

    def _corners(self, group: Group, path: Path) -> bool:
        """Whether the scenario accepts the corners, where one share has everything that the others leave."""
        most = group.budget - group.low * (len(group.shares) - 1)
        for key in group.shares:
            block = {other: most if other == key else group.low for other in group.shares}
            if not self.changed(self.scenario, block, path):
                return False
        return True

    def _together(self, design: Design, factors: tuple[Factor, ...], groups: tuple[Group, ...]) -> None:
        """Checks that need all factors together."""
        if design.kind == "simplex" and not groups:
            example = "{budget: {shares: [...], at_most: 1}}"
            self.report(("groups",), Message("no group"), Message("a group of shares, as in {example}; or kind: lhs", example=example))
        if design.kind == "list":
            lengths = {len(factor.values) for factor in factors}
            if groups or 0 in lengths or len(lengths) > 1:
                got = Message("ranges, groups or lists of different lengths")
                self.report(("factors",), got, Message("lists of one length, taken row by row"))
            return
        self._affordable(factors)
        shares = [factor for factor in factors if is_share(factor.key)]
        highest = {factor.key: max(factor.values) if factor.values else factor.high for factor in shares}
        total = sum(highest.values()) + sum(_rest(self.given, set(highest), groups))
        if shares and total > 1 + TOLERANCE:
            example = f"groups: {{budget: {{shares: [{', '.join(highest)}], at_most: ...}}}}"
            group = Message("shares that sum to at most 1; declare them as a group: {example}", example=example)
            got = Message("shares of the budget that can sum to {total:.4g}", total=total)
            self.report(("factors", shares[0].key), got, group, at_key=True)

    def _affordable(self, factors: tuple[Factor, ...]) -> None:
        """Check that money and staff that vary can be paid for when all of them, and all shares, are at their highest."""
        amounts = {factor.key: max(factor.values) if factor.values else factor.high for factor in factors if is_amount(factor.key)}
        natural = [key for key in amounts if not is_share(key)]
        if natural:
            self.changed(self.given, amounts, ("factors", natural[0]))


def is_amount(key: str) -> bool:
    """Whether a key says how much a lever or an instrument gets: a share of the budget, money or staff."""
    parts = target_of(key).split(".")
    return parts[0] == "policy" and len(parts) in (2, 3) and "split" not in parts


def is_share(key: str) -> bool:
    """Whether a key is a lever's share of the budget."""
    parts = key.split(".")
    return parts[0] == "policy" and (len(parts) == 2 or parts[2:] == ["share"])


def _rest(scenario: Scenario, varied: set[str], groups: tuple[Group, ...]) -> list[float]:
    """The largest sum of each group of shares, and the shares that do not vary."""
    levers = {key.split(".")[1] for key in (*varied, *(key for group in groups for key in group.shares)) if is_share(key)}
    fixed = [share for lever, share in scenario.shares.items() if lever not in levers]
    return [group.budget for group in groups if any(is_share(key) for key in group.shares)] + fixed


def scenario_value(scenario: Scenario, key: str) -> Any:
    """Value of a dotted key in a scenario, or None; for a lever, its share."""
    inner: Any = scenario.as_data()
    for part in split_key(key):
        try:
            inner = inner[part]
        except (KeyError, IndexError, TypeError):
            return None
    if isinstance(inner, Mapping) and key.removeprefix("policy.") in scenario.shares:
        return scenario.shares[key.removeprefix("policy.")]
    return inner["share"] if isinstance(inner, Mapping) and "share" in inner else inner
