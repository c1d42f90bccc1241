"""What a notebook shows, and that plotting functions take and return axes."""

from html.parser import HTMLParser

import matplotlib
import pytest
from fake import make_ledger, make_run

import sim
from sim.errors import UserError
from sim.notebook_cards import card, sparkline

matplotlib.use("Agg")
PLOTS = ["plot_budget", "plot_districts", "plot_flows", "plot_groups", "plot_indices", "plot_map"]


class Text(HTMLParser):
    def __init__(self, source):
        super().__init__()
        self.said, self.tags = "", []
        self.feed(source)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)

    def handle_data(self, data):
        self.said += data + " "


@pytest.fixture(scope="module")
def run():
    return make_run(3, 60, 3, title={"en": "A <b>city</b>"}, timeline=[{"at": 9, "set": {"budget": 0.9}}])


@pytest.fixture(autouse=True)
def closed():
    yield
    from matplotlib import pyplot

    pyplot.close("all")


def test_a_run_shows_itself(run):
    text = Text(run._repr_html_())
    assert "A <b>city</b>" in text.said
    assert {"stability", "satisfaction"} <= set(text.said.split())
    assert text.tags.count("svg") == 2
    assert "b" in text.tags


def test_a_scenario_shows_itself(run):
    text = Text(run.scenario._repr_html_())
    assert "A <b>city</b>" in text.said
    assert "rule_of_law" in text.said
    assert "timeline 1" in " ".join(text.said.split())


def test_cards_escape_what_they_show():
    assert "<script>" not in card("<script>", [("<script>", "<script>")], [["<script>"]], ["<script>"])
    assert sparkline(make_run(1, 2, 1).weekly[["order"]].to_numpy() * float("nan")) == ""


@pytest.mark.parametrize("name", PLOTS)
def test_plots_take_and_return_axes(run, name):
    from matplotlib import pyplot

    plot = getattr(sim, name)
    _, axes = pyplot.subplots()
    assert plot(run, ax=axes) is axes
    assert plot(run, ax=axes, lang="zh") is axes
    made = plot(run)
    assert made is not axes
    assert made.figure in map(pyplot.figure, pyplot.get_fignums())


def test_other_plots_take_and_return_axes(run):
    from matplotlib import pyplot

    for plot in (
        lambda ax: sim.plot_metric(run, "legitimacy", ax=ax),
        lambda ax: sim.plot_policy(run.scenario, ax=ax),
        lambda ax: sim.plot_waterfall(make_ledger(), "satisfaction", ax=ax),
    ):
        _, axes = pyplot.subplots()
        assert plot(axes) is axes


def test_a_metric_that_is_not_there_is_named_with_the_nearest(run):
    with pytest.raises(UserError, match="did you mean 'legitimacy'"):
        sim.plot_metric(run, "legitimcy")


def test_plots_are_public_and_documented():
    for name in (n for n in sim.__all__ if n.startswith("plot_")):
        assert "axes" in (getattr(sim, name).__doc__ or "").lower(), name
