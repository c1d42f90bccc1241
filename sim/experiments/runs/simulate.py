"""Simulate one scenario, as often as asked, and hand back one `Run`.

Replicates differ by their seed only: ``seed, seed + 1, ...``. A replicate that fails is recorded with its seed and its error, and
the others are kept. Neither the number of workers nor of threads changes a single bit of the result.
"""

import contextlib
import datetime
import functools
import hashlib
import importlib.metadata
import math
import os
import platform
import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.experiments.arguments import MOST_WORKERS, replicates_of, seed_of, whole, workers_of
from sim.experiments.runs.pool import WAITING, Outcome, Tick, failure, run_jobs
from sim.messages import Joined, Message
from sim.results import ATTRIBUTION, Run
from sim.version import MODEL_VERSION, VERSION

if TYPE_CHECKING:
    from sim.arrow import Columns
    from sim.scenario import Scenario
    from sim.simulation import Simulation

CHUNK_SECONDS = 0.2
"""How long the model runs between two looks at Ctrl-C and the progress bar."""
BESIDE_KERNELS = ("simulation.py", "rules.py", "experiments/studies/worker.py", "metrics/*.py", "metrics/*.csv")
"""Files beside those with kernels that the numbers of a result hang on."""

Progress = Callable[[int, int], None]
"""Called with the weeks simulated so far, over all replicates, and their total."""


@dataclass(frozen=True, eq=False)
class Replicate:
    """One replicate: its tables, the hash of its history and final state, and how long it took."""

    seed: int
    tables: "dict[str, Columns]"
    content_hash: str
    residents: int
    seconds: float


class RunsFailed(Exception):
    """Raised when no replicate finished; `failures` holds ``{"seed", "error"}`` of each."""

    def __init__(self, failures: list[dict[str, Any]]):
        self.failures = failures
        super().__init__(Joined((Message("seed {seed}: {error}", seed=f["seed"], error=f["error"]) for f in failures), "; "))


class Interrupted(KeyboardInterrupt):
    """Raised after Ctrl-C; `run` holds the replicates that had finished, or None."""

    def __init__(self, run: Run | None):
        self.run = run
        super().__init__("interrupted")


def simulate(
    scenario: "Scenario | str | os.PathLike",
    seed: int | None = None,
    replicates: int | None = 1,
    workers: int | None = 1,
    threads: int = 1,
    progress: Progress | None = None,
    attribution: bool = False,
) -> Run:
    """Simulate a scenario.

    Parameters
    ----------
    scenario : Scenario, path or str
        A str is a file or the name of a shipped scenario.
    seed : int, optional
        Seed of the first replicate; the scenario's own by default.
    replicates : int, optional
        How many, with seeds ``seed, seed + 1, ...``; None is the scenario's own number.
    workers : int, optional
        Processes; 1 stays in this one, None is as many as processors.
    threads : int
        Threads of a replicate when there is one process.
    progress : callable, optional
        Called with weeks done and weeks in all.
    attribution : bool
        Also book which mechanism moved what, into ``run.attribution``. Everything else stays the same to the last bit.

    Returns
    -------
    Run
        Not yet written: see `sim.write_run`. ``run.manifest["failures"]`` lists the replicates that failed.

    Raises
    ------
    UserError
        When the scenario cannot be built, or an argument is none.
    RunsFailed
        When no replicate finished.
    Interrupted
        A `KeyboardInterrupt` that carries the replicates that had finished.
    """
    from sim.scenario.given import scenario_of

    loaded = scenario_of(scenario)
    count = replicates_of(loaded, replicates)
    first, threads = seed_of(loaded, seed, count), whole("threads", threads, 1, MOST_WORKERS)
    return simulate_seeds(loaded, range(first, first + count), workers_of(workers), threads, progress, attribution)


