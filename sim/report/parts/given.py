"""Arguments of figures for notebooks: a run or its folder, a scenario or its name, as elsewhere in the Python API."""

import functools
from collections.abc import Callable
from typing import Any

from sim.results import run_of
from sim.scenario.given import scenario_of


def of_run(plot: Callable[..., Any]) -> Callable[..., Any]:
    """A figure that takes a run or its folder."""

    @functools.wraps(plot)
    def drawn(run: Any, *args: Any, **kwargs: Any) -> Any:
        """The figure."""
        return plot(run_of(run), *args, **kwargs)

    return drawn


def of_scenario(plot: Callable[..., Any]) -> Callable[..., Any]:
    """A figure that takes a scenario, a file or a name."""

    @functools.wraps(plot)
    def drawn(scenario: Any, *args: Any, **kwargs: Any) -> Any:
        """The figure."""
        return plot(scenario_of(scenario), *args, **kwargs)

    return drawn
