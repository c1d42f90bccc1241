"""Figures as files: text that stays text, nothing lost by making them small, curves no finer than a panel."""

import logging
import re

import numpy as np
import pytest

from sim.report.parts import style
from sim.report.parts.numbers import percent
from sim.report.parts.series import Bands, thinned

LABELS = ("0.60", "1.000", "+0.100", "满意指数", "a; b: c  d")


@pytest.fixture(scope="module")
def svg():
    with style.look():
        figure = style.new_figure(4, 3)
        axes = figure.subplots()
        axes.plot(np.linspace(0, 1, 400), np.sin(np.linspace(0, 9, 400)))
        for row, label in enumerate(LABELS):
            axes.text(0.1, 0.15 * row, label)
    return style.to_svg(figure).decode()


def test_text_stays_text_to_the_last_digit_and_space(svg):
    said = re.findall(r"<text[^>]*>([^<]*)</text>", svg)
    assert set(LABELS) <= set(said)


def test_fonts_are_named_once_and_end_in_one_that_every_system_has(svg):
    assert re.findall(r"font-family[=:][^>]*?sans-serif", svg) != []
    assert len(re.findall("font-family", svg)) == 1


def test_a_curve_keeps_its_points_to_a_tenth(svg):
    points = [float(v) for v in re.findall(r"-?\d+\.?\d*", max(re.findall(r' d="([^"]*)"', svg), key=len))]
    assert len(points) > 100
    assert all(abs(v * 10 - round(v * 10)) < 1e-6 for v in points)


def test_thinned_bands_keep_their_ends_and_what_lies_furthest_out():
    weeks, noise = np.arange(260), np.random.default_rng(1).normal(size=260)
    whole = Bands(weeks, noise, noise - 1, noise + 1)
    few = thinned(whole, 100)
    assert len(few.weeks) <= 131
    assert (few.weeks[0], few.weeks[-1]) == (0, 259)
    assert few.low.min() == whole.low.min()
    assert few.high.max() == whole.high.max()
    assert thinned(whole, 300) is whole


@pytest.mark.parametrize(("share", "said"), [(0.0004, "0.04"), (0.00004, "0.004"), (0.0, "0"), (0.031, "3.1"), (0.42, "42")])
def test_small_shares_are_not_nothing(share, said):
    assert percent(share).split("\u202f")[0] == said


def test_a_font_without_bold_is_no_news(caplog):
    logger = logging.getLogger("matplotlib.font_manager")
    with caplog.at_level(logging.WARNING):
        logger.warning("findfont: Failed to find font weight %s for %s, now using %s.", "bold", "Noto Sans CJK JP", 400)
        logger.warning("findfont: Font family %r not found.", "Nothing")
    assert [record.getMessage() for record in caplog.records] == ["findfont: Font family 'Nothing' not found."]
