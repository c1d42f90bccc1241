"""Mixes over plausible worlds, which are made up here."""

import re
import zlib
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from cities import small
from click.testing import CliRunner
from test_world_set import ABOUT, some

import sim
from sim.analysis.among_best import luck_between, luck_of
from sim.analysis.world_verdict import LEANING, fewest
from sim.cli import cli
from sim.experiments.comparisons import world_runs
from sim.experiments.comparisons.mix_grid import GOVERNANCES, OWN, Mix, label_of, mixes_of, own_mix, with_mix
from sim.experiments.comparisons.mix_worlds import AGAIN, TOGETHER, WorldMixResult
from sim.experiments.experiment_result import outcomes_hash
from sim.experiments.runs.batch import summarise
from sim.report.mix.page import write_mix
from sim.results import read_manifest
from sim.worlds import world_set
from sim.worlds.world_set import WorldSet, write_worlds

WEEKS, WORLDS = 8, 5
CITY = {"weeks": WEEKS, "residents": 400, "districts": 1}
ASKED = {"steps": 2, "metrics": ["wrongful_stops"], "seed": 3, "workers": 1}


@pytest.fixture(scope="module")
def worlds():
    return WorldSet(some(WORLDS), ABOUT)


@pytest.fixture(scope="module")
def result(worlds):
    return sim.mix(small(**CITY), worlds=worlds, **ASKED)


def made_up(value):
    """Runs of which only satisfaction and stability matter, and are made up: ``value(scenario, rng)``, under luck of scenario and seed."""

    def run(scenario, seed, *_):
        rng = np.random.default_rng([seed, zlib.crc32(scenario.hash.encode())])
        found = dict.fromkeys(world_runs.columns_of(scenario), 1.0)
        return found | {name: value(scenario, rng) for name in ("stability", "satisfaction")}

    return run


def test_a_world_is_the_same_before_and_after_the_mix(worlds):
    scenario, other = small(**CITY), Mix(0.3, 0.1, 0.15, 0.4)
    for world in worlds:
        assert with_mix(world.apply(scenario), other).hash == world.apply(with_mix(scenario, other)).hash


def test_every_mix_is_run_in_the_same_worlds_under_the_same_seeds(result, worlds):
    table = result.batch.outcomes
    assert result.batch.labels[-1] == OWN
    for _, rows in table.groupby("scenario"):
        assert sorted(set(rows["world"])) == list(range(1, WORLDS + 1))
        assert rows["seed"].tolist() == table["seed"].drop_duplicates().tolist()
    assert len(table) == 7 * (WORLDS + AGAIN)
    grid = mixes_of(small(**CITY), (), 2)
    for place in (0, 4):
        row = table[(table["scenario"] == label_of(grid[place])) & (table["world"] == 2)].iloc[0]
        there = worlds.world(2).apply(with_mix(small(**CITY), grid[place]))
        assert row["satisfaction"] == summarise(there, row["seed"], WEEKS)["satisfaction"]


def test_counts_regrets_and_verdicts_are_those_of_the_outcomes(result):
    once = result.batch.once
    values = once.cube(["satisfaction"])[:, :, 0]
    rows = result.among[result.among["objective"] == "satisfaction"].set_index("mix").loc[list(once.labels)]
    luck = result.best.set_index("objective").loc["satisfaction", "luck"]
    short = values.max(axis=1, keepdims=True) - values
    assert rows["among"].tolist() == (short <= luck).sum(axis=0).tolist()
    assert rows["worst_regret"].to_numpy() == pytest.approx(short.max(axis=0))
    assert rows["regret"].to_numpy() == pytest.approx(np.median(short, axis=0))
    long = result.regrets[result.regrets["objective"] == "satisfaction"]
    assert long["regret"].to_numpy() == pytest.approx(short.ravel())
    of_mix = result.verdicts[(result.verdicts["metric"] == "satisfaction")].set_index("scenario")
    difference = values - values[:, [-1]]
    assert of_mix.loc[list(once.labels[:-1]), "median"].to_numpy() == pytest.approx(np.median(difference[:, :-1], axis=0))


