"""The state of a page without Solara: the scenario, its changes, and how it is shown."""

import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import yaml

from sim.dashboard import levers
from sim.dashboard.small_city import in_small_city
from sim.errors import UserError
from sim.experiments.studies.study_factors import scenario_value
from sim.messages import LANGUAGES, Joined
from sim.scenario import Scenario, load_scenario, parse_setting
from sim.scenario.export.as_file import as_file
from sim.scenario.loading.files import SUFFIXES, shipped_names

NAME = re.compile(r"\w[\w.-]{0,59}")
SHARED = ("city", "horizon", "seed", "weights")
"""Keys other than policy that a link may change: they apply to both sides, which could not be compared otherwise."""
TABS = ("curves", "why", "mix", "map", "people", "doubts", "city", "share")


@dataclass(frozen=True, eq=False)
class View:
    """Everything that a link restores. Immutable: each change gives a new view.

    Parameters
    ----------
    source : str
        Name of the scenario among those of the folder and the shipped ones.
    baseline : Scenario
        As it was loaded.
    changes : mapping
        The changes since then, by dotted key.
    """

    source: str
    baseline: Scenario
    changes: Mapping[str, Any] = field(default_factory=dict)
    lang: str = "en"
    tab: str = "curves"
    group: str = "parts"
    both: bool = False

    @cached_property
    def yours(self) -> Scenario:
        """The scenario with the changes; raises `sim.errors.ScenarioError` if they are not valid."""
        return self.baseline.with_changes(self.changes) if self.changes else self.baseline

    @cached_property
    def reference(self) -> Scenario:
        """The scenario that yours is compared with: the baseline in the same city, with your shocks if they apply to both."""
        return self.baseline.with_changes(self.of_both) if self.of_both else self.baseline

    @property
    def of_both(self) -> dict[str, Any]:
        """The changes that apply to both sides."""
        same = (*SHARED, "shocks") if self.both else SHARED
        return {key: value for key, value in self.changes.items() if key.partition(".")[0] in same}

    @cached_property
    def small_pair(self) -> tuple[Scenario, Scenario]:
        """Yours and the baseline in the small city."""
        reference = _reduced(self.reference)
        policy = {key: value for key, value in self.changes.items() if key.partition(".")[0] not in SHARED}
        return (reference.with_changes(policy) if policy else reference), reference

    def move(self, key: str, value: Any) -> "View":
        """The view with one control moved; raises `sim.errors.ScenarioError` if that is not possible."""
        changes = joined(self.changes, levers.moved(self.yours, key, value))
        changed = replace(self, changes={key: value for key, value in changes.items() if not _same(self.baseline, key, value)})
        _ = changed.yours
        return changed

    def reset(self) -> "View":
        """The view without changes."""
        return replace(self, changes={})

    def query(self) -> str:
        """The view as the query of a link."""
        pairs = [("scenario", self.source), ("lang", self.lang), ("tab", self.tab), ("group", self.group)]
        pairs += [("both", "1")] if self.both else []
        pairs += [("set", f"{key}={_flow(value)}") for key, value in self.changes.items()]
        return urlencode(pairs)

    def as_yaml(self, name: str) -> str:
        """Your scenario as a file that stands alone."""
        data = {**self.yours.as_data(), "name": name}
        return as_file(_simple(data))


