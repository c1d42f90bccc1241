"""Rules in plain Python: a pass of its own each week over views of agents of any kind.

::

    class StreetParty(AgentRule):
        kind = "ResidentsCommittee"
        every = 13                                  # a parameter, which a scenario may set

        def act(self, committee, city):
            if city.week % self.every == 0:
                city.shift(committee.residents, "cohesion", 0.02)

A rule is handed to `Simulation` or `GovernanceModel`, or named in a scenario (`sim.scenario.schema.rules`). It is code: a scenario's
rules run only where that was allowed, by `allow_rules`, ``--allow-rules`` or the variable `CONSENT` (which worker processes inherit).

A rule may remember things in ``self``. Every simulation works on its own copy of it, so that nothing is carried into the next run.
"""

import copy
import hashlib
import inspect
import json
import linecache
import os
import random
import sys
import types
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import UserError
from sim.lazy import lazily
from sim.messages import Joined, Message, Words, with_suggestion
from sim.suggestions import nearest

with lazily():
    from sim.city import roster

if TYPE_CHECKING:
    from sim.city.agents import CityAgent
    from sim.city.sets import ColumnSet

CONSENT = "SANZHI_ALLOW_RULES"
PHASES = ("plan", "close")


def allow_rules() -> None:
    """Let this process, and the workers that it starts, run the rules of scenarios: only do so for files that you trust."""
    os.environ[CONSENT] = "1"


def check_rules_allowed(scenario) -> None:
    """Raise `UserError` where a scenario has rules and nobody has allowed them."""
    if scenario.rules and os.environ.get(CONSENT) != "1":
        raise UserError(
            "{name} brings rules of its own ({files}): they are Python code and can do whatever you can; if you"
            " trust them, say so with --allow-rules, sim.allow_rules() or {consent}=1",
            name=scenario.name,
            files=Joined(dict.fromkeys(entry.file for entry in scenario.rules)),
            consent=CONSENT,
        )


class RuleFailed(RuntimeError):
    """Raised when a rule raises something: says which, in which week, in which line."""


