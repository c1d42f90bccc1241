"""Taking part as a public-goods play: half of all begin, nobody is punished, and posts are open to everyone."""

import numpy as np
from arranged import arranged

from sim.city.codes import CALM, VOLUNTEERING

ROUNDS, WEEKS = 10, 13
SEEDS = range(1, 6)
UNCONDITIONAL = 3
OPEN = {"participation.posts": 1.0, "participation.need": 0.0}
"""Places for all; and being heard as usual: with everything else off nobody is angry, which would let more people feel heard than usual."""


def play(seed, changes=None, **columns):
    """Share of adults who contribute in each round of a quarter, the first of them as it begins."""
    half = np.where(np.random.default_rng(seed).random(4000) < 0.5, VOLUNTEERING, CALM)
    columns = {"status": half, "weeks_left": 0, "fatigue": 0.0, **columns}
    simulation = arranged(
        "participation", weeks=ROUNDS * WEEKS, residents=4000, seed=seed, changes={**OPEN, **(changes or {})}, columns=columns
    )
    adults = simulation.city.residents.values("age_group") > 0
    shares = []
    for _ in range(ROUNDS):
        shares.append((simulation.city.residents.values("status") == VOLUNTEERING)[adults].mean())
        simulation.advance(WEEKS)
    return np.array(shares)


def without_one_reason():
    """The same plays where one reason to decline is missing."""
    return {
        "everybody contributes without condition": [play(seed, cooperation=UNCONDITIONAL) for seed in SEEDS],
        "nobody looks at others": [play(seed, {"participation.conditional": 0.0}) for seed in SEEDS],
        "nobody tires": [play(seed, {"participation.tiring": 0.0}) for seed in SEEDS],
        "nobody quits": [play(seed, {"participation.quit": 0.0}) for seed in SEEDS],
    }


def test_contributions_decline_without_sanction(finding):
    plays = {"as it is": [play(seed) for seed in SEEDS]}
    if finding.kept:
        plays |= without_one_reason()
    left = {name: np.mean([shares[-1] / shares[0] for shares in several]) for name, several in plays.items()}
    each = np.array([shares[-1] / shares[0] for shares in plays["as it is"]])
    finding.draw("test_public_goods.decline", plays={name: np.mean(several, axis=0) for name, several in plays.items()})
    finding(
        f"public-goods play without sanction, {ROUNDS} rounds of a quarter: contributions of the last round against the first",
        wanted="at most half, in every seed",
        found=f"{each.mean():.0%} ({each.min():.0%} to {each.max():.0%}); the decline comes from tiring and quitting, not from cooperators"
        " who are let down: where nobody looks at others, it is steeper",
        null="; ".join(f"{name}: {share:.0%}" for name, share in left.items() if name != "as it is"),
        reached=bool(each.max() <= 0.5),
        null_reached=lambda: max(shares[-1] / shares[0] for shares in plays["nobody looks at others"]) <= 0.5,
        would_take="People tire and quit, which is the decline: where nobody looks at others it is steeper. It would take contributions"
        " that one can lower bit by bit, and types who match less than what others give.",
        part="Cooperation and verdicts",
        seeds="1 to 5",
        source="Fischbacher, Gaechter, Fehr 2001, doi:10.1016/S0165-1765(01)00394-9",
    )
