"""What a workbook says about a result beside its tables: title, scenarios, versions, seeds, and what its words and intervals mean."""

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.errors import UserError
from sim.experiments.experiment_result import ExperimentResult
from sim.lazy import lazily
from sim.metrics.table_words import IN_WORLDS
from sim.report.parts.experiments import titles
from sim.report.text.catalogue import listed, say
from sim.results import Run, run_of
from sim.spreadsheets import csv_of_table
from sim.version import MODEL_VERSION, VERSION

with lazily():
    from sim.experiments.comparisons import mix_worlds, over_worlds
    from sim.experiments.optimization import world_search
    from sim.report.compare import worlds as compare_worlds
    from sim.report.mix import worlds as mix_in_words
    from sim.report.optimize import worlds as optimized_worlds

if TYPE_CHECKING:
    from sim.experiments.calibration.calibrate import Calibration
    from sim.experiments.calibration.history_match import HistoryMatch
    from sim.experiments.optimization.optimize import SearchResult
    from sim.experiments.optimization.world_search import WorldSearchResult
    from sim.experiments.studies.analyze import Analysis
    from sim.experiments.validation.validate_against import Validation
    from sim.scenario import Scenario

LUCK, OF_STUDY = "luck_only", "luck_only_study"


@dataclass(frozen=True, eq=False)
class Book:
    """Content of a workbook.

    Parameters
    ----------
    kind : str
        The command that makes such a result; over plausible worlds with `sim.metrics.table_words.IN_WORLDS` at its end.
    title : str
    tables : mapping of str to DataFrame
    facts : sequence of (str, str)
        Key of a label in the catalogues, and what stands beside it.
    notes : sequence of str
        Sentences on what intervals and words mean.
    command : str, optional
        The command that was run, if it is not that of the kind.
    """

    kind: str
    title: str
    tables: Mapping[str, pd.DataFrame]
    facts: Sequence[tuple[str, str]] = ()
    notes: Sequence[str] = ()
    command: str = ""


def book_of(result: Any, lang: str) -> Book:
    """The content of a workbook of a run, the folder of one, or the result of an experiment.

    Raises
    ------
    UserError
        For anything else.
    """
    if isinstance(result, Book):
        return result
    if isinstance(result, ExperimentResult):
        return of_experiment(result, lang)
    if isinstance(result, (Run, str, os.PathLike)):
        return of_run(run_of(result), lang)
    raise UserError(
        "result: got a {kind}; expected a run, the folder of one, or what sanzhi.compare, mix, attribute or resilience returned",
        kind=type(result).__name__,
    )


def of_run(run: Run, lang: str) -> Book:
    """The content of the workbook of a run."""
    facts = [("book_scenario", run.scenario.name), *_versions(run.manifest["versions"]["model"], run.content_hash)]
    facts += [("book_seeds", seeds_text(run.seeds)), *_residents(run.manifest.get("residents"))]
    wanted = run.manifest.get("replicates", len(run.seeds))
    return Book("run", _title(run.scenario, lang), run.tables, facts, _left(len(run.seeds), wanted, lang))


def of_experiment(result: ExperimentResult, lang: str) -> Book:
    """The content of the workbook of an experiment."""
    batch, manifest = result.batch, result.manifest
    # the batches of all others have variants of the scenarios that were named
    named = titles(batch, lang) if result.kind == "compare" else {one.name: _title(one, lang) for one in result.named}
    facts = [("book_scenario", label if title == label else f"{label}: {title}") for label, title in named.items()]
    facts += _versions(manifest["versions"]["model"], manifest["content_hash"])
    facts += [("book_seeds", seeds_text(batch.seeds)), *_residents(batch.residents)]
    notes = [*_said(result, lang), *_left(batch.finished, batch.wanted, lang)]
    return Book(result.described_as, listed(named.values(), lang), result.tables, facts, notes)


def _said(result: ExperimentResult, lang: str) -> list[str]:
    """What intervals show; over plausible worlds, what the words mean."""
    if isinstance(result, mix_worlds.WorldMixResult):
        return mix_in_words.method(result, lang)
    if isinstance(result, over_worlds.WorldComparison):
        words = compare_worlds.words_said(result.batch.finished, lang)
        return [words, compare_worlds.method_said(result, lang), say("worlds_no_chance", lang)]
    return [say("worlds_no_chance" if result.batch.counts == "worlds" else LUCK, lang)]


