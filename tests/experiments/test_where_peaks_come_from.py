"""The best mix follows from what staff costs and does, and not from the mix that the model takes as its reference."""

import pandas as pd
import pytest
from cities import small
from scipy import stats

from sim.experiments.comparisons.mix import mix
from sim.experiments.comparisons.mix_grid import Mix, label_of, with_mix
from sim.experiments.runs.batch import run_batch
from sim.levers import DEFAULT_SPLITS, LEVERS, REFERENCE_SHARES
from sim.metrics import METRICS
from sim.scenario import read_scenario
from sim.scenario.schema.today import _today
from sim.simulation import Simulation

READERS = ("sim.levers", "sim.scenario.schema.today", "sim.scenario.schema.policy")
IN_MONEY = {
    "self_governance": {"yuan": 400},
    "rule_of_law": {"yuan": 850, "courts": {"yuan": 30}},
    "moral_education": {"yuan": 310},
    "public_services": {"yuan": 1150},
}
POLICING = 255_000
"""Cost of a police officer in a year, yuan."""
SEEDS = 14
ALARM = 1e-6
"""Chance that luck alone makes a move between two mixes look better at one cost than at another."""


@pytest.fixture
def move_the_reference(monkeypatch):
    """A function that moves the shares and splits of the reference everywhere in the package."""
    moved = dict(zip(REFERENCE_SHARES, (0.30, 0.10, 0.15, 0.25), strict=True))
    splits = {lever: dict(zip(split, range(1, 1 + len(split)), strict=True)) for lever, split in DEFAULT_SPLITS.items()}

    def move() -> None:
        for place in READERS:
            monkeypatch.setattr(f"{place}.REFERENCE_SHARES", moved)
            monkeypatch.setattr(f"{place}.DEFAULT_SPLITS", splits)
        _today.cache_clear()

    yield move
    _today.cache_clear()


def lived(policy) -> str:
    simulation = Simulation(small(26, policy=policy), 1)
    simulation.advance(26)
    return simulation.content_hash()


def test_a_policy_in_money_lives_the_same_weeks_whatever_the_reference_says(move_the_reference):
    before = lived(IN_MONEY)
    assert lived({**IN_MONEY, "rule_of_law": {"yuan": 851, "courts": {"yuan": 30}}}) != before
    move_the_reference()
    assert lived(IN_MONEY) == before


def test_moving_the_reference_moves_no_value_of_a_map(move_the_reference):
    """Every mix of a policy that says how its money is divided has the same outcomes, so that no peak can move."""
    policy = {lever: {"share": 0.2, "split": dict.fromkeys(parts, 1)} for lever, parts in LEVERS.items()}

    def mapped():
        return mix(small(26, policy=policy), steps=3, metrics=["offences", "waiting_cases"], replicates=2, workers=1)

    before = mapped()
    assert before.mixes["satisfaction"].nunique() > 5
    move_the_reference()
    after = mapped()
    pd.testing.assert_frame_equal(after.mixes, before.mixes, check_exact=True)
    pd.testing.assert_frame_equal(after.peaks, before.peaks, check_exact=True)
    pd.testing.assert_frame_equal(after.batch.outcomes[list(METRICS)], before.batch.outcomes[list(METRICS)], check_exact=True)


@pytest.mark.slow
def test_moving_what_police_cost_moves_the_peak():
    """People are most satisfied with 5.5 % for the rule of law where an officer costs a sixteenth of the usual, and with 27.5 % where one
    costs four times as much. What the move between these two mixes brings depends on that cost, at the false alarm `ALARM`.
    """
    mixes = [Mix(share, round(0.495 - share, 3), 0.055, 0.4) for share in (0.44, 0.22, 0.0)]
    prices = {"cheap": POLICING / 16, "dear": POLICING * 4}
    scenarios, labels = [], []
    for price, cost in prices.items():
        city = {"preset": "synthetic", "residents": 12_000, "districts": 1, "staffing": {"rule_of_law": {"policing": {"cost": cost}}}}
        base = read_scenario({"name": price, "horizon": 156, "city": city})
        scenarios += [with_mix(base, one) for one in mixes]
        labels += [f"{price} {label_of(one)}" for one in mixes]
    found = run_batch(scenarios, labels, 1, SEEDS).cube(["satisfaction"])[:, :, 0]
    cheap, dear = found[:, :3], found[:, 3:]
    assert (int(cheap.mean(axis=0).argmax()), int(dear.mean(axis=0).argmax())) == (0, 1)
    moved = (cheap[:, 0] - cheap[:, 1]) - (dear[:, 0] - dear[:, 1])
    assert stats.ttest_1samp(moved, 0.0, alternative="greater").pvalue < ALARM
