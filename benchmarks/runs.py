"""Runs per second of a small city over five years: kernels alone, complete runs with outcomes, and complete runs in the pool."""

import time
from functools import partial

from benchmarks import cities
from benchmarks.measure import Figure, figure, interleaved
from sim.experiments.arguments import processors
from sim.experiments.runs.model_source import source_hash
from sim.experiments.studies.worker import Order, Task, run_chunk

OUTCOMES = {"stability": "last_year", "satisfaction": "last_year", "active": "last_year", "rate_disputes": "end"}


def task(residents: int, weeks: int, series: bool = False) -> Task:
    """The task of a sweep: complete runs with a few outcomes or, with `series`, with every metric of every week."""
    return Task(cities.scenario(residents, weeks), OUTCOMES, series=series, limit=1e6, source=source_hash())


def orders(count: int, first: int = 0) -> list[Order]:
    """Runs that differ in their seed and in a lever, as in a sweep."""
    return [Order(run, {"policy.rule_of_law": 0.25 + 0.001 * (run % 50)}, run) for run in range(first, first + count)]


def timed_chunk(what: Task, some: list[Order]) -> float:
    """Processor seconds per run, mean over some runs in this process."""
    run_chunk(what, some[:1])
    start = time.process_time()
    results, _ = run_chunk(what, some)
    failed = [result.error for result in results if result.error]
    if failed:
        raise RuntimeError(failed[0])
    return (time.process_time() - start) / len(some)


def measure(residents: int, weeks: int, count: int, repeats: int) -> dict[str, Figure]:
    """Runs per second of wall time, medians: ``kernels alone``, ``whole runs``, ``all metrics``, each in one process, and ``pool``.

    A whole run builds its city, simulates it, and computes the four metrics of `OUTCOMES`, as a sweep does; with ``all metrics`` it
    computes every metric of every week, and they are written as Parquet. The pool is that of `sanzhi sweep`, already started.
    """
    what, all_of_them = task(residents, weeks), task(residents, weeks, series=True)
    run_chunk(what, orders(1))
    run_chunk(all_of_them, orders(1))

    def kernels() -> float:
        models = [cities.simulation(residents, weeks, seed=seed) for seed in range(count)]
        start = time.perf_counter()
        for model in models:
            model.advance(weeks)
        return count / (time.perf_counter() - start)

    def whole(asked: Task) -> float:
        start = time.perf_counter()
        run_chunk(asked, orders(count))
        return count / (time.perf_counter() - start)

    timed = {"kernels alone": kernels, "whole runs": partial(whole, what), "all metrics": partial(whole, all_of_them)}
    found = interleaved(timed, repeats, "runs/s")
    return found | {"pool": figure(pooled(what, count, repeats), "runs/s")}


def pooled(what: Task, count: int, repeats: int) -> list[float]:
    """Runs per second on all processors, once per repeat."""
    from sim.experiments.runs.process_pool import ProcessPool

    workers, rates = processors(), []
    pool = ProcessPool(workers, 1e6)
    try:
        for future in [pool.submit(run_chunk, what, orders(2)) for _ in range(workers)]:
            future.result()
        for _ in range(repeats):
            start = time.perf_counter()
            parts = [pool.submit(run_chunk, what, orders(count // 2, part * count)) for part in range(2 * workers)]
            for future in parts:
                future.result()
            rates.append(2 * workers * (count // 2) / (time.perf_counter() - start))
    finally:
        pool.shutdown()
    return rates


def pool_seconds(what: Task, count: int) -> float:
    """Processor seconds per run in a worker of the pool."""
    from sim.experiments.runs.process_pool import ProcessPool

    pool = ProcessPool(1, 1e6)
    try:
        return pool.submit(timed_chunk, what, orders(count)).result()
    finally:
        pool.shutdown()
