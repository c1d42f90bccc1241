"""Rules from the source in a scenario, and where an error in their code was raised."""

import hashlib
import inspect
import linecache
import sys
import types

from sim.errors import UserError
from sim.messages import Message, Words
from sim.rules.agent_rule import AgentRule, FunctionRule


def rule_of(entry) -> AgentRule:
    """The rule that an entry of a scenario names; its source is executed to define it.

    Raises
    ------
    UserError
        When it cannot be loaded or created, or is not a rule.
    """
    label = f"sanzhi-rule:{entry.file}"
    module = types.ModuleType(f"sanzhi_rule_{hashlib.blake2b(entry.source.encode(), digest_size=8).hexdigest()}")
    sys.modules[module.__name__] = module  # dataclasses and pickle look up the module of a class
    linecache.cache[label] = (len(entry.source), None, entry.source.splitlines(keepends=True), label)
    try:
        exec(compile(entry.source, label, "exec"), module.__dict__)  # noqa: S102  (only if it was allowed)
    except Exception as error:
        raise UserError("{rule}: cannot be loaded: {kind}: {error}{where}", rule=entry.rule, **error_fields(error)) from error
    found = getattr(module, entry.name, None)
    try:
        if isinstance(found, type) and issubclass(found, AgentRule):
            return found(**entry.settings)
        if callable(found) and not isinstance(found, type):
            return FunctionRule(found, **entry.settings)
    except TypeError as error:
        about = {"rule": entry.rule, "settings": str(dict(entry.settings)), "error": str(error)}
        raise UserError("{rule}: cannot be created with {settings}: {error}", **about) from error
    raise UserError(
        "{rule}: got {found}; expected a class that inherits from sanzhi.AgentRule, or a function of the city",
        rule=entry.rule,
        found=repr(found),
    )


def error_fields(error: BaseException) -> dict[str, Words]:
    """Fields of a message about an error in a rule's code: its type, text and place."""
    return {"kind": type(error).__name__, "error": str(error), "where": _where(error)}


def _where(error: BaseException) -> Words:
    """The line of a rule's file in which an error was raised."""
    found: Words = ""
    trace = error.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if file.startswith("sanzhi-rule:"):
            found = Message(" ({file}, line {line})", file=file.removeprefix("sanzhi-rule:"), line=trace.tb_lineno)
        trace = trace.tb_next
    return found


def source_of(rule: AgentRule) -> str:
    """Source of a rule's class; its name where there is no source."""
    try:
        return inspect.getsource(rule._function if isinstance(rule, FunctionRule) else type(rule))
    except (OSError, TypeError):
        return type(rule).__qualname__
