"""Study files, read as strictly as scenarios: all problems at once, each with file, line, column and a suggestion."""

import os
from collections.abc import Mapping
from pathlib import Path as File
from typing import Any

from pydantic_core import PydanticCustomError

from sim.errors import ScenarioError, UserError
from sim.experiments.studies.study import KINDS, OUTCOMES, OWN, SERIES, SHARED, SUMMARIES, USED, Design, Study
from sim.experiments.studies.study_factors import FactorReader, is_share
from sim.experiments.studies.study_reader import Reader
from sim.messages import Joined, Message, with_suggestion
from sim.metrics import METRICS, metrics_of
from sim.scenario import Scenario, load_scenario, read_scenario
from sim.scenario.cities.shipped import shipped_root
from sim.scenario.loading.files import find as find_scenario
from sim.scenario.loading.files import parent_file, read_bytes
from sim.scenario.parsing import names
from sim.scenario.parsing.document import BAD, Document, read_document
from sim.scenario.parsing.names import name_after
from sim.scenario.parsing.paths import exists, path_of
from sim.scenario.parsing.scalars import Path, Refused, shown
from sim.scenario.schema import bilingual
from sim.suggestions import nearest

RUN_STORE = "study.sqlite"
"""The file that identifies the folder of a study."""
MARKS = ("scenario", "design", "search", "factors", "groups", "futures", "policies")
"""Keys that a study or a search has, but a scenario does not."""
KEYS = (
    *("schema", "name", "title", "description", "scenario", "set", "horizon", "design", "factors", "groups"),
    *("replicates", "seed", "luck", "outcomes", "record", "policies"),
)
LONGEST_TITLE = 5000
MOST_SAMPLES = 1_000_000
MOST_TRAJECTORIES = 10_000
"""Maximum of Morris' method, which needs tens: as many as SALib computes in seconds."""


def shipped_studies() -> list[str]:
    """Names of the shipped studies, sorted."""
    return sorted(path.stem for path in (shipped_root() / "studies").glob("*.yaml"))


def find(source: str | os.PathLike) -> tuple[File, str]:
    """File of a study and its name in messages: a path, or the name of a shipped study."""
    if not isinstance(source, (str, os.PathLike)):
        raise UserError("study: got a {kind}; expected a file or the name of a shipped study", kind=type(source).__name__)
    text = os.fspath(source)
    if isinstance(source, str) and text in shipped_studies():
        return shipped_root() / "studies" / f"{text}.yaml", f"{text}.yaml"
    file, label = find_scenario(path_of(text) if isinstance(text, str) and text.strip() else text)
    if not file.suffix and not exists(file):
        near = nearest(text, shipped_studies())
        message = Message("{file}: no such file, nor a shipped study ({names})", file=label, names=Joined(shipped_studies()))
        raise UserError(with_suggestion(message, near))
    return file, label


def document_of(source: str | os.PathLike) -> tuple[Document, File]:
    """Document of a study or a search, named after its file by default, and that file."""
    file, label = find(source)
    document = read_document(read_bytes(file, label), label)
    name_after(document, file)
    return document, file


def kind_of(source: str | os.PathLike) -> str:
    """Kind of a file, a shipped name or a folder of results: "study", "search" or, if unclear, "scenario"."""
    if (File(source) / RUN_STORE).is_file():
        return "study"
    try:
        data = document_of(source)[0].data
    except UserError:
        return "scenario"
    return "search" if "search" in data else "study" if any(key in data for key in MARKS) else "scenario"


def load_study(source: str | os.PathLike) -> Study:
    """Load a study.

    Parameters
    ----------
    source : str or path
        A YAML file, or the name of a shipped study.

    Raises
    ------
    sim.errors.ScenarioError
        With every problem of the file, and of the scenario it names, at once.
    sim.errors.UserError
        When there is no such file, or it cannot be read.
    """
    return read(*document_of(source))


def make_study(data: Mapping[str, Any]) -> Study:
    """Study from plain data.

    Parameters
    ----------
    data : mapping
        The keys of a study file; ``scenario`` may also be a `Scenario` or a scenario's own data.

    Raises
    ------
    sim.errors.ScenarioError
        With every problem of the study and of its scenario at once.
    sim.errors.UserError
        For anything but a mapping.
    """
    if not isinstance(data, Mapping):
        raise UserError("study: got a {kind}; expected a mapping with the keys of a study file", kind=type(data).__name__)
    return read(Document("study", {"name": "study", **data}), None)