def of_study(analysis: "Analysis", content_hash: str, lang: str) -> Book:
    """The content of the workbook of an analysed study."""
    study, counts = analysis.study, analysis.counts
    facts = [("book_scenario", study.scenario.name), *_versions(analysis.model, content_hash)]
    facts += [("book_seeds", str(study.seed)), ("book_runs", f"{counts['done']} / {counts['planned']}")]
    title = study.title.get(lang) or study.title.get("en") or study.name
    return Book("analyze", title, analysis.tables, facts, [say(OF_STUDY, lang)])


def of_search(result: "SearchResult | WorldSearchResult", lang: str) -> Book:
    """The content of the workbook of a search."""
    base = result.search.base
    facts = [("book_scenario", base.scenario.name), *_versions(MODEL_VERSION, _hash_of(result.tables)), ("book_seeds", str(base.seed))]
    facts += [("book_runs", str(int(result.tried["runs"].sum())))]
    title = base.title.get(lang) or base.title.get("en") or base.name
    if isinstance(result, world_search.WorldSearchResult):
        notes = optimized_worlds.method(result, lang)
        return Book(f"optimize{IN_WORLDS}", title, result.tables, facts, notes)
    return Book("optimize", title, result.tables, facts, [say(OF_STUDY, lang)])


def of_calibration(found: "Calibration", tables: Mapping[str, pd.DataFrame], scenario: "Scenario", lang: str) -> Book:
    """The content of the workbook of a calibration."""
    facts = [("book_scenario", scenario.name), *_versions(MODEL_VERSION, _hash_of(tables)), *_residents(found.settings["residents"])]
    return Book("calibrate", _title(scenario, lang), tables, [*facts, ("book_runs", str(found.settings["seeds"]))], [say(LUCK, lang)])


def of_history(found: "HistoryMatch", scenario: "Scenario", lang: str) -> Book:
    """The content of the workbook of history matching."""
    facts = [("book_scenario", scenario.name), *_versions(MODEL_VERSION, _hash_of(found.tables)), *_residents(found.settings["residents"])]
    return Book("history-match", _title(scenario, lang), found.tables, facts)


def of_validation(found: "Validation", lang: str) -> Book:
    """The content of the workbook of a validation against data."""
    run = found.run
    facts = [("data", found.label), ("book_scenario", run.scenario.name)]
    facts += [*_versions(run.manifest["versions"]["model"], run.content_hash), ("book_seeds", seeds_text(run.seeds))]
    return Book("validate-against", _title(run.scenario, lang), found.tables, facts, [say(LUCK, lang)])


def of_worlds(summary: str, model: str, tables: Mapping[str, pd.DataFrame]) -> Book:
    """The content of the workbook of a set of plausible worlds."""
    return Book("worlds", summary, tables, _versions(model))


def seeds_text(seeds: Sequence[int]) -> str:
    """Seeds as text, consecutive ones by their ends, with their number."""
    known = sorted(set(seeds))
    whole = len(known) > 1 and known == list(range(known[0], known[-1] + 1))
    return f"{known[0]}–{known[-1]} ({len(known)})" if whole else ", ".join(map(str, known))


def _title(scenario: "Scenario", lang: str) -> str:
    return scenario.title.get("zh" if lang == "zh" else "en") or scenario.name


def _versions(model: str, content_hash: str = "") -> list[tuple[str, str]]:
    found = [("book_model", f"{model} (sanzhi {VERSION})")]
    return [*found, ("book_hash", content_hash)] if content_hash else found


def _hash_of(tables: Mapping[str, pd.DataFrame]) -> str:
    """Equal for two results if and only if their tables have the same numbers; for results whose runs are not kept."""
    digest = hashlib.blake2b(digest_size=16)
    for name, table in tables.items():
        digest.update(name.encode() + csv_of_table(table))
    return digest.hexdigest()


def _residents(count: int | None) -> list[tuple[str, str]]:
    return [("book_residents", f"{count:,}")] if count else []


def _left(done: int, wanted: int, lang: str) -> list[str]:
    return [say("book_missing", lang, left=done, total=wanted)] if done < wanted else []
