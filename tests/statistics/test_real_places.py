"""Offences by area in real places that no coefficient was chosen by, against hardship alone (docs/decisions/0019-real-places.md)."""

import pytest
from places import ELSEWHERE, PLACES, lived

from sim.analysis.patterns.prediction import explained, share_better

PART = "Real places"
SURE = 0.95
SOURCES = {
    "Chicago 1975": "US Commission on Civil Rights, in Andrews, Herzberg 1985 (`faraway.chredlin`)",
    "Boston 1970": "Harrison, Rubinfeld 1978, doi:10.1016/0095-0696(78)90006-2; positions of Pace, Gilley 1997",
}
MISSES = {
    ("Chicago 1975", "strength"): "Thefts are many around the business district, of which a table of residents tells nothing. It would take"
    " facilities among what is fed, and offences that go where these are.",
    ("Chicago 1975", "order"): "Beyond hardship, simulated areas differ by luck. It would take differences between areas that follow from"
    " something known: facilities, the way to the centre, what lies across the border.",
    ("Chicago 1975", "moran"): "With 47 areas the interval is so wide that both null models lie in it. It would take more areas.",
    (
        "Chicago 1975",
        "concentration",
    ): "One area in the centre has a large part of all thefts, so the interval is wide and hardship alone lies"
    " in it. It would take more areas.",
    (
        "Boston 1970",
        "strength",
    ): "Rates differ a thousandfold between suburbs and quarters of the city, while the model gives every city the"
    " same spread of hardship. It would take hardship in absolute terms, such as the share of poor residents.",
    (
        "Boston 1970",
        "order",
    ): "A town with one census tract is simulated as a single block, and the luck of blocks differs more than hardship's"
    " pull. It would take a stronger pull, and differences that follow from what lies around.",
    ("Boston 1970", "moran"): "Neighbours are alike only as far as their hardship is, and the luck of blocks hides that. It would take"
    " offences that cross borders and a centre that attracts them.",
    ("Boston 1970", "concentration"): "As for the order of areas: the worst areas are not those with most residents and most hardship.",
    ("Boston 1970", "slope"): "The pull is the same share per unit of hardship in all cities, and suburbs against slums are a wider"
    " contrast than the model's spread of .1. It would take hardship in absolute terms.",
}
"""What it would take, by place and claim: of misses, and of what a null model reaches as well."""
everywhere = pytest.mark.parametrize("name", PLACES)


def told(name: str, claim: str) -> dict:
    """What all findings of a place say alike."""
    return {"part": PART, "seeds": "1 to 4, averaged", "source": SOURCES[name], "would_take": MISSES.get((name, claim), "")}


@everywhere
def test_offences_are_predicted_better_than_by_hardship_alone(name, finding):
    place = lived(name)
    told_by = place.predictions
    r2 = {what: explained(place.real, predicted) for what, predicted in told_by.items()}
    better = {what: share_better(place.real, predicted, told_by["hardship alone"]) for what, predicted in told_by.items()}
    finding(
        f"{name}: offences by area, predicted without any of the place's rates but their level",
        wanted="R2 above that of a straight line on hardship fitted to the other areas, in 95 % of bootstrap draws",
        found=f"R2 {r2['model']:.2f}; hardship alone {r2['hardship alone']:.2f}; above it in {better['model']:.0%} of draws",
        null=f"hardship dealt out at random: {r2['hardship dealt out']:.2f}; hardship alone with the slope of other places:"
        f" {r2['slope from elsewhere']:.2f}; mean of the neighbours' real rates: {r2['neighbours']:.2f}",
        reached=better["model"] >= SURE,
        null_reached=max(better["hardship dealt out"], better["slope from elsewhere"]) >= SURE,
        **told(name, "strength"),
    )


@everywhere
def test_areas_are_ordered_better_than_by_hardship_alone(name, finding):
    place = lived(name)
    better = place.order_better(place.simulated, place.hardship)
    finding(
        f"{name}: order of areas by offences",
        wanted="rank correlation with real rates above that of hardship, in 95 % of bootstrap draws",
        found=f"{place.order(place.simulated):+.2f}; hardship {place.order(place.hardship):+.2f}; above it in {better:.0%} of draws",
        null=f"hardship dealt out at random: {place.order(place.dealt):+.2f}",
        reached=better >= SURE,
        null_reached=place.order_better(place.dealt, place.hardship) >= SURE,
        **told(name, "order"),
    )


@everywhere
def test_rates_of_neighbouring_areas_are_alike(name, finding):
    place = lived(name)
    value, low, high = place.moran_of_real()
    simulated, alone = place.moran(place.simulated), place.moran(place.hardship)
    chance = -1 / (len(place.real) - 1)
    finding(
        f"{name}: Moran's I of log rates over the six nearest areas",
        wanted=f"{low:.2f} to {high:.2f} (95 % interval of the real {value:.2f})",
        found=f"{simulated:.2f}",
        null=f"rates dealt out at random: {chance:.2f}; rates that follow hardship alone: {alone:.2f}",
        reached=low <= simulated <= high,
        null_reached=low <= chance <= high or low <= alone <= high,
        **told(name, "moran"),
    )


@everywhere
def test_offences_gather_in_as_few_areas(name, finding):
    place = lived(name)
    value, low, high = place.worst_tenth_of_real()
    simulated = place.worst_tenth(place.simulated)
    even, alone = place.worst_tenth(0 * place.real), place.worst_tenth(place.predictions["hardship alone"])
    finding(
        f"{name}: share of offences in the worst tenth of areas",
        wanted=f"{low:.0%} to {high:.0%} (95 % interval of the real {value:.0%})",
        found=f"{simulated:.0%}",
        null=f"offences spread evenly over residents: {even:.0%}; hardship alone: {alone:.0%}",
        reached=low <= simulated <= high,
        null_reached=low <= even <= high or low <= alone <= high,
        **told(name, "concentration"),
    )


@everywhere
def test_hardship_pulls_as_strongly(name, finding):
    place = lived(name)
    real, error = place.slope(place.real)
    simulated, own = place.slope(place.simulated)
    finding(
        f"{name}: slope of log rates per standard deviation of hardship",
        wanted=f"within two standard errors of the real one: {real:+.2f} (+-{2 * error:.2f})",
        found=f"{simulated:+.2f} (+-{2 * own:.2f})",
        null=f"no pull: 0; mean slope of other places: {ELSEWHERE:+.2f}",
        reached=abs(simulated - real) <= 2 * error,
        null_reached=abs(real) <= 2 * error,
        **told(name, "slope"),
    )
