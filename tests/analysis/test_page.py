"""The page of a study agrees with the tables, in both languages, at every width, also with little data."""

import re

import pytest
from made import LEVERS, result_of, study

from sim.errors import UserError
from sim.experiments.studies.analyze import analyze
from sim.report.study import sentences
from sim.report.study.factors import factor_title
from sim.report.study.page import write_analysis
from sim.report.text.catalogue import say

pytest.importorskip("SALib", reason="the extra `analysis` is not installed")


@pytest.fixture(scope="module")
def crossed():
    """Levers crossed with an uncertain factor, and a target."""
    factors = {**{key: [0.0, 0.07, 0.14, 0.2] for key in LEVERS}, "mechanisms.norms.bound": [0.2, 0.3, 0.4]}
    return analyze(result_of(study("grid", 3, factors=factors)), {"stability": ("at_least", 0.5)})


@pytest.mark.parametrize("kind", ["lhs", "sobol", "morris"])
def test_the_factor_that_matters_most_is_named_with_its_interval(kind, tmp_path):
    found = analyze(result_of(study(kind)))
    page = write_analysis(found, tmp_path).read_text(encoding="utf-8")
    first = sentences.sensitivity_sentences(found, "stability", "en")[0]
    assert first.startswith("Stability: Self-governance")
    assert re.search(r"95 % interval [\d.]+.* to [\d.]+", first)
    assert first in page.replace("&#39;", "'")
    assert "higher value" in first
    assert sentences.sensitivity_sentences(found, "stability", "zh")[0] in page


def test_files_beside_the_page_hold_every_table(crossed, tmp_path):
    write_analysis(crossed, tmp_path)
    names = {path.name for path in tmp_path.iterdir()}
    assert {"sensitivity.csv", "boxes.csv", "front.csv", "robustness.csv", "report.html"} <= names
    assert {"sensitivity.png", "boxes-1.svg", "front.png", "robust.svg"} <= {path.name for path in (tmp_path / "figures").iterdir()}


def test_the_robust_policy_is_reported_with_its_policy_and_futures(crossed):
    said = sentences.robust_sentences(crossed, "en")
    assert said[0].startswith("Futures: 3 settings of")
    assert "Self-governance (自治) 20" in said[1]
    assert any("smallest maximum regret" in sentence for sentence in said)


def test_the_region_that_misses_the_target_is_reported(crossed):
    (question,) = crossed.questions
    text = " ".join(sentences.discovery_sentences(crossed, question, "en"))
    assert "Stability ≥ 0.50" in text
    assert "Self-governance (自治) is at most" in text


def test_a_study_in_which_nothing_moves_and_one_that_is_not_finished_have_a_page(tmp_path):
    flat = result_of(study("lhs", 1), made=lambda table, luck: {"stability": 0.5, "satisfaction": 0.5})
    page = write_analysis(analyze(flat), tmp_path / "flat").read_text(encoding="utf-8")
    assert "no index can be computed" in page
    assert say("s_luck_unknown", "en") in page
    half = analyze(result_of(study("sobol"), undone=range(100, 1000)))
    page = write_analysis(half, tmp_path / "half", "zh").read_text(encoding="utf-8")
    assert '<html lang="zh">' in page
    assert "研究尚未完成" in page
    assert "The study is not finished" in page


def test_same_study_same_bytes(crossed, tmp_path):
    one, two = (write_analysis(crossed, tmp_path / name).read_bytes() for name in "ab")
    assert one == two


def test_a_language_that_is_none_is_refused(crossed, tmp_path):
    with pytest.raises(UserError, match="expected en or zh"):
        write_analysis(crossed, tmp_path, "fr")


def test_titles_of_factors():
    assert factor_title("policy.rule_of_law", "zh") == "法治"
    assert factor_title("policy.rule_of_law.split.courts", "en") == "Rule of law (法治): courts"
    assert factor_title("stance.transparency", "en") == "Transparency"
    assert factor_title("city.scale", "en") == "city.scale"


@pytest.mark.browser
def test_the_page_fits_page_and_phone_without_a_network(crossed, tmp_path, browser):
    path = write_analysis(crossed, tmp_path)
    context = browser.new_context(offline=True)
    page = context.new_page()
    complaints = []
    page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
    page.goto(path.as_uri())
    for lang in ("en", "zh"):
        page.evaluate(f"document.getElementById('language-{lang}').checked = true")
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        for width in (1280, 390, 320):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (lang, width)
    context.close()
    assert complaints == []