class AgentRule:
    """Base of rules. Whatever values a rule's class sets are its parameters; keywords of the constructor change them.

    Parameters
    ----------
    **parameters
        New values of parameters, by name.

    Attributes
    ----------
    kind : str
        Kind of agent on which it acts, such as ``"ResidentsCommittee"``.
    phase : str
        ``"plan"``: when units have planned the week, before residents live it. ``"close"``: when they have, before the week is recorded.

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
                told = Message(
                    "{rule}: got the unknown parameter {name}; expected one of {known}",
                    rule=type(self).__name__,
                    name=name,
                    known=Joined(known) if known else Message("none"),
                )
                raise UserError(with_suggestion(told, nearest(name, known)))
            setattr(self, name, value)

    @property
    def parameters(self) -> dict[str, Any]:
        """Parameters by name."""
        names = [name for base in reversed(type(self).__mro__[:-1]) if base is not AgentRule for name in vars(base)]
        values = {name: getattr(self, name) for name in dict.fromkeys(names) if not name.startswith("_") and name not in ("kind", "phase")}
        return {name: value for name, value in values.items() if isinstance(value, (bool, int, float, str))}

    def select(self, agents: "ColumnSet", city: "CityView") -> Iterable[Any]:
        """Those of its kind, the `agents`, on whom it acts in this week of the `city`; everybody unless a rule says otherwise.

        One agent may be given alone, and None is nobody.
        """
        return agents

    def act(self, agent: Any, city: "CityView") -> None:
        """What it does with one `agent`; the rest of the `city` is there to be read."""
        raise NotImplementedError(f"{type(self).__name__} has neither act(agent, city) nor week(city)")

    def week(self, city: "CityView") -> None:
        """One week of the rule in the `city`: `act` on each of `select`."""
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


class CityView:
    """What a rule sees of the city: its agents, its week, and a luck of the rule's own.

    Attributes
    ----------
    random : random.Random
        Luck of this rule in this week: it depends on the seed, the rule's name and the week alone.
    rng : numpy.random.Generator
        The same, for arrays.
    communities : ndarray
        A record a community with the conditions that hold there, such as ``city.communities["aid"]``; may be written.
    """

    def __init__(self, simulation):
        world = simulation.city.world
        self.roster = roster.Roster(self, simulation.city.tables.values(), world.communities)
        self.communities: np.ndarray = world.communities
        self._simulation = simulation
        self.fresh_luck("")

    def fresh_luck(self, name: str) -> None:
        """Luck of the rule of this name in this week."""
        self.random = random.Random(f"{self._simulation.seed}:{name}:{self.week}")
        self.rng = np.random.Generator(np.random.PCG64(self.random.getrandbits(128)))

    @property
    def week(self) -> int:
        """The week, from 0."""
        return self._simulation.week

    @property
    def horizon(self) -> int:
        """Weeks in all."""
        return self._simulation.horizon

    @property
    def agents(self) -> "ColumnSet":
        """All agents of all kinds."""
        return self.roster.everyone()

    @property
    def residents(self) -> "ColumnSet":
        """All residents."""
        return self.roster.of("Resident")

    def of(self, kind: str | type) -> "ColumnSet":
        """All agents of one kind.

        Raises
        ------
        UserError
            If there is no such kind.
        """
        name = kind if isinstance(kind, str) else kind.__name__
        if name not in self.roster.by_name:
            kinds = self.roster.by_name
            told = Message("got {name}; expected a kind of agent ({kinds})", name=repr(name), kinds=Joined(kinds))
            raise UserError(with_suggestion(told, nearest(name, kinds)))
        return self.roster.of(name)

    def shift(self, agents: "ColumnSet | Iterable[CityAgent] | CityAgent", name: str, by: Any) -> None:
        """Add `by` (a number, or one for each agent) to a column of agents of one kind, up to the bounds of the column.

        `agents` is a set, a list of agents, or one agent.
        """
        chosen = self.roster.set_of(agents)
        if len(chosen):
            table = self.roster.table_of(int(chosen.ids[0]))
            if name not in table.columns:
                raise table.no_such(name)
            low, high = table.columns[name].low, table.columns[name].high
            moved = chosen.array(name).astype(np.float64) + by
            chosen.set(name, np.clip(moved, -np.inf if low is None else low, np.inf if high is None else high))


class Rules:
    """The rules of one simulation.

    Parameters
    ----------
    simulation : Simulation
    more : AgentRule or iterable of AgentRule
        Rules beside those that the scenario names, after them; copies of them run, and the rules themselves stay as they are.

    Raises
    ------
    UserError
        When the scenario has rules and nobody has allowed them, or one cannot be made or copied.
    """

    def __init__(self, simulation, more: AgentRule | Iterable[AgentRule] = ()):
        entries = simulation.scenario.rules
        check_rules_allowed(simulation.scenario)
        self._rules: list[tuple[str, AgentRule]] = []
        self._identity: list[Any] = []
        for entry in entries:
            self._add(made(entry), [entry.name, dict(entry.settings), entry.source])
        for rule in own_copies(more):
            self._add(rule, [type(rule).__name__, rule.parameters, _source_of(rule)])
        self._view = CityView(simulation) if self._rules else None

    def __len__(self) -> int:
        return len(self._rules)

    def __iter__(self) -> Iterator[AgentRule]:
        """The rules at work in this simulation, with what they remember."""
        return (rule for _, rule in self._rules)

    def _add(self, rule: AgentRule, identity: list[Any]) -> None:
        if rule.phase not in PHASES:
            raise UserError(
                "{rule}: got the phase {phase}; expected one of {phases}", rule=identity[0], phase=repr(rule.phase), phases=Joined(PHASES)
            )
        again = sum(known[0] == identity[0] for known in self._identity)
        self._rules.append((f"{identity[0]}#{again + 1}" if again else identity[0], rule))
        self._identity.append(identity)

    def run(self, phase: str) -> None:
        """Run the rules of a phase, one after another.

        Raises
        ------
        RuleFailed
        """
        for name, rule in self._rules:
            if rule.phase == phase and self._view is not None:
                self._view.fresh_luck(name)
                try:
                    rule.week(self._view)
                except Exception as error:
                    told = {"rule": name, "week": self._view.week, **_why(error)}
                    raise RuleFailed(Message("rule {rule}, week {week}: {kind}: {error}{where}", **told)) from error

    def digest(self, digest) -> None:
        """Feed what the rules are into a hash; nothing when there are none."""
        if self._rules:
            digest.update(json.dumps(self._identity, sort_keys=True).encode())


def own_copies(rules: AgentRule | Iterable[AgentRule]) -> list[AgentRule]:
    """Copies of rules for one simulation, with all that they hold; what several of them share, their copies share, too.

    Raises
    ------
    UserError
        When one is no rule, or holds what cannot be copied.
    """
    given = [rules] if isinstance(rules, AgentRule) or not isinstance(rules, Iterable) else list(rules)
    for rule in given:
        if not isinstance(rule, AgentRule):
            raise UserError("rules: got {rule}; expected AgentRule objects, as in StreetParty(every=13)", rule=repr(rule))
    memo: dict[int, Any] = {}
    return [_own_copy(rule, memo) for rule in given]


def _own_copy(rule: AgentRule, memo: dict[int, Any]) -> AgentRule:
    """Copy of a rule, in which also lists and the like that its class holds are its own."""
    name = "self"
    try:
        mine = copy.deepcopy(rule, memo)
        shared = {key: value for base in reversed(type(rule).__mro__[:-1]) for key, value in vars(base).items() if key not in vars(rule)}
        for name, value in shared.items():
            if not name.startswith("__") and not hasattr(value, "__get__") and (own := copy.deepcopy(value, memo)) is not value:
                setattr(mine, name, own)
    except Exception as error:
        raise UserError(
            "rule {rule}: {held} cannot be copied ({error}); every simulation works on its own copy of a rule, so keep in self what can be"
            " copied, and open files and connections in week()",
            rule=type(rule).__name__,
            held=_uncopied(rule) or name,
            error=error,
        ) from error
    return mine


def _uncopied(rule: AgentRule) -> str:
    """The attribute of a rule that cannot be copied."""
    for name, value in vars(rule).items():
        try:
            copy.deepcopy(value)
        except Exception:
            return f"self.{name}"
    return ""


def made(entry) -> AgentRule:
    """The rule that an entry of a scenario names: its text is run to define it."""
    label = f"sanzhi-rule:{entry.file}"
    module = types.ModuleType(f"sanzhi_rule_{hashlib.blake2b(entry.source.encode(), digest_size=8).hexdigest()}")
    sys.modules[module.__name__] = module  # dataclasses and pickle look a class's module up
    linecache.cache[label] = (len(entry.source), None, entry.source.splitlines(keepends=True), label)
    try:
        exec(compile(entry.source, label, "exec"), module.__dict__)  # noqa: S102  (only where somebody allowed it)
    except Exception as error:
        raise UserError("{rule}: cannot be loaded: {kind}: {error}{where}", rule=entry.rule, **_why(error)) from error
    found = getattr(module, entry.name, None)
    try:
        if isinstance(found, type) and issubclass(found, AgentRule):
            return found(**entry.settings)
        if callable(found) and not isinstance(found, type):
            return FunctionRule(found, **entry.settings)
    except TypeError as error:
        told = {"rule": entry.rule, "settings": str(dict(entry.settings)), "error": str(error)}
        raise UserError("{rule}: cannot be made with {settings}: {error}", **told) from error
    raise UserError(
        "{rule}: got {found}; expected a class that inherits from sim.AgentRule, or a function of the city",
        rule=entry.rule,
        found=repr(found),
    )


def _why(error: BaseException) -> dict[str, Words]:
    """Fields of a message about what a rule's code raised: its kind, what it says, and where."""
    return {"kind": type(error).__name__, "error": str(error), "where": _where(error)}


def _where(error: BaseException) -> Words:
    """Line of a rule's file in which an error arose."""
    found: Words = ""
    trace = error.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if file.startswith("sanzhi-rule:"):
            found = Message(" ({file}, line {line})", file=file.removeprefix("sanzhi-rule:"), line=trace.tb_lineno)
        trace = trace.tb_next
    return found


def _source_of(rule: AgentRule) -> str:
    """Text of a rule's class, as far as there is one."""
    try:
        return inspect.getsource(rule._function if isinstance(rule, FunctionRule) else type(rule))
    except (OSError, TypeError):
        return type(rule).__qualname__
