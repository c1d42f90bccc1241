"""Sentences on a history match."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.messages import Joined, Message

if TYPE_CHECKING:
    import pandas as pd


NTH = (Message("first"), Message("second"), Message("third"))
"""Which highest implausibility rules out."""


def share(value: float) -> str:
    """A share of a space as text, however small."""
    if value != value:
        return "-"
    return f"{100 * value:.0f} %" if value >= 0.1 else f"{100 * value:.2g} %" if value else "0"


def lines(waves: "pd.DataFrame", coefficients: "pd.DataFrame", rates: "pd.DataFrame", settings: Mapping[str, Any]) -> list[str]:
    """Sentences on the remaining space, its bounds, and the current values; tables as in `HistoryMatch`."""
    said = [_left(waves, settings), *_bounding(coefficients, rates), _present(rates, settings)]
    return [str(sentence) for sentence in said]


def _left(waves: "pd.DataFrame", settings: Mapping[str, Any]) -> Message:
    nth = NTH[int(settings["highest"]) - 1]
    count, left = len(waves), float(waves[f"left_{nth.text('en')}"].iloc[-1])
    lived = Message("{count} waves", count=count) if count > 1 else Message("1 wave")
    if left == 0:
        return Message(
            "After {waves} nothing of the space is left: within these ranges the model cannot live within the rates.", waves=lived
        )
    about = {"waves": lived, "share": share(left), "nth": nth, "cut": settings["cut"]}
    return Message("After {waves} {share} of the space is left ({nth} highest implausibility at most {cut:g}).", **about)


def _bounding(coefficients: "pd.DataFrame", rates: "pd.DataFrame") -> list[Message]:
    said = []
    free = coefficients.loc[coefficients["bounded_by"] == "", "coefficient"].tolist()
    if free:
        said.append(Message("No rate alone bounds {names}.", names=Joined(free)))
    distrusted = rates.loc[~rates["trusted"], "rate"].tolist()
    if distrusted:
        said.append(Message("Not used, as the emulator is not trusted: {names}.", names=Joined(distrusted)))
    return said


def _present(rates: "pd.DataFrame", settings: Mapping[str, Any]) -> Message:
    wrong = rates[rates["implausibility"] > settings["cut"]]
    if len(wrong):
        named = Joined(f"{row.rate} ({row.implausibility:.1f})" for row in wrong.itertuples())
        return Message("The present values are themselves implausible for {names}.", names=named)
    worst = rates.loc[rates["implausibility"].idxmax()]
    about = {"rate": worst["rate"], "size": worst["implausibility"]}
    return Message("The present values are implausible for no rate; the highest is {rate} ({size:.2f}).", **about)
