"""Well-known other models for orientation. Their steps differ, so no ratio is computed."""

import importlib.util

from benchmarks.fresh_process import child
from benchmarks.measure import Figure, core_seconds, figure

STARSIM = """
import time, starsim as ss
sim = ss.Sim(n_agents={agents}, diseases="sir", networks="random", verbose=0)
sim.init()
start = time.process_time()
sim.run()
print({agents} * len(sim.t.timevec) / (time.process_time() - start) / 1e6)
"""


def measure(repeats: int, starsim: str | None = None) -> dict[str, Figure | str]:
    """Million agent-steps per second on one core by model, or the reason why there is no figure.

    Parameters
    ----------
    starsim : str, optional
        A Python interpreter with starsim.
    """
    return {
        "Mesa's own civil violence (Epstein), 1,120 agents": _civil_violence(repeats),
        "starsim's default SIR, 10,000 agents": _starsim(repeats, starsim),
    }


def _civil_violence(repeats: int) -> Figure | str:
    try:
        from mesa.examples.advanced.epstein_civil_violence.model import EpsteinCivilViolence
    except ImportError as error:
        return f"not measured: {error}"

    def once() -> float:
        model, steps = EpsteinCivilViolence(seed=1), 5
        model.step()
        return len(model.agents) * steps / core_seconds(lambda: [model.step() for _ in range(steps)]) / 1e6

    return figure([once() for _ in range(repeats)], "M agent-steps/s")


def _starsim(repeats: int, python: str | None) -> Figure | str:
    if python is None and importlib.util.find_spec("starsim") is None:
        return "not measured: starsim is not installed (give --starsim a Python that has it)"
    code = STARSIM.format(agents=10_000)
    return figure([float(child(["-c", code], python=python).split()[-1]) for _ in range(repeats)], "M agent-steps/s")
