"""A world in a scenario, and a set of worlds as a file."""

import json

import pandas as pd
import pytest
from some_worlds import ABOUT, some

import sim
from sim.errors import UserError
from sim.version import MODEL_VERSION
from sim.worlds import world_set
from sim.worlds.world_set import WorldSet, read_worlds, write_worlds

BASE = sim.load_scenario("baseline")


def test_a_world_gives_its_coefficients():
    one = WorldSet(some(), ABOUT).world(2)
    scenario = one.apply(BASE)
    for name, value in one.coefficients.items():
        mechanism, _, key = name.partition(".")
        assert scenario.mechanisms[mechanism][key] == value
    assert scenario.city == BASE.city
    assert scenario.policy == BASE.policy


def test_what_the_author_set_stays():
    own = BASE.with_changes({"mechanisms.offending.base": 0.03, "mechanisms.policing.enabled": False})
    scenario = WorldSet(some(), ABOUT).world(1).apply(own)
    assert scenario.mechanisms["offending"].base == 0.03
    assert not scenario.mechanisms["policing"].enabled
    assert scenario.mechanisms["offending"].theta != own.mechanisms["offending"].theta


def test_what_the_city_of_a_preset_sets_stays():
    beijing = BASE.with_changes({"city.preset": "beijing_2020"})
    own = {name: values for name, values in beijing.mechanisms.items() if values != BASE.mechanisms[name]}
    assert own
    scenario = WorldSet(some(), ABOUT).world(1).apply(beijing)
    for name, values in own.items():
        for key, value in values.model_dump().items():
            if value != BASE.mechanisms[name][key]:
                assert scenario.mechanisms[name][key] == value


def test_a_file_keeps_every_bit(tmp_path):
    table = some()
    path = write_worlds(table, ABOUT, tmp_path / "worlds.parquet")
    found = read_worlds(path)
    pd.testing.assert_frame_equal(found.table, table, check_exact=True)
    assert found.about == ABOUT
    assert [one.coefficients for one in found] == [one.coefficients for one in WorldSet(table, ABOUT)]
    before = path.read_bytes()
    assert write_worlds(table, ABOUT, path).read_bytes() == before


def test_a_set_of_another_model_is_refused_but_may_be_looked_at(tmp_path):
    path = write_worlds(some(), {**ABOUT, "model": "1.0"}, tmp_path / "worlds.parquet")
    with pytest.raises(UserError, match=rf"made with model 1.0, but this is model {MODEL_VERSION}"):
        read_worlds(path)
    assert len(read_worlds(path, any_model=True)) == 6


def test_a_set_for_other_coefficients_is_refused(tmp_path):
    path = write_worlds(some().drop(columns=["offending.base"]), ABOUT, tmp_path / "worlds.parquet")
    with pytest.raises(UserError, match=r"lacks 1 coefficients, offending\.base first"):
        read_worlds(path)


def wrong_files(folder):
    """Files that are no sets of worlds."""
    whole = write_worlds(some(), ABOUT, folder / "whole.parquet").read_bytes()
    contents = {
        "empty": b"",
        "text": b"no set of worlds",
        "cut": whole[: len(whole) // 2],
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
        yield folder / name
    pd.DataFrame({"a": [1]}).to_parquet(folder / "other")
    yield folder / "other"
    yield write_worlds(some(), {"model": MODEL_VERSION}, folder / "half")


def test_what_is_no_set_is_one_error(tmp_path):
    for path in wrong_files(tmp_path):
        with pytest.raises(UserError, match="is no set of worlds, or damaged") as error:
            read_worlds(path)
        assert "\n" not in str(error.value)
    with pytest.raises(UserError, match="cannot read"):
        read_worlds(tmp_path / "missing")


def test_a_damaged_file_is_refused_or_gives_the_same_worlds(tmp_path):
    """Some bytes of Parquet mean nothing for the values."""
    whole, refused = write_worlds(some(), ABOUT, tmp_path / "whole.parquet").read_bytes(), 0
    for place in range(10, len(whole), len(whole) // 16):
        path = tmp_path / f"damaged {place}"
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 255]) + whole[place + 1 :])
        try:
            found = read_worlds(path)
        except UserError:
            refused += 1
        else:
            pd.testing.assert_frame_equal(found.table, some(), check_exact=True)
    assert refused > 4


def test_a_package_without_a_set_says_how_to_make_one(monkeypatch, tmp_path):
    monkeypatch.setattr(world_set, "SHIPPED", tmp_path / "none.parquet")
    with pytest.raises(UserError, match="sanzhi worlds make"):
        sim.worlds.load()


def test_a_place_that_cannot_be_written_is_one_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="cannot write"):
        write_worlds(some(), ABOUT, tmp_path / "file" / "worlds.parquet")


def test_samples_are_nested_and_the_same_every_time():
    found = WorldSet(some(20), ABOUT)
    small, large = ({one.number for one in found.sample(count)} for count in (5, 12))
    assert small < large
    assert [one.number for one in found.sample(5)] == [one.number for one in found.sample(5)]
    assert len(found.apply(BASE, 3)) == 3


@pytest.mark.parametrize("count", [0, 21])
def test_more_worlds_than_there_are_is_an_error(count):
    with pytest.raises(UserError, match="expected 1 to 20"):
        WorldSet(some(20), ABOUT).sample(count)


def test_an_unknown_world_is_an_error():
    with pytest.raises(UserError, match="one of the 6 worlds"):
        WorldSet(some(), ABOUT).world(7)


def test_structural_choices_are_columns_and_stay_where_an_author_chose():
    found = WorldSet(some().assign(**{"mechanisms.unrest.arrest_ratio": "smooth", "mechanisms.services.memory": "none"}), ABOUT)
    there = found.world(1).apply(BASE.with_changes({"mechanisms.services.memory": "asymmetric"}))
    assert there.mechanisms["unrest"]["arrest_ratio"] == "smooth"
    assert there.mechanisms["services"]["memory"] == "asymmetric"


def test_about_is_plain_data(tmp_path):
    path = write_worlds(some(), ABOUT, tmp_path / "worlds.parquet")
    assert json.loads(json.dumps(read_worlds(path).about)) == ABOUT


def test_worlds_as_a_table(monkeypatch, tmp_path):
    monkeypatch.setattr(world_set, "SHIPPED", write_worlds(some(20), ABOUT, tmp_path / "worlds.parquet"))
    assert len(sim.worlds()) == 20
    table = sim.worlds(5, seed=2)
    assert table["world"].tolist() == [world.number for world in read_worlds().sample(5, 2)]
    with pytest.raises(UserError, match="expected 1 to 20"):
        sim.worlds(21)
