"""The catalogue: what every metric says of itself, in which order they stand, and that nothing is computed that was not asked for."""

import re

import numpy as np
import pytest
from made_counts import made_up

from sim.city.measure import CONTENT, JOINING, SAFE, SATISFIED, SETTLED_IN
from sim.metrics import CITY_ONLY, METRICS, metric, series
from sim.metrics.catalogue import FILES
from sim.metrics.goalposts import GOALPOSTS
from sim.metrics.metric import DIRECTIONS, GROUPS
from sim.metrics.record import Record

CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("one", METRICS.values(), ids=METRICS)
def test_a_metric_is_described_in_two_languages(one):
    assert one.better in DIRECTIONS
    assert one.low < one.high
    for english, chinese in ((one.title, one.title_zh), (one.doc, one.doc_zh), *([one.share_of] if one.share_of else [])):
        assert english
        assert not CHINESE.search(english)
        assert CHINESE.search(chinese)
    if one.share_of:
        assert (one.unit, one.low, one.high) == ("share", 0, 1)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_two_metrics_have_one_title(language):
    assert len({one.title_in(language) for one in METRICS.values()}) == len(METRICS)


def test_columns_stand_in_the_order_of_groups_each_defined_in_the_file_of_its_name():
    assert [file.__name__.rpartition(".")[2] for file in FILES] == list(GROUPS)
    for one in METRICS.values():
        assert one.function.__module__.endswith(f".{one.group}"), one.name
    groups = [one.group for one in METRICS.values()]
    assert groups == sorted(groups, key=GROUPS.index)
    assert list(METRICS)[:2] == ["stability", "satisfaction"]


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("order", GOALPOSTS["order"].middle),
        ("calm", 1000 * GOALPOSTS["calm"].middle),
        ("resolution", GOALPOSTS["resolution"].middle),
        ("satisfied_share", SATISFIED),
        ("content", CONTENT),
        ("feel_safe", SAFE),
        ("nonlocal_joining", JOINING),
        ("nonlocal_feel_local", SETTLED_IN),
    ],
)
def test_a_definition_states_the_number_that_is_used(name, number):
    assert f"{float(number):.3g}" in METRICS[name].doc
    assert f"{float(number):.3g}" in METRICS[name].doc_zh


def test_only_metrics_that_are_asked_for_are_computed_and_each_once(monkeypatch):
    read = []
    monkeypatch.setattr(Record, "__getitem__", lambda self, name: read.append(name) or self.counts[:, :, self.columns[name]])
    series(made_up(), ["order"])
    assert read == ["offences"]
    read.clear()
    series(made_up(), ["stability", "order", "calm", "resolution"])
    assert read == ["offences", "active", "open_mediation", "open_office", "open_court", "formal_closed"]


def test_metrics_of_the_city_only_have_one_column():
    record = Record(made_up())
    for name, one in METRICS.items():
        assert one(record).shape == (record.weeks, 1 if name in CITY_ONLY else 4), name


def test_a_function_becomes_a_metric_with_its_docstring_as_definition():
    @metric(unit="share", high=1, better="less", group="state", title="Idle", title_zh="空闲")
    def idle(r):
        """Share of something
        that is idle.

        空闲的占比。

        Notes for readers of the code.
        """
        return np.zeros((r.weeks, 1))

    assert (idle.name, idle.doc, idle.doc_zh) == ("idle", "Share of something that is idle", "空闲的占比")
    assert (idle.title_in("en"), idle.title_in("zh"), idle.doc_in("zh")) == ("Idle", "空闲", "空闲的占比")
    assert "idle" not in METRICS
    with pytest.raises(ValueError, match="needs a docstring"):
        metric(unit="share", better="less", group="state", title="Idle", title_zh="空闲")(lambda r: r)


def test_no_direction_is_said_of_what_the_police_record():
    """Fewer records, and a higher share of them cleared, may come of recording less: the city is judged by offences themselves."""
    recorded = [name for name in METRICS if name.startswith("rate_cleared_share")]
    recorded += ["recorded_offences", "cleared_offences", "rate_recorded", "rate_violent", "rate_criminal", "rate_security_cases"]
    assert {METRICS[name].better for name in recorded} == {"neither"}
    assert METRICS["offences"].better == "less"
