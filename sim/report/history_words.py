"""What a history match says, in sentences."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.experiments.history import HistoryMatch


def share(value: float) -> str:
    """A share of a space, however small."""
    if value != value:
        return "-"
    return f"{100 * value:.0f} %" if value >= 0.1 else f"{100 * value:.2g} %" if value else "0"


def lines(found: "HistoryMatch") -> list[str]:
    """What is left, what bounds what, and whether the present values stand."""
    nth = {1: "highest", 2: "second highest", 3: "third highest"}[found.settings["highest"]]
    count = f"{len(found.waves)} waves" if len(found.waves) > 1 else "1 wave"
    said = [f"{share(found.left)} of the space is left after {count} ({nth} implausibility at most {found.settings['cut']:g})."]
    if found.left == 0:
        said[0] = f"Nothing of the space is left after {count}: within these ranges the model cannot live within the rates."
    free = found.coefficients.loc[found.coefficients["bounded_by"] == "", "coefficient"].tolist()
    if free:
        said.append(f"No rate alone bounds {', '.join(free)}.")
    distrusted = found.rates.loc[~found.rates["trusted"], "rate"].tolist()
    if distrusted:
        said.append(f"Not used, as the emulator is not trusted: {', '.join(distrusted)}.")
    wrong = found.rates[found.rates["implausibility"] > found.settings["cut"]]
    if len(wrong):
        named = ", ".join(f"{row.rate} ({row.implausibility:.1f})" for row in wrong.itertuples())
        said.append(f"The present values are themselves implausible for {named}.")
    else:
        worst = found.rates.loc[found.rates["implausibility"].idxmax()]
        said.append(f"The present values are implausible for no rate; the highest is {worst['rate']} ({worst['implausibility']:.2f}).")
    return said
