"""Attraction of places for offences: what opportunity a place offers, before anybody guards it. Fixed at the start.

Claim. Opportunity differs most between street segments, less between neighbourhoods, and neighbourhoods that border on each other are
alike. Shops, bars, stations and markets draw offences to their neighbourhood.

Equation. Attraction of block q of community k, the mean over residents being 1 in the city and `a_k` in the community:

    A_qk = a_k * exp(CONCENTRATION z_q) / (mean over residents of k)
    a_k ~ exp(COMMUNITY z_k) * max(LEAST, 1 + PULL * (f_k / f - 1))

with z standard normal (`sim.draws.bell`), exchanged between communities so that bordering ones are alike (`sim.city.borders`), f_k
facilities per resident of the community and f those of the city; without facilities the last factor is 1.

Source. In The Hague 58 to 69 % of the variance of crime is that of street segments, "with most of the remaining variability at the
district level", not at that of neighbourhoods: Steenbeek, Weisburd 2016, doi:10.1007/s10940-015-9276-3 (abstract), so communities alone
differ little, and neighbouring ones together. Facilities: robbers choose blocks with bars, fast food, shops and other cash businesses,
and blocks next to these: Bernasco, Block, Ruiter 2012, doi:10.1093/jeg/lbs005 (abstract); violent crime of street segments rises with
drinking places nearby: Groff 2014, doi:10.1007/s10940-013-9213-2 (abstract). No size of either fits this scale: PULL is an assumption.

Built in: that a twentieth of the segments has half of the opportunity. What comes out is how far offences follow.
"""

import numpy as np

from sim.city.borders import clustered
from sim.city.community import BLOCK, BLOCK_SIZE
from sim.draws import bell, bells, random_key, stream, uniform
from sim.kernel import driver
from sim.maths import exp, exp2

PLACES = stream("places")
CONCENTRATION = 2.0
"""SD of the log between the blocks of a community. Set from the law of crime concentration, 4 to 6 % of street segments with 50 % of crime
in larger cities (Weisburd 2015, doi:10.1111/1745-9125.12070): with `COMMUNITY`, communities of 3,000 residents and draws that end at
3.46 SD, 5.4 % of blocks have half of the opportunity, and of 2.6 Poisson events per block and year 5.1 % half of the events."""
COMMUNITY = 0.5
"""SD of the log between communities (assumption, .3 to .5)."""
PULL = 0.5
"""Share by which attraction rises where facilities per resident are twice the city's (assumption, .2 to .8)."""
LEAST = 0.2
"""Least factor of facilities (assumption): places without any have homes."""
LN2 = 0.6931471805599453


def community_attraction(residents, facilities, first, neighbours, seed: int) -> np.ndarray:
    """Attraction of every community, mean 1 over residents, float32.

    Parameters
    ----------
    residents : ndarray of int, shape (communities,)
    facilities : ndarray or None
        Facilities of each community (at full size, like `people` in their ratio), or None where they are unknown.
    first, neighbours : ndarray
        Borders, as from `sim.city.borders.bordering`.
    seed : int
    """
    drawn = np.empty((len(residents), 1))
    bells(np.uint64(seed), PLACES, 1, np.array([0]), drawn)
    level = exp2(COMMUNITY / LN2 * clustered(drawn[:, 0], first, neighbours))
    if facilities is not None:
        level = level * facility_factor(residents, facilities)
    mean = (level * residents).sum() / residents.sum()
    return (level / mean).astype(np.float32)


def facility_factor(residents: np.ndarray, facilities: np.ndarray) -> np.ndarray:
    """Factor of facilities on a community's attraction; 1 everywhere if the city has none."""
    total = facilities.sum()
    if total <= 0:
        return np.ones(len(residents))
    relative = facilities / residents * (residents.sum() / total)
    return np.maximum(LEAST, 1.0 + PULL * (relative - 1.0))


def make_blocks(communities: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Blocks with their attraction and their rank for cameras, determined by the seed; and the residents of each."""
    blocks = np.zeros(int(communities["last_block"][-1]), BLOCK)
    draw_blocks(blocks, np.uint64(seed))
    blocks["hours"] = blocks["focus"] = blocks["conduct"] = 1.0
    many = communities["last_block"] - communities["first_block"]
    owner = np.repeat(np.arange(len(communities)), many)
    people = np.full(len(blocks), float(BLOCK_SIZE))
    people[communities["last_block"] - 1] = communities["residents"] - BLOCK_SIZE * (many - 1)
    mean = np.bincount(owner, blocks["attraction"] * people) / communities["residents"]
    blocks["attraction"] *= (communities["attraction"] / mean)[owner]
    return blocks, people


@driver
def draw_blocks(blocks, seed):
    """Draw the fixed attributes of every block: attraction before it is related to that of the community, and rank for cameras."""
    key = random_key(seed, PLACES, 0)
    for q in range(len(blocks)):
        block = blocks[q]
        block.attraction = exp(CONCENTRATION * bell(key, q, 0))
        block.lot = uniform(key, q, 4)
