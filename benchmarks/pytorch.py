"""The same week in PyTorch on one thread, beside the kernels: in a process of its own, whose Python may be another that has torch."""

import importlib.util
import json
import os
import shutil

from benchmarks import cities
from benchmarks.children import child
from benchmarks.measure import Figure

RATES = """
import json
from benchmarks.pytorch import rates
print(json.dumps({{name: figure.as_data() for name, figure in rates({residents}, {repeats}, {updates}).items()}}))
"""
KERNELS, EAGER, COMPILED = "kernels beside PyTorch", "PyTorch", "PyTorch, partly compiled by it"
MISSING = "not measured: torch is not installed (give --torch a Python that has it)"
NO_COMPILER = "not measured: there is no C++ compiler"


def measure(residents: int, repeats: int, updates: int, python: str | None = None) -> dict[str, Figure | str]:
    """Thousand resident-weeks a second on one core, in turns; in words, why there is no figure.

    Parameters
    ----------
    residents, repeats, updates : int
        As for `cities.ways`.
    python : str, optional
        A Python that has torch and what sanzhi needs.
    """
    if python is None and importlib.util.find_spec("torch") is None:
        return {EAGER: MISSING}
    try:
        said = child(["-c", RATES.format(residents=residents, repeats=repeats, updates=updates)], python=python)
    except RuntimeError as error:
        return {EAGER: f"not measured: {str(error).splitlines()[-1]}"}
    found: dict[str, Figure | str] = {name: Figure(**data) for name, data in json.loads(said.splitlines()[-1]).items()}
    return found if COMPILED in found else found | {COMPILED: NO_COMPILER}


def rates(residents: int, repeats: int, updates: int) -> dict[str, Figure]:
    """The same in this process, which must have torch."""
    import torch

    from benchmarks.vectorised.tensors import TorchCity

    torch.set_num_threads(1)
    few, many = 2, cities.weeks_of(residents, updates, repeats)
    lived = {
        KERNELS: (cities.simulation(residents, many * repeats + cities.WARM), residents, many),
        EAGER: (TorchCity(cities.simulation(residents, few * repeats + cities.WARM)), residents, few),
    }
    if shutil.which(os.environ.get("CXX", "g++")):
        lived[COMPILED] = (TorchCity(cities.simulation(residents, few * repeats + cities.WARM), compiled=True), residents, few)
    return cities.in_turns(lived, repeats)