def test_luck_is_that_of_the_worlds_under_two_seeds(result):
    batch = result.batch
    first, again = [], []
    for _, rows in batch.outcomes.groupby("world"):
        wide = rows.pivot(index="seed", columns="scenario", values="satisfaction")
        if len(wide) == 2:
            first.append(wide.to_numpy()[0])
            again.append(wide.to_numpy()[1])
    assert len(first) == AGAIN
    expected = luck_between(luck_of(np.array(first)[:, :, None], np.array(again)[:, :, None]))[0]
    assert result.best.set_index("objective").loc["satisfaction", "luck"] == pytest.approx(expected)


def test_the_mixes_that_are_named_are_the_most_often_best_and_the_least_regretted(result):
    for row in result.best.to_dict("records"):
        rows = result.among[result.among["objective"] == row["objective"]].set_index("mix")
        assert row["among"] == rows["among"].max() == rows.loc[row["mix"], "among"]
        assert row["as_many"] == (rows["among"] == row["among"]).sum()
        assert row["everywhere"] == (rows["among"] == row["n"]).sum()
        assert row["expected"] == pytest.approx(rows["among"].mean())
        if row["objective"] != TOGETHER:
            assert row["regret_worst"] == rows["worst_regret"].min() == rows.loc[row["regret_mix"], "worst_regret"]
    own = result.mixes[result.mixes["mix"] == OWN].iloc[0]
    assert tuple(own[list(GOVERNANCES)]) == own_mix(small(**CITY))[:3]
    assert result.mixes["share_efficient"].between(0, 1).all()


def test_results_in_numbers_of_the_real_city_are_those_of_the_named_mixes(result):
    named = {*result.best["mix"], *result.best["regret_mix"]} - {"", OWN}
    assert set(result.natural["scenario"]) == named
    assert set(result.natural["word"]) <= {"holds", "leans", "open"}


def test_processes_change_no_bit(result, worlds):
    two = sim.mix(small(**CITY), worlds=worlds, **{**ASKED, "workers": 2})
    assert outcomes_hash(two.batch) == outcomes_hash(result.batch)
    for name, table in result.tables.items():
        pd.testing.assert_frame_equal(two.tables[name], table, check_exact=True)


def test_an_interrupted_mix_keeps_whole_worlds_and_resumes(result, worlds, tmp_path, monkeypatch):
    calls = []

    def counted(*job):
        calls.append(job)
        if len(calls) == 24:
            raise KeyboardInterrupt
        return summarise(*job)

    monkeypatch.setattr(world_runs, "summarise", counted)
    part = sim.mix(small(**CITY), worlds=worlds, keep=tmp_path / "kept", **ASKED)
    assert part.batch.interrupted
    assert [world.number for world in part.batch.worlds] == [1, 2, 3]
    assert part.best["luck"].isna().all()  # second seeds come last
    assert "luck is not known" in write_mix(part, tmp_path / "page").read_text(encoding="utf-8")
    whole = sim.mix(small(**CITY), worlds=worlds, keep=tmp_path / "kept", **ASKED)
    assert outcomes_hash(whole.batch) == outcomes_hash(result.batch)
    assert len(calls) == 24 + len(result.batch.outcomes) - 23


def test_a_world_in_which_a_run_fails_is_left_out(worlds, monkeypatch):
    bad = worlds.world(4).apply(small(**CITY)).hash
    run = made_up(lambda _scenario, rng: rng.normal())

    def failing(scenario, *rest):
        if scenario.hash == bad:
            raise FloatingPointError("bad luck")
        return run(scenario, *rest)

    monkeypatch.setattr(world_runs, "summarise", failing)
    found = sim.mix(small(**CITY), worlds=worlds, **{**ASKED, "metrics": []})
    assert {failure["world"] for failure in found.batch.failures} == {4}
    assert set(found.among["n"]) == {WORLDS - 1}