def simulate_seeds(
    scenario: "Scenario",
    seeds: Sequence[int],
    workers: int | None = 1,
    threads: int = 1,
    progress: Progress | None = None,
    attribution: bool = False,
) -> Run:
    """Like `simulate`, for exactly these seeds (rising)."""
    from sim.errors import UserError
    from sim.scenario.given import scenario_of

    scenario, workers = scenario_of(scenario), workers_of(workers)
    started = datetime.datetime.now(datetime.UTC)
    clock = time.perf_counter()
    done: list[Outcome] = []
    interrupted = False
    try:
        with contextlib.closing(_outcomes(scenario, seeds, workers, threads, progress, attribution)) as outcomes:
            for outcome in outcomes:
                if outcome.mistake:
                    raise UserError(str(outcome.error))
                done.append(outcome)
    except KeyboardInterrupt:
        interrupted = True
    finished = sorted((o.value for o in done if o.value is not None), key=lambda r: r.seed)
    failures = [{"seed": seeds[o.job], "error": o.error} for o in sorted(done, key=lambda o: o.job) if o.error]
    run = None
    if finished:
        run = _gather(scenario, seeds, finished)
        run.manifest.update(_manifest(scenario, seeds, finished, failures, interrupted))
        run.manifest["timings"] |= {"started": started.isoformat(timespec="seconds"), "seconds": round(time.perf_counter() - clock, 3)}
    if interrupted:
        raise Interrupted(run)
    if run is None:
        details = next((o.details for o in done if o.details), "")
        raise RunsFailed(failures) from (RuntimeError(details) if details else None)
    return run


def run_once(scenario: "Scenario", seed: int, threads: int = 1, progress: Tick | None = None, attribution: bool = False) -> Replicate:
    """Simulate one replicate: the unit of work of every experiment.

    Parameters
    ----------
    progress : callable, optional
        Called with the weeks done, several times a second.
    attribution : bool
        Also make the table ``attribution``.
    """
    from sim import metrics
    from sim.simulation import Simulation

    start = time.perf_counter()
    simulation = Simulation(scenario, seed, threads, attribution=attribution)
    live(simulation, progress)
    tables: dict[str, Columns] = {
        "weekly": metrics.weekly_columns(simulation),
        "districts": metrics.district_columns(simulation),
        "flows": metrics.flow_columns(simulation),
        "communities": metrics.community_columns(simulation),
    }
    if moved := metrics.attribution_columns(simulation):
        tables[ATTRIBUTION] = moved
    _refuse_nonsense(tables["weekly"])
    return Replicate(seed, tables, simulation.content_hash(), len(simulation.city.residents), time.perf_counter() - start)


def live(simulation: "Simulation", progress: Tick | None = None) -> None:
    """Live every week up to the horizon, and call `progress` with the weeks done several times a second."""
    chunk = 1
    while simulation.week < simulation.horizon:
        weeks = min(chunk, simulation.horizon - simulation.week)
        before = time.perf_counter()
        simulation.advance(weeks)
        per_week = (time.perf_counter() - before) / weeks
        # Never more than twice the last: the first call may have spent its time compiling.
        chunk = max(1, min(2 * weeks, int(CHUNK_SECONDS / max(per_week, 1e-9))))
        if progress:
            progress(simulation.week)


def warm(scenario: "Scenario | None" = None) -> None:
    """Compile the kernels that a worker needs, or load them from the cache, by running a tiny city for a week.

    Also those of the plug-ins of a `scenario`, where it has some. Done once before a pool starts, so that its workers find compiled
    kernels instead of each compiling its own.
    """
    from sim.scenario.loader import read_scenario
    from sim.scenario.scenario import restored

    plugins = [entry.as_data() for entry in scenario.plugins] if scenario else []
    tiny = {"name": "warm", "horizon": 1, "city": {"preset": "synthetic", "residents": 256, "districts": 1}}
    run_once(restored({**tiny, "plugins": plugins}) if plugins else read_scenario(tiny), 0)


@functools.lru_cache
def source_hash() -> str:
    """Hash of the source files that the numbers of a result hang on, when first asked for: which code exactly made it."""
    from sim.kernel.cache import SOURCES, hash_of_sources

    return hash_of_sources((*SOURCES, *BESIDE_KERNELS))


