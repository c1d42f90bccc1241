"""Reported against true performance: what independent measurement uncovers, and how much of the reported is made up. Not fitted.

What is expected of each, by how much, and what would refute it stands at the top of each test, and was written before looking.
"""

from functools import cache

import numpy as np
from lived import city, in_words, over, seeds_in_words

ABOUT = {"part": "Appraisal", "seeds": seeds_in_words()}
START, WEEKS = 104, 26
DISHONEST = {"appraisal.dress": 0.0}


@cache
def reports(honest=False) -> np.ndarray:
    """True and reported performance (mean over districts) before, and reported after reports are all verified independently."""

    def of(seed):
        timeline = {"timeline": [{"at": START, "set": {"stance.audit": 1.0}}]}
        simulation = city(seed, DISHONEST if honest else None, weeks=START + WEEKS)
        simulation = type(simulation)(simulation.scenario.with_changes(timeline), seed)
        simulation.advance(START)
        districts = simulation.city.world.districts
        before = districts["performance"].mean(), districts["reported"].mean()
        simulation.advance(WEEKS)
        return (*before, districts["reported"].mean())

    return over(of)


def test_reports_worsen_when_measurement_is_independent(finding):
    """Expected: when reports can no longer be touched, the shortfall that is reported (1 less reported performance) rises by 35 % (20 to
    50 %), as reported dust did when its measurement was automated in China's cities. Refuted by a smaller or larger jump. Null model:
    nobody overstates (`appraisal.dress` 0).
    """

    def jumps(found):
        return (1 - found[:, 2]) / (1 - found[:, 1]) - 1

    mine, null = jumps(reports()), jumps(reports(honest=True))
    finding(
        "all reports verified independently: rise of the shortfall that districts report, half a year later",
        wanted="mean in +20 to +50 % (dust: +35 %)",
        found=in_words(mine, "+.0%"),
        null=f"nobody overstates (`appraisal.dress` 0): {in_words(null, '+.0%')}",
        reached=bool(0.2 <= mine.mean() <= 0.5),
        null_reached=bool(0.2 <= null.mean() <= 0.5),
        source="Greenstone et al. 2020, NBER w27502 (654 discontinuities)",
        **ABOUT,
    )


def test_a_part_of_reported_success_is_made_up(finding):
    """Expected: 4 to 17 % of the performance that districts report is made up, as of blue-sky days. Refuted by less or more. Null model:
    nobody overstates.
    """

    def made_up(found):
        return (found[:, 1] - found[:, 0]) / found[:, 1]

    mine, null = made_up(reports()), made_up(reports(honest=True))
    finding(
        "share of reported performance that is made up",
        wanted="mean in 4 to 16.8 % (of days of blue sky)",
        found=in_words(mine, ".1%"),
        null=f"nobody overstates (`appraisal.dress` 0): {in_words(null, '.1%')}",
        reached=bool(0.04 <= mine.mean() <= 0.168),
        null_reached=bool(0.04 <= null.mean() <= 0.168),
        source="Ghanem, Shen, Zhang 2020, doi:10.1086/709649",
        **ABOUT,
    )
    assert np.isfinite(mine).all()