def test_where_mixes_do_not_differ_nothing_is_said_to_be_best(monkeypatch):
    monkeypatch.setattr(world_runs, "summarise", made_up(lambda _scenario, rng: rng.normal()))
    many, words = WorldSet(some(20), ABOUT), []
    for seed in (1, 200, 400):
        found = sim.mix(small(**CITY), worlds=many, steps=3, seed=seed, workers=1)
        words += [*found.among["word"], *found.verdicts["word"]]
        assert found.best["regret_near"].iloc[0] >= 1
    assert words.count("holds") == 0
    assert words.count("leans") <= 1  # 33 mixes x (3 + 2) words; at most one in a hundred against the own mix, far fewer among the best


def test_a_mix_that_is_best_everywhere_holds_and_one_that_depends_on_an_assumption_is_open(monkeypatch):
    """Satisfaction rises with self-governance everywhere; stability, where `offending.base` is low, with law instead."""

    def value(scenario, rng):
        return scenario.shares["self_governance"] + 0.001 * rng.normal()

    many = WorldSet(some(20), ABOUT)
    middle = many.table["offending.base"].median()

    def run(scenario, seed, *rest):
        found = made_up(value)(scenario, seed, *rest)
        low = scenario.mechanisms["offending"]["base"] < middle
        return found | {"stability": scenario.shares["rule_of_law"]} if low else found

    monkeypatch.setattr(world_runs, "summarise", run)
    found = sim.mix(small(**CITY), worlds=many, steps=3, workers=1)
    best = found.best.set_index("objective")
    assert (best.loc["satisfaction", "mix"], best.loc["satisfaction", "word"]) == ("0.55/0/0/0.4", "holds")
    assert best.loc["stability", "word"] == "open"
    assert best.loc["stability", "among"] == 10
    assert best.loc["stability", "regret_mix"] not in ("0.55/0/0/0.4", "0/0.55/0/0.4")
    corner = found.verdicts.set_index(["scenario", "metric"]).loc[("0.55/0/0/0.4", "stability")]
    assert (corner["better"], corner["worse"], corner["word"]) == (10, 10, "open")


def test_it_is_written_with_its_worlds_and_every_column_is_described(result, tmp_path):
    result.write(tmp_path / "out")
    manifest = read_manifest(tmp_path / "out")
    assert manifest["settings"]["worlds"] == list(range(1, WORLDS + 1))
    assert set(manifest["scenarios"]) == set(result.batch.labels)
    for name in set(result.tables) - {"outcomes"}:
        columns = pq.read_schema(tmp_path / "out" / f"{name}.parquet")
        assert [one.name for one in columns if b"title" not in (one.metadata or {})] == [], name


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_says_in_how_many_worlds(result, tmp_path, lang):
    source = write_mix(result, tmp_path, lang, " --steps 2").read_text(encoding="utf-8")
    row = result.best.iloc[0]
    counted = {"en": f"in {row['among']} of {WORLDS} plausible worlds", "zh": f"在{WORLDS}个可能的世界中有{row['among']}个"}
    assert all(text in source for text in counted.values())
    assert "--replicates" not in source
    assert not re.search(r"\{[a-z_]+\}", re.sub(r"<(script|style)\b.*?</\1>", "", source, flags=re.DOTALL))
    assert (tmp_path / "figures" / "maps.png").read_bytes().startswith(b"\x89PNG")


def test_several_shares_of_services_have_maps_of_their_own(worlds, monkeypatch, tmp_path):
    monkeypatch.setattr(world_runs, "summarise", made_up(lambda scenario, rng: scenario.shares["public_services"] + 0.1 * rng.normal()))
    found = sim.mix(small(**CITY), worlds=worlds, steps=2, services=[0.2, 0.5], workers=1)
    assert set(found.mixes["public_services"]) == {0.2, 0.4, 0.5}
    assert write_mix(found, tmp_path).is_file()


