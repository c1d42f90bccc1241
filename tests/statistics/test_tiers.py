"""Satisfaction by tier of government: whether the model has a verdict on farther tiers at all."""

from sim.metrics import METRICS

TIERS = ("central", "province", "county", "township")


def test_farther_tiers_are_rated_higher(finding):
    said = {name: f"{name} {about}".lower() for name, about in METRICS.items()}
    rated = [tier for tier in TIERS if any(tier in text for text in said.values())]
    finding(
        "satisfaction by tier: farther tiers are rated higher (central, province, county, township)",
        wanted="that order of four verdicts",
        found=f"{len(rated)} of the four tiers have a verdict; the only one on government is `content`, on the services of the nearest"
        f" tier",
        reached=len(rated) == len(TIERS),
        part="Cooperation and verdicts",
        source="surveys of satisfaction with tiers of government in China",
        would_take="It would take a judgement of each resident on tiers without personal contact, based on messages and reputation"
        " instead of experience, with blame for bad services assigned to the nearest tier: a mechanism and four columns. Until then the"
        " model cannot show whether a measure affects trust in the centre differently from trust in the neighbourhood office.",
    )
