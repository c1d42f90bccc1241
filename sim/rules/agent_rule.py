"""The base class of rules."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from sim.errors import UserError
from sim.messages import Joined, Message, with_suggestion
from sim.suggestions import nearest

if TYPE_CHECKING:
    from sim.city.sets import ColumnSet
    from sim.rules.city_view import CityView

PHASES = ("plan", "close")
"""When in a week a rule may act."""


class AgentRule:
    """Base class of rules. The values that a rule's class sets are its parameters; keywords of the constructor change them.

    Parameters
    ----------
    **parameters
        New values of parameters, by name.

    Attributes
    ----------
    kind : str
        Kind of agent on which it acts, such as ``"ResidentsCommittee"``.
    phase : str
        ``"plan"``: after units have planned the week, before residents act. ``"close"``: after residents have acted, before the week is
        recorded.

    Raises
    ------
    UserError
        When the class has no such parameter.
    """

    kind = "Resident"
    phase = "plan"

    def __init__(self, **parameters: Any):
        known = self.parameters
        for name, value in parameters.items():
            if name not in known:
                message = Message(
                    "{rule}: got the unknown parameter {name}; expected one of {known}",
                    rule=type(self).__name__,
                    name=name,
                    known=Joined(known) if known else Message("none"),
                )
                raise UserError(with_suggestion(message, nearest(name, known)))
            setattr(self, name, value)

    @property
    def parameters(self) -> dict[str, Any]:
        """Parameters by name."""
        names = [name for base in reversed(type(self).__mro__[:-1]) if base is not AgentRule for name in vars(base)]
        values = {name: getattr(self, name) for name in dict.fromkeys(names) if not name.startswith("_") and name not in ("kind", "phase")}
        return {name: value for name, value in values.items() if isinstance(value, (bool, int, float, str))}

    def select(self, agents: "ColumnSet", city: "CityView") -> Iterable[Any]:
        """Choose on which `agents` of its kind the rule acts in this week of the `city`; all of them by default.

        A single agent may be returned, or None for nobody.
        """
        return agents

    def act(self, agent: Any, city: "CityView") -> None:
        """Act on one `agent`; the rest of the `city` may be read."""
        raise NotImplementedError(f"{type(self).__name__} has neither act(agent, city) nor week(city)")

    def week(self, city: "CityView") -> None:
        """Run the rule for one week of the `city`: `act` on each agent of `select`."""
        chosen = self.select(city.of(self.kind), city)
        for agent in chosen if isinstance(chosen, Iterable) else [] if chosen is None else [chosen]:
            self.act(agent, city)


class FunctionRule(AgentRule):
    """A rule that is one function: ``function(city, **parameters)``."""

    def __init__(self, function: Callable[..., None], **parameters: Any):
        self._function, self._settings = function, parameters
        super().__init__()

    @property
    def parameters(self) -> dict[str, Any]:
        """Parameters by name."""
        return dict(self._settings)

    def week(self, city: "CityView") -> None:
        """Call the function."""
        self._function(city, **self._settings)
