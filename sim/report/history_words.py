"""What a history match says, in sentences."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


def share(value: float) -> str:
    """A share of a space, however small."""
    if value != value:
        return "-"
    return f"{100 * value:.0f} %" if value >= 0.1 else f"{100 * value:.2g} %" if value else "0"


def lines(waves: "pd.DataFrame", coefficients: "pd.DataFrame", rates: "pd.DataFrame", settings: Mapping[str, Any]) -> list[str]:
    """What is left, what bounds what, and whether the present values stand; tables as in `sim.experiments.history.HistoryMatch`."""
    nth = ("first", "second", "third")[int(settings["highest"]) - 1]
    count, left = (f"{len(waves)} waves" if len(waves) > 1 else "1 wave"), float(waves[f"left_{nth}"].iloc[-1])
    said = [f"After {count} {share(left)} of the space is left ({nth} highest implausibility at most {settings['cut']:g})."]
    if left == 0:
        said[0] = f"After {count} nothing of the space is left: within these ranges the model cannot live within the rates."
    free = coefficients.loc[coefficients["bounded_by"] == "", "coefficient"].tolist()
    if free:
        said.append(f"No rate alone bounds {', '.join(free)}.")
    distrusted = rates.loc[~rates["trusted"], "rate"].tolist()
    if distrusted:
        said.append(f"Not used, as the emulator is not trusted: {', '.join(distrusted)}.")
    wrong = rates[rates["implausibility"] > settings["cut"]]
    if len(wrong):
        named = ", ".join(f"{row.rate} ({row.implausibility:.1f})" for row in wrong.itertuples())
        said.append(f"The present values are themselves implausible for {named}.")
    else:
        worst = rates.loc[rates["implausibility"].idxmax()]
        said.append(f"The present values are implausible for no rate; the highest is {worst['rate']} ({worst['implausibility']:.2f}).")
    return said
