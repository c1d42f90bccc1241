"""Plausible worlds in words: priors of all coefficients, and what is in a set."""

from typing import Any

import numpy as np
import pandas as pd

from sim.mechanisms import MECHANISMS
from sim.messages import Message, Words
from sim.text import table
from sim.worlds.priors import ABSENT, ANCHORED, FORMED, PUBLISHED, SWITCH, TOGETHER, fixed_by, numbers, shipped
from sim.worlds.world_set import WorldSet

WHY_FIXED = {
    SWITCH: Message("switch of a mechanism"),
    ANCHORED: Message("level at which another coefficient is stated"),
    FORMED: Message("set by a structural choice"),
    PUBLISHED: Message("published value"),
    ABSENT: Message("effect that the model does not have"),
}
MOST_SHOWN = 15


def prior_rows() -> list[tuple[str, ...]]:
    """Every coefficient: name, default, low, high, scale and rule of its prior; low to rule are empty where it has none."""
    rows: list[tuple[str, ...]] = []
    for mechanism in MECHANISMS.values():
        for key, field in numbers(mechanism).items():
            name = f"{mechanism.name}.{key}"
            prior = shipped().get(name)
            if prior is None:
                rows.append((name, f"{field.default:g}", "", "", "", fixed_by(mechanism, key)))
            else:
                rule = f"{prior.origin}, with {prior.follows}" if prior.follows else prior.origin
                rows.append((name, f"{prior.default:g}", f"{prior.low:.4g}", f"{prior.high:.4g}", prior.scale, rule))
    return rows


def priors_text() -> str:
    """The table of priors, and the coefficients that move together."""
    head = [Message("parameter"), Message("default"), Message("low"), Message("high"), Message("scale"), Message("rule")]
    count = len(shipped())
    said = Message("{count} uncertain coefficients of {all}", count=count, all=len(prior_rows()))
    together = "\n".join(", ".join(names) for names in TOGETHER)
    return f"{said}\n\n{table([tuple(head), *prior_rows()])}\n\n{Message('Together:')}\n{together}"


def summary(found: WorldSet) -> Message:
    """A set in one sentence."""
    about = found.about
    return Message(
        "{count} worlds of model {model}; of {judged} candidates {share:.0%} were accepted",
        count=len(found),
        model=about["model"],
        judged=about["judged"],
        share=about["accepted"] / about["judged"],
    )


def tables(found: WorldSet) -> dict[str, pd.DataFrame]:
    """Tables of a set.

    Returns
    -------
    dict of str to DataFrame
        ``targets``: a row per target: ``target, low, high, prior_inside, steered_inside`` (share of points inside), ``refused`` (candidates
        it refused), and middle and 90 % range of the set. ``coefficients``: a row per coefficient: ``coefficient, default, prior_low,
        prior_high``, middle and 90 % range of the set, ``spread`` (standard deviation of positions in the prior, over that of the prior)
        and ``shift`` (mean position, less a half).
    """
    return {"targets": _targets(found), "coefficients": _coefficients(found)}


def _targets(found: WorldSet) -> pd.DataFrame:
    rows = []
    for one in found.about["targets"]:
        name = one["name"]
        low, middle, high = np.quantile(found.table[name], [0.05, 0.5, 0.95])
        shares = {key: found.about[key].get(name) for key in ("prior_inside", "steered_inside")}
        refused = found.about["refused_by"].get(name, 0)
        luck = float(found.table[f"luck:{name}"].max())
        values = {"set_low": low, "set_middle": middle, "set_high": high, "luck": luck}
        rows.append({"target": name, "low": one["low"], "high": one["high"], **shares, "refused": refused, **values})
    return pd.DataFrame(rows)


def _coefficients(found: WorldSet) -> pd.DataFrame:
    rows = []
    for name, prior in shipped().items():
        if name in found.table:
            values = found.table[name].to_numpy()
            places = np.array([prior.position(value) for value in values])
            low, middle, high = np.quantile(values, [0.05, 0.5, 0.95])
            spread, shift = float(places.std() * np.sqrt(12.0)), float(places.mean() - 0.5)
            limits = {"default": prior.default, "prior_low": prior.low, "prior_high": prior.high}
            inner = {"set_low": low, "set_middle": middle, "set_high": high}
            rows.append({"coefficient": name, **limits, **inner, "spread": spread, "shift": shift})
    return pd.DataFrame(rows)


def shown(found: dict[str, pd.DataFrame]) -> list[tuple[Words, list[Words], list[list[str]]]]:
    """Tables to print: title, head and rows; of the coefficients, those that moved most."""
    parts: list[tuple[Words, list[Words], list[list[str]]]] = []
    rows = [
        [
            row["target"],
            f"{row['low']:g}",
            f"{row['high']:g}",
            f"{row['prior_inside']:.0%}",
            f"{row['steered_inside']:.0%}",
            str(row["refused"]),
            f"{row['set_low']:.3g}",
            f"{row['set_middle']:.3g}",
            f"{row['set_high']:.3g}",
        ]
        for row in found["targets"].to_dict("records")
    ]
    ends: list[Words] = [Message("5 %"), Message("middle"), Message("95 %")]
    head: list[Words] = [Message("target"), Message("low"), Message("high"), Message("prior inside"), Message("steered inside")]
    parts.append((Message("targets"), [*head, Message("refused"), *ends], rows))
    coefficients = found["coefficients"]
    moved = (coefficients["shift"].abs() * 2.0 + (1.0 - coefficients["spread"]).clip(lower=0.0)).sort_values(ascending=False, kind="stable")
    rows = [_moved(row) for row in coefficients.loc[moved.index[:MOST_SHOWN]].to_dict("records")]
    head = [Message("coefficient"), Message("default"), Message("low"), Message("high"), *ends, Message("spread over the prior's")]
    parts.append((Message("coefficients that moved most"), head, rows))
    return parts


def _moved(row: dict[Any, Any]) -> list[str]:
    numbers = [f"{row[key]:.3g}" for key in ("default", "prior_low", "prior_high", "set_low", "set_middle", "set_high")]
    return [row["coefficient"], *numbers, f"{row['spread']:.2f}"]
