"""Every row of a lever is complete: texts in both languages, a default that is allowed, one name for one thing."""

import re

import pytest

from sim.levers import BUDGET_LEVERS, INSTRUMENT_ROWS, NAMES, STANCES
from sim.levers.rows import Stance
from sim.scenario.schema.policy import Stance as Settings
from sim.shocks import SHOCKS

CHINESE = re.compile(r"[\u4e00-\u9fff]")
ROWS = {**BUDGET_LEVERS, **INSTRUMENT_ROWS, **STANCES}


def texts(row):
    """Every text of a row by language."""
    parts = ("names", "doc", "brings", "costs")
    return [*(getattr(row, part) for part in parts if hasattr(row, part)), *getattr(row, "choices", {}).values()]


@pytest.mark.parametrize("name", ROWS)
def test_a_row_speaks_both_languages(name):
    for text in texts(ROWS[name]):
        assert set(text) == {"en", "zh"}
        assert text["en"].strip()
        assert CHINESE.search(text["zh"])


@pytest.mark.parametrize("kind", SHOCKS)
def test_a_kind_of_shock_is_described_in_both_languages(kind):
    assert SHOCKS[kind]["en"].strip()
    assert CHINESE.search(SHOCKS[kind]["zh"])


def test_a_name_that_two_rows_share_means_the_same():
    for name, row in ROWS.items():
        assert row.names == NAMES[name.rpartition(".")[2]]
        for choice, names in getattr(row, "choices", {}).items():
            assert names == NAMES[choice]


def test_every_stance_is_a_key_of_scenarios_with_its_default():
    assert {name: field.default for name, field in Settings.model_fields.items()} == {name: row.default for name, row in STANCES.items()}


def test_a_row_that_cannot_be_is_refused():
    both = {"en": "a", "zh": "甲"}
    with pytest.raises(ValueError, match="default"):
        Stance(names=both, doc=both, default="maybe", brings=both, costs=both, choices={"yes": both, "no": both})
