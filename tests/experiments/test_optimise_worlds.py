"""A search over plausible worlds: worlds that judge are fresh, noise is open, and numbers are those of a comparison."""

from dataclasses import replace
from itertools import islice

import numpy as np
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest
from some_worlds import ABOUT, some
from workbooks import faults

import sim
from sim.errors import UserError
from sim.experiments.comparisons.index_parts import Parts, world_ranks
from sim.experiments.comparisons.world_batch import WorldBatch, worlds_of
from sim.experiments.optimization import judgement
from sim.experiments.optimization.judgement import OWN, judgement_of, spread_out_policies
from sim.experiments.optimization.optimize import optimize, worlds_asked
from sim.experiments.optimization.search import make_search
from sim.experiments.optimization.world_search import judged_in_worlds, parted, refuse_unsuited
from sim.report.optimize.page import write_search
from sim.report.workbook.book import of_search
from sim.report.workbook.write import write_workbook
from sim.worlds.world import World
from sim.worlds.world_set import WorldSet

pytest.importorskip("pymoo", reason="the extra `analysis` is not installed")

SHARES = ["policy.self_governance", "policy.rule_of_law"]
DATA = {
    "name": "small",
    "scenario": {"name": "tiny", "city": {"preset": "synthetic", "residents": 512, "districts": 1}, "horizon": 6},
    "groups": {"mix": {"shares": SHARES, "at_most": 0.5}},
    "search": {"objectives": {"satisfaction": "more", "budget_spent": "less"}, "population": 4, "generations": 2},
}


def search(**parts):
    return make_search({**DATA, "search": {**DATA["search"], **parts}})


def worlds(count):
    return WorldSet(some(count), ABOUT)


def test_worlds_that_judge_are_not_those_of_the_search():
    for count in (4, 14, 84, 87):
        apart = parted(worlds_of(worlds(count)), 1)
        few, judging = ({world.number for world in part.worlds} for part in apart)
        assert not few & judging
        assert len(few) + len(judging) == count
    assert len(few) == 25
    other = parted(worlds_of(worlds(87)), 2)
    assert {world.number for world in other.searched.worlds} != few


def test_too_few_worlds_for_both_are_refused():
    with pytest.raises(UserError, match="got 3; expected at least 4"):
        parted(worlds_of(worlds(3)), 1)


def test_futures_and_other_summaries_are_not_for_worlds():
    futures = make_search({**DATA, "futures": {"mechanisms.norms.bound": {"low": 0.1, "high": 0.5}}})
    assert worlds_asked(futures, None) is None
    with pytest.raises(UserError, match="futures"):
        refuse_unsuited(futures)
    with pytest.raises(UserError, match="satisfaction: lowest"):
        refuse_unsuited(make_search({**DATA, "outcomes": {"satisfaction": "lowest"}}))


def test_the_median_improvement_is_sought_or_another_quantile_of_it():
    wanted = search(targets={"stability": {"at_least": 0.5}}, met_in=0.7)
    policies = pd.DataFrame({key: [0.1, 0.2] for key in SHARES})
    names = ["satisfaction", "budget_spent", "stability"]
    values = np.zeros((5, 2, 3))
    values[:, 0, 0] = [1, 2, 3, 4, 50]
    values[:, 0, 1] = [5, 6, 7, 8, 9]
    values[:, 0, 2] = [0.6, 0.6, 0.6, 0.4, 0.4]
    table = judged_in_worlds(wanted, policies, names, values, np.ones((5, 3)))
    assert table[["satisfaction", "budget_spent"]].iloc[0].tolist() == [2, 6]
    assert table["share"].tolist() == [0.6, 0.0]
    assert table["miss"].tolist() == pytest.approx([0.1, 0.7])
    careful = judged_in_worlds(search(quantile=0.25), policies, names, values, np.ones((5, 3)))
    assert careful[["satisfaction", "budget_spent"]].iloc[0].tolist() == [1, 7]  # a quarter of the worlds do worse in either


