"""Study files, read as strictly as scenarios: every problem at once, each with file, line, column and what was probably meant."""

import os
from collections.abc import Mapping
from pathlib import Path as File
from typing import Any

from sim.errors import Problem, ScenarioError, UserError
from sim.experiments.study import KINDS, OUTCOMES, OWN, SERIES, SHARED, SUMMARIES, USED, Design, Factor, Group, Study
from sim.metrics import METRICS
from sim.scenario import Scenario, load_scenario, read_scenario
from sim.scenario.document import BAD, Document, in_order
from sim.scenario.files import find as find_scenario
from sim.scenario.files import parent_file
from sim.scenario.keys import field_at
from sim.scenario.loader import split_key
from sim.scenario.presets import shipped_root
from sim.scenario.scalars import KEY, Path, Refused, dotted, shown
from sim.scenario.section import number_of
from sim.scenario.words import meant_number, nearest

KEYS = (
    *("schema", "name", "title", "description", "scenario", "set", "horizon", "design", "factors", "groups"),
    *("replicates", "seed", "luck", "outcomes", "record"),
)
FIXED = ("schema", "name", "title", "description", "seed", "replicates", "extends")
"""Keys of a scenario that a study does not vary: the study itself has them."""
MOST_POINTS = 10_000_000
MOST_SAMPLES = 1_000_000
TOLERANCE = 1e-9


def shipped_studies() -> list[str]:
    """Names of the shipped studies, sorted."""
    return sorted(path.stem for path in (shipped_root() / "studies").glob("*.yaml"))


def find(source: str | os.PathLike) -> tuple[File, str]:
    """File of a study and its name in messages: a path, or the name of a shipped study."""
    text = os.fspath(source)
    if isinstance(source, str) and text in shipped_studies():
        return shipped_root() / "studies" / f"{text}.yaml", f"{text}.yaml"
    file, label = find_scenario(File(text) if text else text)
    if not file.suffix and not file.exists():
        near = nearest(text, shipped_studies())
        raise UserError(
            f"{label}: no such file, nor a shipped study ({', '.join(shipped_studies())}){f'; did you mean {near}?' if near else ''}"
        )
    return file, label


def read(document: Document, file: File | None) -> Study:
    """Study of a document that was read from `file`; `ScenarioError` with all problems."""
    reader = _Reader(document, file)
    study = reader.study()
    if document.problems or study is None:
        raise ScenarioError(in_order(document.problems))
    return study


