"""What a comparison over worlds says, in both languages: the count, the split of its spread, what carries it, and what one would have to
believe.

Conditions name coefficients by their keys, which is what one sets in a scenario, with their meaning.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from sim.analysis.assumptions import Carrier
from sim.analysis.beliefs import Condition, Rule
from sim.analysis.world_verdict import HOLDING, LEANING, OPEN
from sim.mechanisms import MECHANISMS
from sim.messages import Joined, Message, Words
from sim.spec import meaning

SAID = {HOLDING: Message("holds"), LEANING: Message("leans"), OPEN: Message("open")}
"""The words in both languages."""


def count_said(row: Mapping[str, Any], base: str) -> Message:
    """The first sentence of a difference.

    Parameters
    ----------
    row : mapping
        A row of `WorldComparison.verdicts`.
    base : str
        Label of the first scenario.
    """
    n = int(row["n"])
    known = {"name": row["scenario"], "base": base, "n": n, "word": SAID[row["word"]]}
    if not n:
        return Message("{name} and {base}: no value in any plausible world", name=known["name"], base=base)
    if not row["side"]:
        return Message("{name} and {base} are ahead in equally many of {n} plausible worlds: {word}", **known)
    known["count"] = int(max(row["better"], row["worse"]))
    if not row["directed"]:
        more = row["side"] == "better"
        return Message("{name} has more in {count} of {n} plausible worlds: {word}", **(known if more else {**known, "name": base}))
    ahead = known if row["side"] == "better" else {**known, "name": base}
    if math.isnan(row["alone_low"]):
        return Message("{name} does better in {count} of {n} plausible worlds: {word}", **ahead)
    luck = {"low": int(row["alone_low"]), "high": int(row["alone_high"])}
    return Message(
        "{name} does better in {count} of {n} plausible worlds ({low} to {high} if the worlds differed in luck alone): {word}",
        **ahead,
        **luck,
    )


def spread_said(row: Mapping[str, Any]) -> Message:
    """How much of the spread is luck."""
    if math.isnan(row["luck_share"]):
        return Message("how much of the spread is luck is not known")
    shares = {"share": row["luck_share"], "low": row["luck_low"], "high": row["luck_high"]}
    if row["truncated"]:
        return Message(
            "of the spread over worlds all is luck (at least {low:.0%}); the estimate for assumptions was below zero and counts as zero",
            **shares,
        )
    return Message("of the spread over worlds luck is {share:.0%} ({low:.0%} to {high:.0%}), the rest assumptions", **shares)


def carriers_said(found: Sequence[Carrier]) -> Message:
    """The assumptions that carry most of the spread."""
    if not found:
        return Message("none of the assumptions stands out")
    return Message("assumptions that carry most of the spread: {parts}", parts=Joined(carriers_parts(found), "; "))


def carriers_parts(found: Sequence[Carrier]) -> list[Message]:
    """Each of them, with its share."""
    return [
        Message("{what} ({share:.0%})", what=_named(one.name) if not one.option else _option(one.name, one.option), share=one.share)
        for one in found
    ]


def rule_said(found: Rule | None, winner_above: str, winner_below: str) -> Message:
    """What one would have to believe.

    Parameters
    ----------
    found : Rule, optional
    winner_above, winner_below : str
        Labels of the scenario that does better where differences are above 0, and below.
    """
    if found is None:
        return Message("no rule on assumptions separates the worlds better than luck would")
    return Message(
        "{winner} does better in {ahead} of the {inside} worlds where {conditions}, and in {missed} of the other {outside}",
        winner=winner_above if found.positive else winner_below,
        conditions=Joined([condition_said(one) for one in found.conditions], " and "),
        ahead=found.inside - found.against,
        inside=found.inside,
        outside=found.worlds - found.inside,
        missed=found.missed,
    )


def condition_said(one: Condition) -> Message:
    """One condition."""
    if one.option:
        known = {"name": _named(one.name), "option": one.option}
        return Message("{name} is {option}", **known) if one.above else Message("{name} is not {option}", **known)
    known = {"name": _named(one.name), "threshold": f"{one.threshold:g}"}
    return Message("{name} is above {threshold}", **known) if one.above else Message("{name} is at most {threshold}", **known)


def _named(name: str) -> Words:
    """A coefficient or choice by its key, with its meaning if it is one of the package."""
    mechanism, _, key = name.removeprefix("mechanisms.").partition(".")
    fields = MECHANISMS[mechanism].parameters.model_fields if mechanism in MECHANISMS else {}
    return Message("{key} ({meaning})", key=name, meaning=meaning(fields[key])) if key in fields else name


def _option(name: str, option: str) -> Message:
    return Message("{name} is {option}", name=_named(name), option=option)
