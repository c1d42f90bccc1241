"""A figure without its page explains its marks, in both languages."""

import pytest
from fake import make_run

from sim.metrics import METRICS
from sim.report.parts import series, style
from sim.report.parts.figures import end
from sim.report.run import figures
from sim.report.text.catalogue import say
from sim.report.text.labels import in_per_cent, metric_unit

STORY = {
    "shocks": [{"kind": "rumour", "at": 60, "lasts": 9}],
    "timeline": [{"at": 100, "over": 13, "set": {"policy.rule_of_law": 0.2}}],
}
OVER_TIME = ("indices", "parts", "prices", "fairness", "timeline")
SAID = {
    **dict.fromkeys(OVER_TIME, ("key_shock", "key_policy", "key_ramp")),
    "change": ("key_adds", "key_takes"),
    "groups": ("start", "key_interval"),
    "districts": ("key_range",),
}
"""Words that the key of a figure must hold where there is a story."""


@pytest.fixture(scope="module")
def run():
    return make_run(3, 156, 4, **STORY)


def words(figure):
    """What legends of a figure and of its panels say."""
    legends = [*figure.legends, *(axes.get_legend() for axes in figure.axes)]
    return {entry.get_text() for legend in legends if legend is not None for entry in legend.get_texts()}


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("name", SAID)
def test_marks_are_explained_within_the_figure(run, name, narrow):
    lang = style.figure_language("zh")
    figure = figures.FIGURES[name](run, lang, narrow)
    assert {say(key, lang) for key in SAID[name]} <= words(figure)
    style.settled(figure)
    inches = figure.get_size_inches()
    for legend in figure.legends:
        box = legend.get_window_extent()
        assert box.x1 <= inches[0] * figure.dpi + 1
        assert box.y0 >= -1


def test_without_a_story_no_mark_is_explained():
    figure = figures.FIGURES["indices"](make_run(3, 104, 2), "en")
    assert not {say(key, "en") for key in ("key_shock", "key_policy")} & words(figure)


def test_the_number_at_the_end_of_a_line_stands_where_its_mean_is_drawn(run):
    """The mean of the last weeks is a line of its own: the curve itself may end elsewhere."""
    axes = figures.FIGURES["indices"](run, "en").axes[0]
    weeks = series.edge(156)
    for name in series.INDICES:
        level = end(run, name)
        (mean,) = [drawn for drawn in axes.lines if len(drawn.get_xdata()) == 2 and drawn.get_ydata()[0] == pytest.approx(level)]
        assert list(mean.get_xdata()) == [155 - weeks, 155]
        (label,) = [said for said in axes.texts if said.get_text().endswith(f" {level:.2f}")]
        assert label.xy[1] == pytest.approx(level, abs=0.03)


def test_every_share_says_of_what():
    for name in filter(in_per_cent, METRICS):
        assert metric_unit(name, "en").startswith("share of ")
        assert metric_unit(name, "zh") not in ("占比", "")