def joined(changes: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Changes with new ones. A lever that is given in whole replaces its earlier changes, and later ones are added to it."""
    found = dict(changes)
    for key, value in new.items():
        head, _, rest = key.partition(".")
        lever = f"policy.{rest.partition('.')[0]}"
        whole = found.get(lever)
        if head == "policy" and isinstance(value, Mapping) and key == lever:
            found = {name: old for name, old in found.items() if not name.startswith(f"{lever}.")}
        elif head == "policy" and isinstance(whole, Mapping):
            if key == lever:
                key, value = lever, {"share": value, "split": whole["split"]}
            elif key == f"{lever}.split":
                key, value = lever, {**whole, "split": value}
        found[key] = value
    return found


@lru_cache(maxsize=32)
def _reduced(scenario: Scenario) -> Scenario:
    return in_small_city(scenario)


def _plain(scenario: Scenario, key: str) -> Any:
    if key == "shocks":
        return [shock.as_data() for shock in scenario.shocks]
    if key.endswith(".split"):
        return dict(scenario.in_shares[key.split(".")[1]]["split"])
    if key.partition(".")[0] in SHARED:  # from a link, not from a control
        return scenario_value(scenario, key)
    return levers.value_of(scenario, key)


def _same(scenario: Scenario, key: str, value: Any) -> bool:
    """Whether a scenario has a value already."""
    if key.startswith("policy.") and isinstance(value, Mapping) and not key.endswith(".split"):
        lever = key.removeprefix("policy.")
        return value in (getattr(scenario.policy, lever).as_data(scenario.money_key), scenario.in_shares[lever])
    return value == _plain(scenario, key)


def _simple(value: Any) -> Any:
    """Mappings as dicts and sequences as lists, which YAML can write."""
    if isinstance(value, Mapping):
        return {key: _simple(inner) for key, inner in value.items()}
    return [_simple(inner) for inner in value] if isinstance(value, (list, tuple)) else value


def _flow(value: Any) -> str:
    """A value as written after ``--set KEY=``."""
    return yaml.safe_dump(_simple(value), default_flow_style=True, width=10_000, allow_unicode=True).removesuffix("\n...\n").strip()


class ScenarioFolder:
    """The scenarios that a page may read and write: those of one folder, and the shipped ones. No other file is accessed.

    Parameters
    ----------
    folder : Path
        Where files are read and saved.
    """

    def __init__(self, folder: Path):
        self.folder = folder.resolve()

    def names(self) -> list[str]:
        """Files of the folder, then shipped scenarios whose names no file has."""
        try:
            files = sorted(path.name for path in self.folder.iterdir() if path.suffix in SUFFIXES and self._inside(path))
        except OSError:
            files = []
        hidden = {Path(name).stem for name in files}
        return files + [name for name in shipped_names() if name not in hidden]

    def load(self, name: str) -> Scenario:
        """A scenario by its name.

        Raises
        ------
        sim.errors.UserError
            With every problem of the file, or if there is no scenario of that name.
        """
        if name not in self.names():
            raise UserError("{name!r} is not among the scenarios here: {names}", name=name[:80], names=Joined(self.names()))
        return load_scenario(self.folder / name) if name.endswith(SUFFIXES) else load_scenario(name)

    def read(self, name: str, text: str) -> Scenario:
        """A scenario from the text of a file that the user opened in the page; it may extend shipped scenarios only."""
        label = Path(name.replace("\\", "/")).name or "scenario.yaml"
        stem = "".join(re.findall(r"[\w.-]", Path(label).stem))[:60].strip(".") or "scenario"
        with tempfile.TemporaryDirectory(prefix="sanzhi-") as folder:
            path = Path(folder) / f"{stem}.yaml"
            path.write_text(text, encoding="utf-8", errors="surrogatepass")
            try:
                return load_scenario(path)
            except UserError as error:
                text = str(error).replace(str(path), label).replace(f"{folder}/", "")
                raise UserError(text) from None

    def save(self, name: str, view: View) -> str:
        """Write your scenario into the folder without overwriting, and return the file's name.

        Raises
        ------
        sim.errors.UserError
        """
        stem = name.removesuffix(".yaml").removesuffix(".yml")
        if not NAME.fullmatch(stem):
            raise UserError("a name has letters, digits, dots, hyphens or underscores, at most 60 of them")
        path = self.folder / f"{stem}.yaml"
        try:
            with path.open("x", encoding="utf-8") as file:
                file.write(view.as_yaml(stem))
        except FileExistsError:
            raise UserError("{path} exists and is not overwritten; choose another name", path=f"{self.folder.name}/{path.name}") from None
        except OSError as error:
            raise UserError("{file}: {why}", file=path.name, why=error.strerror) from None
        return path.name

    def _inside(self, path: Path) -> bool:
        return path.is_file() and path.resolve().parent == self.folder


def view_of(query: str, scenarios: ScenarioFolder, default: View) -> View:
    """The view that a link describes; everything it does not state is taken from `default`.

    Raises
    ------
    sim.errors.UserError
        If the link refers to something that does not exist.
    """
    pairs = parse_qsl(query.removeprefix("?"))
    given = dict(pairs)
    source = given.get("scenario", default.source)
    view = default if source == default.source else replace(default, source=source, baseline=scenarios.load(source))
    view = replace(
        view,
        lang=given["lang"] if given.get("lang") in LANGUAGES else view.lang,
        tab=given["tab"] if given.get("tab") in TABS else view.tab,
        group=given.get("group", view.group),
        both=given.get("both") == "1",
        changes=dict(parse_setting(value) for key, value in pairs if key == "set"),
    )
    check_rules(view, default)
    return view


def check_rules(view: View, default: View) -> None:
    """Refuse rules in Python other than those of the scenario that the command named.

    Allowing those does not allow the rules of a link, or of a file that is opened later.

    Raises
    ------
    sim.errors.UserError
    """
    if view.yours.rules and view.yours.rules != default.baseline.rules:
        raise UserError(
            "rules in Python ({files}) run here only for the scenario that the command names: sanzhi dashboard {source} --allow-rules",
            files=Joined(dict.fromkeys(entry.file for entry in view.yours.rules)),
            source=view.source[:80],
        )