def test_a_failed_run_meets_no_target_and_an_unknown_value_is_neither_met_nor_missed():
    wanted = search(targets={"stability": {"at_least": 0.5}}, met_in=0.7)
    policies = pd.DataFrame({key: [0.1, 0.2, 0.3] for key in SHARES})
    values = np.full((4, 3, 3), 0.6)
    values[0, 0] = np.nan  # failed
    values[1:, 1, 2] = np.nan  # without a value of the target's metric
    values[:, 2, 2] = np.nan
    table = judged_in_worlds(wanted, policies, ["satisfaction", "budget_spent", "stability"], values, np.zeros((4, 3)))
    assert table["share"].tolist()[:2] == [0.75, 1.0]
    assert np.isnan(table["share"].iloc[2])
    assert table["miss"].tolist() == pytest.approx([0.0, 0.0, 0.7])
    batch = batch_of(values[:, :2, :2])
    outcomes = batch.outcomes.assign(stability=np.where(batch.outcomes["world"] == 1, 0.6, np.nan))
    met = judgement._met(wanted, replace(batch, outcomes=outcomes))
    assert met["share"].tolist() == [1.0, 1.0]


def batch_of(values, first=1):
    """A batch with made-up values of satisfaction and money: shape (worlds, policies, 2), the scenario's own policy first."""
    rows, labels = [], (OWN, *map(str, range(values.shape[1] - 1)))
    for number, world in enumerate(values, 1):
        for label, (satisfaction, money) in zip(labels, world):
            rows.append(
                {"scenario": label, "world": number, "seed": first + 2 * number, "satisfaction": satisfaction, "budget_spent": money}
            )
    outcomes = pd.DataFrame(rows).assign(budget_leaked=0.0)
    seeds = tuple(outcomes["seed"].drop_duplicates())
    lived = tuple(World(number, {}) for number in range(1, len(values) + 1))
    return WorldBatch(labels, seeds, outcomes, [], 52, len(values), 5000, worlds=lived, first=first)


def judged(values, found):
    policies = pd.DataFrame({**{key: np.arange(len(found)) * 0.01 for key in SHARES}, "satisfaction": found, "budget_spent": 0.0})
    return judgement_of(search(), policies, batch_of(values), [None, None])


def test_the_same_policy_under_other_names_is_open_everywhere_and_without_regret():
    same = np.repeat(np.random.default_rng(1).random((60, 1, 2)), 4, axis=1)
    found = judged(same, np.zeros(3))
    assert (found.verdicts["verdict"] == "open").all()
    assert (found.verdicts["same"] == 60).all()
    assert (found.among["among"] == 60).all()
    assert (found.regrets["regret"] == 0).all()


def test_what_noise_put_first_in_the_search_is_open_in_fresh_worlds():
    leads, words, fresh_medians = [], [], []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        found = np.median(rng.standard_normal((24, 400)), axis=0)
        best = int(found.argmax())
        fresh = np.zeros((60, 2, 2))
        fresh[:, 1, 0] = rng.standard_normal(60)
        result = judged(fresh, found[[best]])
        row = result.verdicts.set_index("objective").loc["satisfaction"]
        leads.append(found[best])
        words.append(row["verdict"])
        fresh_medians.append(row["median"])
    assert np.mean(leads) > 0.5  # standard deviations of one world
    assert abs(np.mean(fresh_medians)) < 0.15
    assert words.count("open") == 20


def test_the_ends_of_a_front_are_judged_and_what_lies_furthest_apart():
    money = np.linspace(0, 1, 50)
    tried = pd.DataFrame({SHARES[0]: money, SHARES[1]: 0.0, "satisfaction": np.sqrt(money), "budget_spent": money, "front": True})
    chosen = spread_out_policies(search(), tried, most=5)
    assert len(chosen) == 5
    assert chosen["budget_spent"].iloc[[0, -1]].tolist() == [1, 0]  # the most satisfied first
    assert np.diff(chosen["satisfaction"]).min() < -0.3


