"""Unrest alone, in Epstein's grid world with this model's decision: outbursts, legitimacy lost at once or slowly, police withdrawn.

And protests of the reference city: how large they are, and whether they follow conflict.
"""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from arranged import default
from cities import baseline
from gridworld import CITIZENS, ELSEWHERE, FLOOR, LITERAL, outbursts, protesters

from sim.metrics import series
from sim.simulation import Simulation

SEEDS = range(1, 21)
EPSTEIN = "Epstein 2002, doi:10.1073/pnas.092080199"
TICKS, DROP, STEPS, LAST = 3000, 77, 400, 600
HIGH, LOW = 0.90, 0.70
OUTBURST = 50
"""Protesters from which an outburst is counted."""
MANY, MESA_LEGITIMACY = 118, 0.8
"""Police of 7.4 % and legitimacy as in Mesa's example, where the control stays quiet."""


def lived(seeds, **settings):
    """Protesters by seed and tick."""
    with ThreadPoolExecutor(2) as pool:
        return np.array(list(pool.map(lambda seed: protesters(seed, **settings), seeds)))


def test_outbursts_are_punctuated_and_come_of_rounding_down(finding):
    by_rounding = {rounding: lived(range(1, 5), ticks=TICKS, rounding=rounding) for rounding in (FLOOR, LITERAL, ELSEWHERE)}
    floor, elsewhere = by_rounding[FLOOR], by_rounding[ELSEWHERE]
    peaks = [outbursts(run) for run in floor]
    counts, highest = [len(peak) for peak in peaks], [peak.max() for peak in peaks]
    quiet = float((floor < CITIZENS / 100).mean())

    def punctuated(runs):
        peaks = [outbursts(run) for run in runs]
        highest = min(peak.max(initial=0) for peak in peaks)
        return min(map(len, peaks)) > 20 and highest > 200 and (runs < CITIZENS / 100).mean() > 0.5

    shown = {"rounded": floor[0, :1000], "literal": by_rounding[LITERAL][0, :1000], "citizens": CITIZENS}
    finding.draw("test_unrest_patterns.outbursts", **shown)
    finding(
        "unrest alone, C / A rounded down: punctuated outbursts",
        wanted="runs above 50 of 1,120 protesters between long calm (fewer than 1 % in over half of all ticks); seen elsewhere: 101 to"
        " 122 in"
        " 3,000 ticks, peaks 290 to 368",
        found=f"{min(counts)} to {max(counts)} outbursts, highest peaks {min(highest)} to {max(highest)}, calm in {quiet:.0%} of ticks",
        null=f"risk seen from a random place: {max(len(outbursts(run)) for run in elsewhere)} outbursts at most",
        reached=punctuated(floor),
        null_reached=punctuated(elsewhere),
        part="Unrest",
        seeds="1 to 4",
        source=EPSTEIN,
    )

    highest = by_rounding[LITERAL].max()
    finding(
        "unrest alone, C / A as it is: no outbursts",
        wanted="never more than 50 protesters of 1,120; seen elsewhere: peaks of 13 to 34",
        found=f"never more than {highest}",
        null=f"rounded down: up to {by_rounding[FLOOR].max()}",
        reached=bool(highest <= 50),
        null_reached=bool(by_rounding[FLOOR].max() <= 50),
        part="Unrest",
        seeds="1 to 4",
        source=EPSTEIN,
    )


def legitimacy(steps):
    """From `HIGH` to `LOW`, in equal steps that begin at the drop."""
    gone = np.clip((np.arange(LAST) - DROP + 1) / steps, 0.0, 1.0)
    return HIGH - (HIGH - LOW) * gone


def test_legitimacy_lost_at_once_peaks_above_the_same_loss_in_steps(finding):
    runs = {steps: lived(SEEDS, ticks=LAST, legitimacy=legitimacy(steps)) for steps in (1, STEPS)}
    never = lived(range(1, 5), ticks=LAST, legitimacy=HIGH).max(axis=1)
    unseen = {steps: lived(range(1, 5), ticks=LAST, legitimacy=legitimacy(steps), rounding=LITERAL).max(axis=1) for steps in (1, STEPS)}
    at_once, slowly = runs[1].max(axis=1), runs[STEPS].max(axis=1)
    share = float((at_once - slowly >= OUTBURST).mean())
    shown = {"at_once": runs[1][0], "slowly": runs[STEPS][0], "steps": STEPS, "high": HIGH, "low": LOW}
    finding.draw("test_unrest_patterns.sudden_loss", **shown)
    finding(
        f"legitimacy lost at once ({HIGH:g} to {LOW:g}) peaks above the same loss in {STEPS} steps, by an outburst ({OUTBURST} protesters)",
        wanted="in at least 75 % of 20 seeds",
        found=f"in {share:.0%}; mean peaks {at_once.mean():.0f} and {slowly.mean():.0f}",
        null=f"no loss: {never.mean():.0f}; C / A not rounded: {unseen[1].mean():.0f} and {unseen[STEPS].mean():.0f}",
        reached=share >= 0.75,
        null_reached=bool((unseen[1] - unseen[STEPS] >= OUTBURST).mean() >= 0.75),
        part="Unrest",
        seeds="1 to 20",
        source=EPSTEIN,
    )