def test_without_a_set_mixes_take_place_in_the_default_world(monkeypatch, tmp_path):
    monkeypatch.setattr(world_set, "SHIPPED", tmp_path / "none.parquet")
    found = sim.mix(small(**CITY), steps=2, workers=1)
    assert not isinstance(found, WorldMixResult)
    assert len(found.batch.seeds) == 10


def test_the_packages_set_is_the_default_and_one_world_is_luck_alone(worlds, monkeypatch, tmp_path):
    monkeypatch.setattr(world_set, "SHIPPED", write_worlds(some(22), ABOUT, tmp_path / "worlds.parquet"))
    monkeypatch.setattr(world_runs, "summarise", made_up(lambda _scenario, rng: rng.normal()))
    assert sim.mix(small(**CITY), steps=2, workers=1).batch.finished == 20
    assert sim.mix(small(**CITY), steps=2, workers=1, worlds="all").batch.finished == 22
    assert not isinstance(sim.mix(small(**CITY), steps=2, workers=1, worlds=1, replicates=2), WorldMixResult)
    assert not isinstance(sim.mix(small(**CITY), steps=2, workers=1, replicates=2), WorldMixResult)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(world_set, "SHIPPED", tmp_path / "none.parquet")
    Path("one.yaml").write_text(
        "schema: 1\nname: one\nhorizon: 8\ncity: {preset: synthetic, residents: 400, districts: 1, community_size: 200}\nseed: 5\n"
    )
    write_worlds(some(3), ABOUT, "worlds.parquet")
    return tmp_path


def sanzhi(*arguments):
    return CliRunner().invoke(cli, ["mix", "one.yaml", "--steps", "2", "--workers", "1", *arguments], prog_name="sanzhi")


def test_the_command_says_the_count_and_writes_tables_and_page(folder):
    result = sanzhi("--worlds", "worlds.parquet", "--csv")
    assert result.exit_code == 0, result.output
    assert "of 3 plausible worlds" in result.output
    assert "7 mixes in 3 plausible worlds" in result.output
    (written,) = Path("results/mix").iterdir()
    assert {"among_best.csv", "best_mixes.csv", "regrets.csv", "report.html"} <= {path.name for path in written.iterdir()}
    assert "--worlds worlds.parquet" in (written / "report.html").read_text(encoding="utf-8")


def test_without_a_set_one_line_says_so(folder):
    result = sanzhi("--no-report")
    assert result.exit_code == 0, result.output
    assert result.output.count("no plausible worlds are shipped") == 1
    assert "7 mixes, 10 seeds" in result.output


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--worlds", "0"], "expected a number of worlds from 1, all, or a file"),
        (["--worlds", "-3"], "expected a number of worlds from 1, all, or a file"),
        (["--worlds", "most"], "expected a number of worlds from 1, all, or a file"),
        (["--worlds", "5"], "sanzhi worlds make"),
        (["--worlds", "all"], "sanzhi worlds make"),
        (["--worlds", "one.yaml"], "is no set of worlds"),
        (["--worlds", "worlds.parquet", "--replicates", "3"], "replicates"),
        (["--worlds", "1", "--keep", "kept"], "keep"),
    ],
)
def test_mistakes_end_with_exit_code_2_and_leave_nothing(folder, arguments, says):
    result = sanzhi(*arguments)
    assert result.exit_code == 2, result.output
    assert says in result.output
    assert "Traceback" not in result.output
    assert not Path("results").exists()
    assert not Path("kept").exists()


def test_the_words_ask_for_as_many_worlds_as_everywhere(result):
    assert (result.among.loc[result.among["word"] != "open", "among"] >= fewest(WORLDS, LEANING)).all()
