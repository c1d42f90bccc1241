"""A simulation of made-up counts, its table of metrics, and the same by hand."""

import pytest
from made_counts import Hand, made_up

from sim.metrics import weekly


@pytest.fixture(scope="module")
def simulation():
    return made_up()


@pytest.fixture(scope="module")
def table(simulation):
    return weekly(simulation)


@pytest.fixture(scope="module")
def hand(simulation):
    return Hand(simulation)