def test_police_withdrawn_step_by_step(finding):
    leaving = np.ceil(MANY * (1 - np.arange(LAST) / LAST))
    kept, fewer = (lived(SEEDS, ticks=LAST, legitimacy=MESA_LEGITIMACY, officers=officers) for officers in (MANY, leaving))
    few = leaving * 64 / MANY
    restless = [lived(range(1, 5), ticks=LAST, officers=officers).max(axis=1).mean() for officers in (64, np.ceil(few))]
    plain = [
        lived(range(1, 5), ticks=LAST, legitimacy=MESA_LEGITIMACY, officers=officers, rounding=LITERAL).max(axis=1)
        for officers in (MANY, leaving)
    ]
    share = float((fewer.max(axis=1) >= 3 * kept.max(axis=1)).mean())
    left = np.array([leaving[np.argmax(run > 50)] / MANY for run in fewer])
    finding(
        "police withdrawn step by step (7.4 to 0 %): the peak is at least three times that of the constant control",
        wanted="in at least 90 % of 20 seeds",
        found=f"in {share:.0%}; mean peaks {fewer.max(axis=1).mean():.0f} and {kept.max(axis=1).mean():.0f}; the first outburst came with"
        f" {left.min():.0%} to {left.max():.0%} of the police left. Others found no tipping point, and from 4 %, where the control has"
        f" outbursts already, the peaks are {restless[1]:.0f} and {restless[0]:.0f}",
        null=f"C / A not rounded: peaks of {plain[1].mean():.0f} and {plain[0].mean():.0f}",
        reached=share >= 0.9,
        null_reached=bool((plain[1] >= 3 * plain[0]).mean() >= 0.9),
        would_take="Where police leave, more people protest under any rule. It would take a tipping point: a share of the police that"
        " matters more than those before and after it, which others did not find either.",
        part="Unrest",
        seeds="1 to 20",
        source=EPSTEIN,
    )


CITIES, YEARS = range(11, 15), 5
"""Seeds of whole cities."""
FEW = 0.1
"""Share of protests that counts as a few."""


def protests(seed) -> np.ndarray:
    """Most people at once in every protest of two or more: weeks in a row in which residents of one community protest."""
    simulation = Simulation(baseline().with_changes({"horizon": 52 * YEARS}), seed)
    active = []
    for _ in range(52 * YEARS):
        simulation.advance(1)
        active.append(simulation.city.world.communities["last"]["active"].astype(int))
    sizes = np.concatenate([outbursts(community, 0) for community in np.array(active).T])
    return sizes[sizes >= 2]


def of_the_largest(sizes) -> float:
    """Share of all participants who are in the largest protests."""
    return np.sort(sizes)[::-1][: int(FEW * len(sizes))].sum() / sizes.sum()


def test_a_few_large_protests_have_most_participants(finding):
    with ThreadPoolExecutor(2) as pool:
        sizes = np.concatenate(list(pool.map(protests, CITIES)))
    share, median = of_the_largest(sizes), np.median(sizes) / sizes.mean()
    thin = 2 + np.random.default_rng(1).geometric(1.0 / (sizes.mean() - 1.0), len(sizes)) - 1
    finding(
        "sizes of protests: most are small, and a few large ones have most participants",
        wanted=f"the largest {FEW:.0%} have more than half of all participants; the median is below half of the mean",
        found=f"{share:.0%}; the median is {median:.2f} of the mean; {len(sizes)} protests of 2 to {sizes.max():,.0f} people",
        null=f"sizes with the same mean and a thin tail (geometric): {of_the_largest(thin):.0%}, {np.median(thin) / thin.mean():.2f}",
        reached=bool(share > 0.5 and median < 0.5),
        kind="built in",
        part="Unrest",
        seeds=f"{CITIES[0]} to {CITIES[-1]}, {YEARS} years of 240,000 residents each",
        source="Biggs 2018, doi:10.1177/0049124116629166 (abstract)",
    )


def test_protest_follows_conflict(finding):
    usual = {"mechanisms.disputes.rate": default("disputes.rate")}
    unmoved = {"mechanisms.unrest.by_case": 0.0, "mechanisms.unrest.by_delay": 0.0}

    def incidents(changes):
        def of(seed):
            simulation = Simulation(baseline().with_changes({**changes, "horizon": 208}), seed)
            simulation.advance(208)
            return series(simulation, ["rate_incidents"])["rate_incidents"][52:].mean()

        with ThreadPoolExecutor(2) as pool:
            return float(np.mean(list(pool.map(of, CITIES))))

    def times(factor, changes):
        return {**changes, "mechanisms.disputes.rate": factor * usual["mechanisms.disputes.rate"]}

    before = incidents(usual)
    without, twice = (incidents(times(factor, {})) / before - 1 for factor in (0.0, 2.0))

    def null():
        plain = incidents(unmoved)
        less, more = (incidents(times(factor, unmoved)) / plain - 1 for factor in (0.0, 2.0))
        return f"cases move nobody (`unrest.by_case` 0, `unrest.by_delay` 0): {less:+.0%} and {more:+.0%}"

    finding(
        "protest follows conflict: collective incidents without disputes, and with twice as many",
        wanted="at least a third fewer; at least half more",
        found=f"{without:+.0%}; {twice:+.0%} ({before:.3f} per 1,000 residents a year as usual)",
        null=null,
        reached=bool(without <= -1 / 3 and twice >= 0.5),
        kind="built in",
        part="Unrest",
        seeds=f"{CITIES[0]} to {CITIES[-1]}",
        source="mechanism `unrest`; weights of its causes: assumptions",
    )