def read(document: Document, file: File | None) -> Study:
    """Study of a document that was read from `file`; `ScenarioError` with all problems."""
    reader = _StudyReader(document, file)
    study = reader.study()
    document.check()
    assert study is not None  # without a study there is always a problem
    return study


def acquaint(document: Document, file: File | None) -> None:
    """Load the scenario that a document names, so that the metrics of its plug-ins are known; its problems are reported elsewhere."""
    _StudyReader(Document(document.file, dict(document.data)), file)._named_scenario()


class _StudyReader(Reader):
    """Reads a study; `file` is its file, None for plain data."""

    def __init__(self, document: Document, file: File | None):
        super().__init__(document)
        self.file = file

    def study(self) -> Study | None:
        """The study, or None if a problem prevents reading further."""
        self.section((), KEYS, Message("keys"))
        if self.value(("schema",), 1) != 1:
            self.report(("schema",), shown(self.value(("schema",))), "1")
        name = self.value(("name",), "study")
        if not names.good(name):
            self.report(("name",), shown(name), names.EXPECTED, names.tidy(name) if isinstance(name, str) else None)
        title = self.section(("title",), ("en", "zh"), Message("a mapping with {keys}", keys=Joined(("en", "zh"), " and ")))
        description = self._description()
        for path, text in ((("title", key), text) for key, text in title.items()):
            if not isinstance(text, str) or len(text) > LONGEST_TITLE:
                self.report(path, shown(text), Message("text of at most {most} characters", most=LONGEST_TITLE))
        design = self._design()
        scenario = self._scenario()  # before the outcomes, which may be metrics of the scenario's plug-ins
        outcomes = self._outcomes(scenario)
        replicates = self.number(("replicates",), 1, 1, 10_000, whole=True)
        seed = self.number(("seed",), 1, 0, 2**62, whole=True)
        luck = self.word(("luck",), SHARED, (SHARED, OWN))
        record = self.word(("record",), OUTCOMES, (OUTCOMES, SERIES))
        if scenario is None or design is None:
            return None
        reader = FactorReader(self.document, scenario)
        factors, groups = reader.factors_and_groups(design)
        policies = reader.policies(design, {*(f.key for f in factors), *(key for group in groups for key in group.shares)})
        return Study(name, scenario, design, factors, groups, replicates, seed, luck, outcomes, record, title, description, policies)

    def _description(self) -> bilingual.Text:
        """The description, in one language or both."""
        given = self.value(("description",), "")
        try:
            return bilingual.description(given)
        except PydanticCustomError as error:
            self.report(("description",), *((error.context or {})[name] for name in ("got", "expected")))
            return ""

    def _design(self) -> Design | None:
        expected = Message("a mapping with kind ({kinds}) and what that needs", kinds=Joined(KINDS))
        if not self.section(("design",), None, expected):
            self.report(("design",), Message("nothing"), expected)
            return None
        kind = self.word(("design", "kind"), None, KINDS)
        if kind is None:
            return None
        self.section(("design",), ("kind", *USED[kind]), expected)
        given: dict[str, Any] = {}
        if "samples" in USED[kind]:
            most = MOST_TRAJECTORIES if kind == "morris" else MOST_SAMPLES
            given["samples"] = self.number(("design", "samples"), None, 1, most, whole=True) or 1
        if "seed" in USED[kind]:
            given["seed"] = self.number(("design", "seed"), 1, 0, 2**32 - 1, whole=True)
        if "levels" in USED[kind]:
            given["levels"] = self.number(("design", "levels"), 4, 2, 1000, whole=True)
        if "second_order" in USED[kind]:
            given["second_order"] = self.value(("design", "second_order"), False)
            if not isinstance(given["second_order"], bool):
                self.report(("design", "second_order"), shown(given["second_order"]), Message("true or false"))
        samples = given.get("samples", 1)
        if kind == "sobol" and samples & (samples - 1):
            expected = Message("a power of 2 (else a Sobol sample is unbalanced)")
            self.report(("design", "samples"), str(samples), expected, str(2 ** round_log(samples)))
        if kind == "morris" and given["levels"] % 2:
            self.report(("design", "levels"), str(given["levels"]), Message("an even number of levels"), str(given["levels"] + 1))
        return Design(kind, **given)

    def _outcomes(self, scenario: Scenario | None) -> dict[str, str]:
        """Metrics to summaries; by default the final values of both headline metrics."""
        if scenario is None and any(problem.key.startswith("plugins") for problem in self.document.problems):
            return {}  # its metrics are not known
        known = METRICS if scenario is None else metrics_of(scenario)
        path: Path = ("outcomes",)
        given = self.value(path, [name for name, metric in METRICS.items() if metric.group == "headline"])
        if not isinstance(given, (list, Mapping)) or not given:
            expected = Message("a list of metrics, or a mapping of metrics to {summaries}", summaries=Joined(SUMMARIES))
            self.report(path, shown(given), expected)
            return {}
        found = {}
        for place, name in enumerate(given):
            at = (*path, name if isinstance(given, Mapping) else place)
            if not isinstance(name, str) or name not in known:
                near = nearest(name, known) if isinstance(name, str) else None
                self.report(at, shown(name), Message("a metric, see `sanzhi describe metrics`"), near, at_key=True)
            elif name in found:
                self.report(at, Message("{name} again", name=shown(name)), Message("each metric once"))
            else:
                found[name] = self.word(at, None, SUMMARIES) if isinstance(given, Mapping) else "end"
        return found

    def _scenario(self) -> Scenario | None:
        scenario = self._named_scenario()
        changes = {key: value for key, value in self._changes().items() if value is not BAD}
        if scenario is None or not changes:
            return scenario
        try:
            return scenario.with_changes(changes)
        except ScenarioError as error:
            for problem in error.problems:
                where = self._cause(problem.key, changes)
                self.report(where, problem.got, problem.expected, problem.suggestion, at_key=problem.at_key)
        return scenario

    def _changes(self) -> dict[str, Any]:
        """Changes of ``set`` and ``horizon``, applied together so that their order does not matter; each key may appear in one form
        only."""
        changes = self.section(("set",), None, Message("a mapping of keys of the scenario to values"))
        for key in [key for key in changes if is_share(key) and f"{key}.share" in changes]:
            got = Message("the same share as {key}", key=key)
            self.report(("set", f"{key}.share"), got, Message("one of the two"), at_key=True)
            del changes[f"{key}.share"]
        horizon = self.value(("horizon",))
        if horizon is not None and "horizon" in changes:
            got = Message("a horizon, which the study also states outside set")
            self.report(("set", "horizon"), got, Message("one of the two"), at_key=True)
        return changes | ({"horizon": horizon} if horizon is not None else {})

    def _cause(self, key: str, changes: Mapping[str, Any]) -> Path:
        """Location of the change that causes a problem at a key of the scenario."""
        near = [one for one in changes if f"{key}.".startswith(f"{one}.")] or [one for one in changes if one.startswith(f"{key}.")]
        if not near:
            return ("horizon",) if self.value(("horizon",)) is not None else ("set",)
        longest = max(near, key=len)
        return ("set", longest) if longest in self.value(("set",), {}) else (longest,)

    def _named_scenario(self) -> Scenario | None:
        source = self.value(("scenario",))
        if isinstance(source, Scenario):
            return source
        try:
            if isinstance(source, Mapping) and self.file is None:
                return read_scenario(source)
            if self.file is None and isinstance(source, (str, os.PathLike)):
                return load_scenario(source)
            file, _ = parent_file(source, self.file or File("study.yaml"), self.document.file)
            return load_scenario(file)
        except Refused as refusal:
            got, _, suggestion = (*refusal.args, None)[:3]
            expected = Message("a scenario in the same folder as the study or below it, or the name of a shipped one")
            self.report(("scenario",), got, expected, suggestion)
        except ScenarioError as error:
            self.document.problems += error.problems
        except UserError as error:
            self.report(("scenario",), error.message, Message("a scenario that can be read"))
        return None


def round_log(number: int) -> int:
    """Exponent of the power of 2 nearest to a number."""
    return max(0, (3 * number // 2).bit_length() - 1) if number > 1 else 0