def test_policies_of_a_front_that_come_out_alike_are_judged_once():
    alike = np.repeat(np.linspace(0, 1, 5), 12)  # a factor that does nothing
    tried = pd.DataFrame({SHARES[0]: np.arange(60) * 0.001, SHARES[1]: 0.0, "satisfaction": alike, "budget_spent": alike, "front": True})
    chosen = spread_out_policies(search(), tried)
    assert chosen.index.is_unique
    assert sorted(chosen["satisfaction"]) == sorted(set(alike))


def test_ranks_over_worlds_and_weightings():
    values = np.zeros((4, 3, 2))
    values[:, 1, 0], values[:, 2, 1] = 1.0, 1.0
    values[3, 0] = 2.0
    table = world_ranks({"satisfaction": Parts(["a", "b"], np.array([0.5, 0.5]), values)}, ["own", "b", "c"], 1).set_index("scenario")
    assert table["first"].sum() == pytest.approx(1)
    assert table.loc["own", "first"] == 0.25  # the best in every part of one world
    assert table.loc["own", "most"] == 1
    assert table.loc["b", "first"] == pytest.approx(0.375, abs=0.03)
    same = world_ranks({"satisfaction": Parts(["a"], np.ones(1), np.ones((3, 2, 1)))}, ["one", "two"], 1)
    assert same["first"].tolist() == [0.5, 0.5]
    assert same["most"].tolist() == [0, 0]


# --- the real thing ---


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    out = tmp_path_factory.mktemp("search")
    return optimize(make_search(DATA), out, workers=1, worlds=worlds(9)), out


@pytest.mark.slow
def test_numbers_are_those_of_a_comparison_in_the_same_worlds(real):
    result, _ = real
    numbers = [world.number for world in result.parted.judging.worlds]
    every = some(9)
    row = result.front.iloc[0]
    own = make_search(DATA).base.scenario
    other = own.with_changes({key: row[key] for key in SHARES} | {"name": "other"})
    chosen = WorldSet(every[every["world"].isin(numbers)].reset_index(drop=True), ABOUT)
    compared = sim.compare([own, other], worlds=chosen, seed=result.search.base.seed, workers=1).verdicts.set_index("metric")
    for name in result.search.objectives:
        mine = [row[name], row[f"low_{name}"], row[f"high_{name}"], row[f"verdict_{name}"]]
        assert mine == compared.loc[name, ["median", "low", "high", "word"]].tolist()


@pytest.mark.slow
def test_its_workbook_says_what_every_column_is(real, tmp_path):
    result, _ = real
    file = write_workbook(of_search(result, "en"), tmp_path / "tables.xlsx")
    assert faults(file) == []
    head, row = islice(openpyxl.load_workbook(file)["verdicts"].iter_rows(), 2)
    shown = {name.value: cell.number_format for name, cell in zip(head, row, strict=True)}
    assert not shown["low"].endswith("%")


@pytest.mark.slow
def test_its_files_say_what_columns_are(real, tmp_path):
    """A column named after a lever is that lever; all others are described."""
    result, _ = real
    write_search(result, tmp_path)
    for name, table in result.tables.items():
        fields = pq.read_schema(tmp_path / f"{name}.parquet")
        assert fields.names == list(table)
        assert pd.read_parquet(tmp_path / f"{name}.parquet").equals(table.reset_index(drop=True)), name
        assert [field.name for field in fields if b"title" not in (field.metadata or {}) and field.name not in SHARES] == [], name


def test_too_few_worlds_are_refused_before_the_study_is_read(tmp_path):
    with pytest.raises(UserError, match="worlds: got 2; expected at least 4"):
        optimize(tmp_path / "not_there.yaml", worlds=2)


@pytest.mark.slow
def test_two_workers_give_the_same_bits_and_finished_runs_are_found_again(real, tmp_path):
    result, out = real
    two = optimize(make_search(DATA), tmp_path, workers=2, worlds=worlds(9))
    again = optimize(make_search(DATA), out, workers=1, worlds=worlds(9))
    for other in (two, again):
        for name, table in result.tables.items():
            pd.testing.assert_frame_equal(other.tables[name], table, check_exact=True)
    with pytest.raises(UserError, match="different search"):
        optimize(make_search(DATA), out, workers=1, worlds=worlds(10))
