"""Words and numbers in both languages."""

import re
from typing import get_args

import pytest

from sim.mechanisms import MECHANISMS
from sim.metrics import METRICS
from sim.report.parts import style
from sim.report.parts.numbers import between, number
from sim.report.run.assumptions import in_words
from sim.report.text import labels
from sim.report.text.catalogue import entries
from sim.spec import CHOICE


def test_every_metric_of_the_simulation_has_a_title_and_a_unit_in_both_languages():
    for name in METRICS:
        assert re.search(r"[\u4e00-\u9fff]", labels.metric_title(name, "zh"))
        assert labels.metric_unit(name, "zh") != labels.metric_unit(name, "en"), name


def test_every_unit_of_a_coefficient_is_said_in_chinese():
    for name, mechanism in MECHANISMS.items():
        for key, field in mechanism.parameters.model_fields.items():
            unit = field.json_schema_extra["unit"]
            if unit == CHOICE:
                continue  # is said by its name
            said = in_words(3.0, unit, "zh")
            assert "3" in said
            assert not re.search("[A-Za-z]", said), f"{name}.{key}: {said}"


def test_every_mechanism_has_a_name():
    from sim.mechanisms import MECHANISMS

    assert {name for name in MECHANISMS if not re.search(r"[\u4e00-\u9fff]", labels.mechanism_title(name, "zh"))} == set()
    assert labels.mechanism_title("mass_work", "en") == "Visits and service projects"
    assert labels.mechanism_title("limits", "zh") == "评价触及上下限"  # an account of the attribution that is no mechanism


def test_every_kind_of_shock_has_a_name():
    from sim.scenario.schema.shocks import Shock

    assert {f"shock_{kind}" for kind in get_args(Shock.model_fields["kind"].annotation)} <= set(entries())


@pytest.mark.parametrize(
    ("value", "name", "sign", "shown"),
    [
        (0.5249, "stability", False, "0.52"),
        (-0.0123, "stability", True, "−0.012"),
        (-0.0001, "stability", True, "0.000"),
        (0.766, "content", False, "77\u202f%"),
        (0.0481, "volunteers", False, "4.8\u202f%"),
        (219.4, "rate_disputes", False, "219"),
        (0.0301, "rate_incidents", False, "0.030"),
        (float("nan"), "stability", False, "–"),
        (0.045, "gap_satisfaction", False, "0.045"),
        (1234567.0, "", False, "1,234,567"),
    ],
)
def test_numbers_read_well(value, name, sign, shown):
    assert number(value, name, sign) == shown


def test_ranges_name_per_cent_once():
    assert between("65\u202f%", "95\u202f%") == "65–95\u202f%"


@pytest.mark.slow
def test_figures_fall_back_to_english_without_a_chinese_font(monkeypatch, tmp_path):
    from fake import make_run

    from sim.report.run.page import write_report

    monkeypatch.setattr(style, "chinese_font", lambda: None)
    style._families.cache_clear()
    try:
        page = write_report(make_run(1, 20, 2), tmp_path, "zh").read_text(encoding="utf-8")
        assert "没有中文字体" in page
        assert style.figure_language("zh") == "en"
    finally:
        style._families.cache_clear()


def test_drawing_leaves_matplotlib_as_it_was():
    import matplotlib
    from fake import make_run

    from sim.report.run.figures import FIGURES

    before = dict(matplotlib.rcParams)
    for draw in FIGURES.values():
        draw(make_run(1, 10, 2))
    assert dict(matplotlib.rcParams) == before
