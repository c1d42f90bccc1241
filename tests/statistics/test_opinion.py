"""Norms: peers and anchor against the fixed point of Friedkin and Johnsen; the bounded-confidence part against Deffuant's clusters."""

import numpy as np
from arranged import after, arranged, default
from scipy.ndimage import label

from sim.city.codes import FAR, NEAR

PART = "Textbook limits"
SILENT = {"norms.kappa": 0.0}
HEARD = {"norms.kappa": 10.0}
"""A strong message: over two and a half times as strong as peers and anchor, by the quarter of residents whom it reaches in a week."""
BOUNDS = {0.2: 2, 0.25: 2, 0.3: 1, 0.4: 1, 0.5: 1}
"""Confidence bounds, and how many clusters pairwise bounded confidence leaves."""
SEEDS = range(1, 11)


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
        reached=bool(off.max() <= 0.05),
        kind="built in",
        part=PART,
        seeds="1",
        source="Friedkin, Johnsen 1990, doi:10.1080/0022250X.1990.9990069",
    )


def clusters(norms) -> int:
    """Groups with a twentieth of all people or more, with emptier opinions between them."""
    shares = np.histogram(norms, 25, (0, 1))[0] / len(norms)
    groups, count = label(shares > 0.005)
    return int(sum(shares[groups == group].sum() >= 0.05 for group in range(1, count + 1)))


def deffuant(bound, seed, people=1000, sweeps=200):
    """Pairs who differ by less than the bound meet halfway."""
    rng = np.random.default_rng(seed)
    norms = rng.random(people)
    for _ in range(sweeps):
        one, other = rng.permutation(people).reshape(2, -1)
        gap = np.where(np.abs(norms[one] - norms[other]) < bound, norms[other] - norms[one], 0.0)
        norms[one] += 0.5 * gap
        norms[other] -= 0.5 * gap
    return norms


def ours(bound, seed):
    """The model's residents, who see others and hear a credible message, with norms anywhere at first."""
    columns = {"norm": np.random.default_rng(seed).random(1500), "susceptibility": 1.0, "confidence_bound": bound, "credibility": 0.65}
    simulation = arranged("norms", weeks=600, residents=1500, seed=seed, changes=HEARD, columns=columns)
    return after(simulation, 600)["norm"]


def test_bounded_confidence_leaves_clusters(finding):
    counts = {bound: np.array([[clusters(model(bound, seed)) for seed in SEEDS] for model in (ours, deffuant)]) for bound in BOUNDS}
    share = {bound: (counts[bound] == wanted).mean(axis=1) for bound, wanted in BOUNDS.items()}
    few, many = 0.25, 0.5
    models = {
        model.__name__: [np.histogram(model(bound, 1), 25, (0, 1), density=True)[0] for bound in (few, many)] for model in (ours, deffuant)
    }
    finding.draw("test_opinion.clusters", bounds=[few, many], **models)
    finding(
        "clusters that the bounded-confidence part leaves, at bounds of .2, .25, .3, .4 and .5",
        wanted="2, 2, 1, 1, 1, each in at least 90 % of seeds",
        found=", ".join(f"{np.median(counts[bound][0]):.0f}" for bound in BOUNDS)
        + f"; as wanted in {min(s[0] for s in share.values()):.0%} to"
        f" {max(s[0] for s in share.values()):.0%} of seeds",
        null="pairwise bounded confidence, counted likewise: " + ", ".join(f"{np.median(counts[bound][1]):.0f}" for bound in BOUNDS),
        reached=bool(min(s[0] for s in share.values()) >= 0.9),
        part=PART,
        seeds="1 to 10",
        source="Deffuant et al. 2000, doi:10.1142/S0219525900000078",
        would_take="Confidence bounds apply only to messages in this model: residents close to the message move towards it, distant"
        " ones away from it, so that two camps form at bounds where pairs would agree. Neighbours are seen as the mean of ten, one byte"
        " each, so no single pair can differ by more or less than a bound. It would take a separate reading of each tie, at several"
        " times the cost of a week. Do not use the model for polarisation among residents.",
    )
