"""Mixes in words."""

from typing import TYPE_CHECKING, Any

from sim.experiments.comparisons.mix_grid import GOVERNANCES, OWN, SERVICES
from sim.report.mix.figures import services_of
from sim.report.parts.files import Shown
from sim.report.parts.numbers import PERCENT
from sim.report.text.catalogue import say

if TYPE_CHECKING:
    from sim.experiments.comparisons.mix_grid import GridResult


def share_of(share: float) -> str:
    """A share of the budget, to half a per cent or finer."""
    return Shown(f"{100 * share:.3g}{PERCENT}", share)


def mix_in_words(row: dict[str, Any], lang: str, services: bool = False) -> str:
    """Shares of a mix, in words."""
    shown = say("abbreviated", lang, **{key: share_of(row[lever]) for key, lever in zip("abc", GOVERNANCES, strict=True)})
    return say("with_services", lang, mix=shown, d=share_of(row[SERVICES])) if services else shown


def several(result: "GridResult") -> bool:
    """Whether several shares of public services were tried."""
    return len(services_of(result)) > 1


def labels(result: "GridResult", lang: str) -> dict[str, str]:
    """Every mix by its label, in words."""
    shown = {row["mix"]: mix_in_words(row, lang, several(result)) for row in result.mixes.to_dict("records")}
    return shown | {OWN: say("own_mix", lang)}
