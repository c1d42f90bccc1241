"""Tests of files see every note on how one was read, also where the terminal only counts them."""

import logging

import pytest


@pytest.fixture(autouse=True)
def every_note(caplog):
    caplog.set_level(logging.INFO, "sim.scenario")
