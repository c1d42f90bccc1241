"""Amounts of money in a policy by the key of the city's currency: ``yuan``, or ``usd`` in a city with dollars.

Which key a city has is known only after its preset has been read; then it is replaced by ``yuan``, the key of the schema, and any other
currency is refused.
"""

from collections.abc import Iterator
from typing import Any

from sim.levers import LEVERS
from sim.messages import Message
from sim.scenario.cities.currencies import CODES, KEYS, MEANT, money_key
from sim.scenario.parsing.document import BAD, Document
from sim.scenario.parsing.scalars import Path, shown
from sim.scenario.schema.today import preset_in

SCHEMA_KEY = "yuan"
WORDS = frozenset((*KEYS, *MEANT, "money", "currency", *(code.lower() for code in CODES)))


def settle(document: Document) -> None:
    """Give every amount of money in a document the key of the schema; problems are added to the document."""
    preset = preset_in(document.data.get("city", {}))
    if preset is None:  # reported as a problem of the city
        return
    own, amounts = money_key(preset.currency), list(_amounts(document.data))
    for section, key, path in amounts:
        head, dot, word = key.rpartition(".")
        name = f"{head}{dot}{SCHEMA_KEY}"
        if word != own:
            document.report((*path, key), *_other(word, preset.currency, own), at_key=True)
            document.refused.add((*path, key))
            document.refused.add((*path, name))
        if key != name:
            value = section.pop(key)
            section.setdefault(name, value if word == own else BAD)
            if (*path, key) in document.locations:
                document.locations[*path, name] = document.locations[*path, key]


def _amounts(data: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str, Path]]:
    """Every key of an amount of money: the mapping that has it, the key, and the path of the mapping."""
    policy, timeline = data.get("policy"), data.get("timeline")
    for lever, section in policy.items() if isinstance(policy, dict) else ():
        if isinstance(section, dict) and lever in LEVERS:
            inner: list[tuple[Any, Path]] = [
                (section, ("policy", lever)),
                *((section.get(part), ("policy", lever, part)) for part in LEVERS[lever]),
            ]
            for amount, path in inner:
                if isinstance(amount, dict):
                    yield from ((amount, key, path) for key in amount if str(key).lower() in WORDS)
    for index, entry in enumerate(timeline) if isinstance(timeline, list) else ():
        levers: Any = entry.get("set") if isinstance(entry, dict) else None
        for key in levers if isinstance(levers, dict) else ():
            if isinstance(key, str) and key.startswith("policy.") and key.rpartition(".")[2].lower() in WORDS:
                yield levers, key, ("timeline", index, "set")


def _other(word: str, currency: str, own: str) -> tuple[Message, Message, str]:
    """Error for the key of another currency, or for another word for this one, as (got, expected, suggestion)."""
    code = MEANT.get(word.lower(), word.upper())
    expected = Message("{key}, the key of money in this city, whose currency is {currency}", key=own, currency=currency)
    if code == currency or code not in CODES:
        return Message("the key {key}", key=shown(word)), expected, own
    return Message("an amount in {other} ({key})", other=code, key=shown(word)), expected, own
