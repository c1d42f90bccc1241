"""The page of a mechanism says what would refute it, with the verdict of every claim that was tried; the claims exist."""

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[2]))

from docs.making import mechanisms
from sim.mechanisms import MECHANISMS

ROOT = Path(__file__).parents[2]
WORDS = [ROOT / "sim" / "experiments" / "calibration" / "known_effects.py", ROOT / "sim" / "scenario" / "cities" / "rates.csv"]
"""Where the words of claims stand that tests make from tables."""


@pytest.mark.parametrize("name", MECHANISMS)
def test_every_claim_that_is_named_as_tried_is_one_of_its_test(name):
    for begins, test in mechanisms.CLAIM.findall(" ".join(MECHANISMS[name].doc.split())):
        (path,) = (ROOT / "tests").rglob(f"{test}.py")
        text = "\n".join(one.read_text(encoding="utf-8") for one in (path, *WORDS))
        assert begins.strip(":").replace("`", "") in text.replace("`", ""), begins


@pytest.mark.parametrize("name", MECHANISMS)
def test_the_page_says_what_would_refute_the_mechanism(name):
    page = mechanisms.mechanism_page(MECHANISMS[name])
    assert page.count("**Refuted by.**") == 1
    assert page.index("**Source.**") < page.index("**Refuted by.**") < page.index("**Brings:**")


def test_the_verdict_is_that_of_the_findings(monkeypatch):
    claims = {"test_it": [("hot spots: a", True), ("hot spots: b", False), ("cameras: c", True), ("audits: d", False)]}
    monkeypatch.setattr(mechanisms, "_claims", lambda: claims)
    said = {begins: mechanisms.verdict(begins, "test_it") for begins in ("hot spots", "cameras", "audits", "new")}
    assert said["hot spots"] == "`test_it`: [held in 1 of 2](../../validation.md)"
    assert said["cameras"] == "`test_it`: [held](../../validation.md)"
    assert said["audits"] == "`test_it`: [missed](../../validation.md)"
    assert said["new"] == "`test_it`: not measured yet"
