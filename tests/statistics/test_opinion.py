"""Norms: peers and anchor against the fixed point of Friedkin and Johnsen."""

import numpy as np
from arranged import after, arranged, default

from sim.city.codes import FAR, NEAR

PART = "Textbook limits"
SILENT = {"norms.kappa": 0.0}


def ties(simulation):
    """Whom everybody sees: shape (residents, ties)."""
    world = simulation.city.world
    rows = []
    for tile in world.tiles:
        count, home = int(tile["count"]), int(world.communities["first"][tile["community"]])
        near = tile["near"][:NEAR, :count].astype(np.int64) + home
        rows.append(np.concatenate([near, tile["far"][:FAR, :count].astype(np.int64)]).T)
    return np.concatenate(rows)


def fixed_point(people, seen, place):
    """Norms that no longer move, by solving the linear system of peers and anchors; `place` is a community, all of which teach alike."""
    young = people["age_group"] < 3
    school = default("norms.school") * place["school"] * (0.7 + 0.475 * place["education"])
    taught = school * np.where(young, 1.0, 0.4) + default("norms.family") * place["family"]
    taught = taught + default("norms.workplace") * place["work_ethic"] * ((people["age_group"] > 0) & (people["age_group"] < 4))
    anchor, weight, count = people["norm_anchor"] + taught - 0.04, people["susceptibility"].astype(float), len(seen)
    pull = np.zeros((count, count))
    np.add.at(pull, (np.arange(count)[:, None], seen), weight[:, None] / seen.shape[1])
    return np.linalg.solve(np.eye(count) - pull, (1.0 - weight) * anchor)


def test_peers_and_anchors_settle_where_friedkin_and_johnsen_say(finding):
    simulation = arranged("norms", weeks=400, residents=1500, changes=SILENT)
    seen, people, place = ties(simulation), after(simulation, 400), simulation.city.world.communities[0]
    expected = fixed_point(people, seen, place)
    off = np.abs(people["norm"] / expected - 1)
    strangers = fixed_point(people, np.random.default_rng(1).integers(0, len(seen), seen.shape), place)
    finding(
        "norms against the fixed point of Friedkin and Johnsen, solved from ties and anchors",
        wanted="every resident within 5 %",
        found=f"within {off.max():.1%} (mean {off.mean():.2%}); what is shown comes in steps of 1/31",
        null=f"other ties: within {np.abs(people['norm'] / strangers - 1).max():.0%}",
        null_reached=bool(np.abs(people["norm"] / strangers - 1).max() <= 0.05),
        reached=bool(off.max() <= 0.05),
        kind="built in",
        part=PART,
        seeds="1",
        source="Friedkin, Johnsen 1990, doi:10.1080/0022250X.1990.9990069",
    )
