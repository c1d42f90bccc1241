"""Arguments of figures for notebooks: a run or its folder, a scenario or its name, as elsewhere in the Python API."""

import functools
import os
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from sim.results import Run, run_of
from sim.scenario import Scenario
from sim.scenario.given import scenario_of

P = ParamSpec("P")
Drawn = TypeVar("Drawn")


def of_run(plot: Callable[Concatenate[Run, P], Drawn]) -> Callable[Concatenate[Run | str | os.PathLike, P], Drawn]:
    """A figure that takes a run or its folder."""

    @functools.wraps(plot)
    def drawn(run: Run | str | os.PathLike, *args: P.args, **kwargs: P.kwargs) -> Drawn:
        """The figure."""
        return plot(run_of(run), *args, **kwargs)

    return drawn


def of_scenario(plot: Callable[Concatenate[Scenario, P], Drawn]) -> Callable[Concatenate[Scenario | str | os.PathLike, P], Drawn]:
    """A figure that takes a scenario, a file or a name."""

    @functools.wraps(plot)
    def drawn(scenario: Scenario | str | os.PathLike, *args: P.args, **kwargs: P.kwargs) -> Drawn:
        """The figure."""
        return plot(scenario_of(scenario), *args, **kwargs)

    return drawn