def _outcomes(scenario, seeds, workers, threads, progress, attribution) -> Generator[Outcome, None, None]:
    total = scenario.horizon * len(seeds)
    if workers > 1 and len(seeds) > 1:
        with contextlib.suppress(Exception):  # what fails here fails in the workers, and is told with its seed
            warm(scenario)
        report = (lambda weeks: progress(sum(w for w in weeks if w != WAITING), total)) if progress else None
        yield from run_jobs(_job, [(scenario, seed, source_hash(), attribution) for seed in seeds], min(workers, len(seeds)), report)
    else:
        for job, seed in enumerate(seeds):
            yield _here(scenario, job, seed, threads, progress, total, attribution)
    if progress:
        progress(total, total)


def _job(argument: tuple["Scenario", int, str, bool], tick: Tick) -> Replicate:
    scenario, seed, source, attribution = argument
    if source_hash() != source:
        raise RuntimeError(Message("files of the package changed while it was at work; run it again"))
    return run_once(scenario, seed, 1, tick, attribution)


def _here(scenario, job, seed, threads, progress, total, attribution) -> Outcome:
    tick = (lambda done: progress(job * scenario.horizon + done, total)) if progress else None
    try:
        return Outcome(job, run_once(scenario, seed, threads, tick, attribution))
    except Exception as error:
        return failure(job, error)


def _refuse_nonsense(weekly: "Columns") -> None:
    for name in ("stability", "satisfaction"):
        bad = [week for week, value in zip(weekly["week"].tolist(), weekly[name].tolist(), strict=True) if not math.isfinite(value)]
        if bad:
            raise FloatingPointError(Message("{name} is not a finite number from week {week} on", name=name, week=bad[0]))


def _gather(scenario: "Scenario", seeds: Sequence[int], finished: list[Replicate]) -> Run:
    """One run out of its replicates, in the order of their seeds."""
    import numpy as np

    tables: dict[str, Any] = {}
    for name in finished[0].tables:
        parts = [replicate.tables[name] for replicate in finished]
        rows = [len(next(iter(part.values()))) for part in parts]
        columns = {"replicate": np.repeat([seeds.index(replicate.seed) for replicate in finished], rows)}
        if name == "weekly":
            columns["seed"] = np.repeat([replicate.seed for replicate in finished], rows)
        tables[name] = columns | {column: np.concatenate([part[column] for part in parts]) for column in parts[0]}
    digest = hashlib.blake2b(digest_size=16)
    for replicate in finished:
        digest.update(f"{replicate.seed}:{replicate.content_hash}\n".encode())
    return Run(scenario, tuple(r.seed for r in finished), **tables, manifest={}, content_hash=digest.hexdigest())


def _manifest(scenario, seeds, finished, failures, interrupted) -> dict[str, Any]:
    """Everything that is needed to run it again. No host names, no paths."""
    versions = {"sanzhi": VERSION, "model": MODEL_VERSION, "source": source_hash(), "python": platform.python_version()}
    versions |= {name: importlib.metadata.version(name) for name in ("numpy", "numba", "mesa")}
    return {
        "name": scenario.name,
        "description": f"Simulation of the scenario {scenario.name}, {len(finished)} of {len(seeds)} replicates",
        "run_key": scenario.run_key(seeds[0], len(seeds)),
        "scenario": scenario.canonical(),
        "title": dict(scenario.title),
        "question": scenario.described("en"),
        **({} if isinstance(scenario.description, str) else {"questions": dict(scenario.description)}),
        "seed": seeds[0],
        "replicates": len(seeds),
        "seeds": [replicate.seed for replicate in finished],
        "failures": failures,
        "interrupted": interrupted,
        "content_hashes": {str(replicate.seed): replicate.content_hash for replicate in finished},
        "residents": finished[0].residents,
        "versions": versions,
        "machine": {"processors": os.cpu_count(), "architecture": platform.machine(), "system": platform.system()},
        "timings": {"replicates": [round(replicate.seconds, 3) for replicate in finished]},
    }