class _Reader:
    """Reads one document and leaves what is wrong with it in the document's problems."""

    def __init__(self, document: Document, file: File | None):
        self.document, self.file = document, file

    # --- values and where they stand ---

    def report(self, path: Path, got: str, expected: str, suggestion: str | None = None, at_key: bool = False) -> None:
        """Add a problem at the value of a path (or its key), or at the nearest place above it."""
        if any(path[:length] in self.document.refused for length in range(1, len(path) + 1)):
            return
        length = next((n for n in range(len(path), 0, -1) if path[:n] in self.document.places), 0)
        place = self.document.places.get(path[:length])
        line, column = self.document.start
        if place is not None:
            at_key = at_key or length < len(path)
            line, column = (place.key_line, place.key_column) if at_key else (place.line, place.column)
        self.document.problems.append(Problem(self.document.file, line, column, dotted(path), got, expected, suggestion))

    def value(self, path: Path, default: Any = None) -> Any:
        """Value at a path; the default where there is none or it was refused."""
        inner: Any = self.document.data
        for part in path:
            if not isinstance(inner, Mapping) or part not in inner or inner[part] is BAD:
                return default
            inner = inner[part]
        return inner

    def section(self, path: Path, known: tuple[str, ...] | None, expected: str) -> dict[str, Any]:
        """Mapping at a path; unknown keys are reported where `known` says which there are."""
        value = self.value(path, {})
        if not isinstance(value, Mapping):
            self.report(path, shown(value), expected)
            return {}
        for key in value:
            if known is not None and key not in known:
                self.report((*path, key), f"the unknown key {shown(key)}", f"one of {', '.join(known)}", nearest(key, known), at_key=True)
        return dict(value)

    def number(self, path: Path, default: Any, low: float, high: float, whole: bool = False) -> Any:
        """Number at a path within bounds."""
        value = self.value(path, default)
        number = number_of(value)
        if number is None or not low <= number <= high or (whole and not isinstance(value, int)):
            kind = f"a {'whole ' if whole else ''}number from {low:,g} to {high:,.15g}"
            self.report(path, shown(value) if value is not None else "nothing", kind, meant_number(value, low, high, whole))
            return default
        return value if whole else number

    def word(self, path: Path, default: str | None, choices: Any) -> Any:
        """One of some words."""
        value = self.value(path, default)
        if not isinstance(value, str) or value not in choices:
            near = nearest(value, choices) if isinstance(value, str) else None
            self.report(path, "nothing" if value is None else shown(value), f"one of {', '.join(choices)}", near)
            return default
        return value

    # --- the study ---

    def study(self) -> Study | None:
        """The study, or None where a problem stands in the way of going on."""
        self.section((), KEYS, "keys")
        if self.value(("schema",), 1) != 1:
            self.report(("schema",), shown(self.value(("schema",))), "1")
        name = self.value(("name",), "study")
        if not isinstance(name, str) or not KEY.fullmatch(name) or not name.strip("."):
            self.report(("name",), shown(name), "1 to 64 letters, digits, _ . -")
        title = self.section(("title",), ("en", "zh"), "a mapping with en and zh")
        description = self.value(("description",), "")
        for path, text in ((("description",), description), *((("title", key), text) for key, text in title.items())):
            if not isinstance(text, str) or len(text) > 5000:
                self.report(path, shown(text), "text of at most 5000 characters")
        design, outcomes = self._design(), self._outcomes()
        replicates = self.number(("replicates",), 1, 1, 10_000, whole=True)
        seed = self.number(("seed",), 1, 0, 2**62, whole=True)
        luck = self.word(("luck",), SHARED, (SHARED, OWN))
        record = self.word(("record",), OUTCOMES, (OUTCOMES, SERIES))
        scenario = self._scenario()
        if scenario is None or design is None:
            return None
        factors, groups = self._factors(scenario), self._groups(scenario)
        self._together(scenario, design, factors, groups)
        return Study(name, scenario, design, factors, groups, replicates, seed, luck, outcomes, record, title, description)

    def _design(self) -> Design | None:
        expected = f"a mapping with kind ({', '.join(KINDS)}) and what that needs"
        if not self.section(("design",), None, expected):
            self.report(("design",), "nothing", expected)
            return None
        kind = self.word(("design", "kind"), None, KINDS)
        if kind is None:
            return None
        self.section(("design",), ("kind", *USED[kind]), expected)
        given: dict[str, Any] = {}
        if "samples" in USED[kind]:
            given["samples"] = self.number(("design", "samples"), None, 1, MOST_SAMPLES, whole=True) or 1
        if "seed" in USED[kind]:
            given["seed"] = self.number(("design", "seed"), 1, 0, 2**32 - 1, whole=True)
        if "levels" in USED[kind]:
            given["levels"] = self.number(("design", "levels"), 4, 2, 1000, whole=True)
        if "second_order" in USED[kind]:
            given["second_order"] = self.value(("design", "second_order"), False)
            if not isinstance(given["second_order"], bool):
                self.report(("design", "second_order"), shown(given["second_order"]), "true or false")
        samples = given.get("samples", 1)
        if kind == "sobol" and samples & (samples - 1):
            self.report(
                ("design", "samples"), str(samples), "a power of 2 (else a Sobol sample is unbalanced)", str(2 ** round_log(samples))
            )
        if kind == "morris" and given["levels"] % 2:
            self.report(("design", "levels"), str(given["levels"]), "an even number of levels", str(given["levels"] + 1))
        return Design(kind, **given)

    def _outcomes(self) -> dict[str, str]:
        """Metrics to summaries; both headline metrics at the end where nothing is said."""
        path: Path = ("outcomes",)
        given = self.value(path, [name for name, metric in METRICS.items() if metric.group == "headline"])
        if not isinstance(given, (list, Mapping)) or not given:
            self.report(path, shown(given), f"a list of metrics, or a mapping of metrics to {', '.join(SUMMARIES)}")
            return {}
        found = {}
        for place, name in enumerate(given):
            at = (*path, name if isinstance(given, Mapping) else place)
            if not isinstance(name, str) or name not in METRICS:
                near = nearest(name, METRICS) if isinstance(name, str) else None
                self.report(at, shown(name), "a metric, see `sanzhi describe metrics`", near, at_key=True)
            elif name in found:
                self.report(at, f"{shown(name)} again", "each metric once")
            else:
                found[name] = self.word(at, None, SUMMARIES) if isinstance(given, Mapping) else "end"
        return found

    def _scenario(self) -> Scenario | None:
        scenario = self._named_scenario()
        changes = self.section(("set",), None, "a mapping of keys of the scenario to values")
        if scenario is None:
            return None
        if self.value(("horizon",)) is not None:
            changed = self._changed(scenario, {"horizon": self.value(("horizon",))}, lambda _: ("horizon",))
            scenario = changed or scenario
        for key, value in changes.items():
            changed = None if value is BAD else self._changed(scenario, {key: value}, lambda _, key=key: ("set", key))
            scenario = changed or scenario
        return scenario

    def _named_scenario(self) -> Scenario | None:
        source = self.value(("scenario",))
        if isinstance(source, Scenario):
            return source
        try:
            if isinstance(source, Mapping) and self.file is None:
                return read_scenario(source)
            if self.file is None and isinstance(source, str):
                return load_scenario(source)
            file, _ = parent_file(source, self.file or File("study.yaml"), self.document.file)
            return load_scenario(file)
        except Refused as refusal:
            got, _, suggestion = (*refusal.args, None)[:3]
            self.report(
                ("scenario",), got, "a scenario in the same folder as the study or below it, or the name of a shipped one", suggestion
            )
        except ScenarioError as error:
            self.document.problems += error.problems
        except UserError as error:
            self.report(("scenario",), str(error), "a scenario that can be read")
        return None

    def _changed(self, scenario: Scenario, changes: dict[str, Any], where: Any) -> Scenario | None:
        """The scenario with some keys changed; None where it refuses them, which is reported at ``where(key)``."""
        try:
            return scenario.with_changes(changes)
        except ScenarioError as error:
            for problem in error.problems:
                path = where(problem.key)
                unknown = problem.got.startswith("the unknown")
                if unknown and path[0] == "factors":
                    path = path[:2]
                self.report(path, problem.got, problem.expected, problem.suggestion, at_key=unknown)
            return None

    # --- what varies ---

    def _factors(self, scenario: Scenario) -> tuple[Factor, ...]:
        expected = "a mapping of keys of the scenario to {low: ..., high: ...} or a list of values"
        found = []
        for key in self.section(("factors",), None, expected):
            factor = self._factor(scenario, key, self.value(("factors", key)))
            found += [factor] if factor else []
        if not found and not self.value(("groups",)):
            self.report(("factors",), "nothing that varies", expected)
        return tuple(found)

    def _known(self, path: Path, key: str) -> bool:
        """Whether a study may vary a key; what the scenario says of it comes later."""
        if key in FIXED:
            self.report(path, f"the key {shown(key)}", "a key of the scenario that changes what happens", at_key=True)
        return key not in FIXED

    def _factor(self, scenario: Scenario, key: str, given: Any) -> Factor | None:
        path: Path = ("factors", key)
        if given is None or not self._known(path, key):
            return None
        if isinstance(given, Mapping):
            return self._range(scenario, key, path)
        if not isinstance(given, list) or not given:
            self.report(path, shown(given), "{low: ..., high: ...} or a list of values")
            return None
        field = field_at(split_key(key))
        as_float = number_of(scenario_value(scenario, key)) is not None and (field is None or field.annotation is not int)
        values = []
        for place, value in enumerate(given):
            if value is BAD or isinstance(value, (list, Mapping)):
                self.report((*path, place), shown(value), "a number, a word, true or false")
            elif self._changed(scenario, {key: value}, lambda _, place=place: (*path, place)):
                values.append(float(value) if as_float and isinstance(value, int) and not isinstance(value, bool) else value)
        return Factor(key, 0, len(values) - 1, tuple(values)) if len(values) == len(given) else None

    def _range(self, scenario: Scenario, key: str, path: Path) -> Factor | None:
        self.section(path, ("low", "high"), "low and high")
        bounds = [self.value((*path, name)) for name in ("low", "high")]
        for name, bound in zip(("low", "high"), bounds):
            if number_of(bound) is None:
                self.report((*path, name), "nothing" if bound is None else shown(bound), "a number")
        if any(number_of(bound) is None for bound in bounds):
            return None
        sound = [self._changed(scenario, {key: bound}, lambda _, name=name: (*path, name)) for name, bound in zip(("low", "high"), bounds)]
        if not all(sound):
            return None
        if not bounds[0] < bounds[1]:
            self.report((*path, "high"), f"{shown(bounds[1])}, no more than low", f"more than {bounds[0]:g}")
            return None
        field = field_at(split_key(key))
        whole = field is not None and field.annotation in (int, int | None)
        low, high = bounds if whole else map(float, bounds)
        return Factor(key, low, high, whole=whole)

    def _groups(self, scenario: Scenario) -> tuple[Group, ...]:
        expected = "a mapping of names to {shares: [keys], at_most: number} (or exactly: number)"
        taken = set(self.value(("factors",), {}) if isinstance(self.value(("factors",), {}), Mapping) else ())
        found = []
        for name in self.section(("groups",), None, expected):
            path: Path = ("groups", name)
            self.section(path, ("shares", "at_most", "exactly", "low"), expected)
            shares = self._shares(scenario, path, taken)
            bounds = [bound for bound in ("at_most", "exactly") if self.value((*path, bound)) is not None]
            if len(bounds) != 1:
                self.report(path, "both at_most and exactly" if bounds else "neither at_most nor exactly", "one of them")
                continue
            budget = self.number((*path, bounds[0]), None, 1e-6, 1e6)
            if budget is None or not shares:
                continue
            low = self.number((*path, "low"), 0.0, 0.0, budget / len(shares))
            group = Group(name, shares, budget, bounds[0] == "exactly", low)
            if self._corners(scenario, group, (*path, bounds[0])):
                found.append(group)
        return tuple(found)

    def _shares(self, scenario: Scenario, path: Path, taken: set[str]) -> tuple[str, ...]:
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
            elif not self._known(at, key) or not self._changed(scenario, {key: 0.0}, lambda _, at=at: at):
                sound = False
            else:
                taken.add(key)
        return tuple(given) if sound else ()

    def _corners(self, scenario: Scenario, group: Group, path: Path) -> bool:
        """Whether the scenario takes the shares where one of them has all that the others leave."""
        most = group.budget - group.low * (len(group.shares) - 1)
        for key in group.shares:
            corner = {other: most if other == key else group.low for other in group.shares}
            if not self._changed(scenario, corner, lambda _: path):
                return False
        return True

    def _together(self, scenario: Scenario, design: Design, factors: tuple[Factor, ...], groups: tuple[Group, ...]) -> None:
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
        total = sum(highest.values()) + sum(_rest(scenario, set(highest), groups))
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


def round_log(number: int) -> int:
    """Exponent of the power of 2 nearest to a number."""
    return max(0, (3 * number // 2).bit_length() - 1) if number > 1 else 0
