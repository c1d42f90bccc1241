"""Metamorphic relations: what must make no difference to what happens, or a stated one, whatever the right numbers are."""

import numpy as np
import pytest
from alone import TALLIES, changed, farthest, live, settings_of, state
from arranged import default
from cities import small
from scipy import stats

from sim.experiments.runs.simulate import simulate
from sim.levers import INSTRUMENTS, LEVERS, REFERENCE_SHARES
from sim.mechanisms import MECHANISMS
from sim.metrics import METRICS, series, weekly
from sim.scenario import load_scenario, read_scenario
from sim.scenario.schema.policy import Stance
from sim.shocks import SHOCK_KINDS
from sim.simulation import Simulation

HALF = {f"policy.{lever}": share / 2 for lever, share in REFERENCE_SHARES.items()}
MONEY = {"city.allotted", "city.unspent"}
ALARM = 1e-6
"""Chance that a relation of rates fails although it holds."""


def ran(weeks=40, seed=3, changes=None, **city):
    return live(changes, weeks=weeks, seed=seed, **city)


def hash_of(changes=None, **more):
    return ran(changes=changes, **more).content_hash()


@pytest.fixture(scope="module")
def usual():
    return hash_of()


@pytest.fixture
def holds(finding):
    """Assert a relation and keep it by its name."""

    def check(relation, truth, wanted="the same to the last bit", found=""):
        reached = bool(truth)
        told = found or (wanted if reached else "another outcome")
        finding(relation, wanted=wanted, found=told, reached=reached, part="Metamorphic relations", kind="exact")

    return check


# --- time and replicates ---


def test_a_longer_horizon_begins_the_same_way(holds, usual):
    long = Simulation(small(90), seed=3)
    long.advance(40)
    middle = long.content_hash()
    long.advance(50)
    holds("a longer horizon has the shorter one as its start", middle == usual)
    assert np.array_equal(long.city.world.history[:40], ran().city.world.history)


def test_more_replicates_begin_with_the_fewer(holds):
    few, more = (simulate(small(10), seed=3, replicates=count) for count in (2, 4))
    begun = all(more.tables[name][more.tables[name]["replicate"] < 2].equals(table) for name, table in few.tables.items())
    holds("more replicates have the fewer as their start", begun)


def test_the_order_of_replicates_makes_no_difference(holds):
    forth = {seed: hash_of(seed=seed) for seed in (1, 2, 3)}
    back = {seed: hash_of(seed=seed) for seed in (3, 2, 1)}
    holds("replicates in another order", forth == back and len(set(forth.values())) == 3)


def test_units_of_time_make_no_difference(holds):
    weeks = small(1).with_changes({"horizon": 104, "shocks": [{"kind": "layoffs", "at": 52, "lasts": 26}]})
    words = small(1).with_changes({"horizon": "2 years", "shocks": [{"kind": "layoffs", "at": "year 2", "lasts": "26 weeks"}]})
    holds("horizon and moments in weeks or in years", weeks.hash == words.hash)


# --- how a scenario is written ---


def test_names_and_titles_make_no_difference(holds, usual):
    texts = {"name": "another", "title": {"en": "Another", "zh": "另一个"}, "description": "?", "replicates": 3, "seed": 99}
    holds("another name, title, question, number of replicates", hash_of(texts) == usual)


def test_extending_and_writing_out_are_the_same(holds, tmp_path):
    city = "city: {preset: synthetic, residents: 1200, districts: 2, community_size: 200}\n"
    (tmp_path / "base.yaml").write_text(f"{city}horizon: 20\npolicy: {{rule_of_law: 0.2}}\nbudget: 2\n")
    (tmp_path / "child.yaml").write_text("extends: base.yaml\nbudget: 1.5\n")
    (tmp_path / "flat.yaml").write_text(f"{city}horizon: 20\npolicy: {{rule_of_law: 0.2}}\nbudget: 1.5\n")
    found = [simulate(load_scenario(tmp_path / name), seed=3).content_hash for name in ("child.yaml", "flat.yaml")]
    holds("`extends:` or all written out", found[0] == found[1])


def test_the_order_of_changes_makes_no_difference(holds):
    changes = {"budget": 1.3, "policy.rule_of_law": 0.2, "stance.transparency": 0.9, "mechanisms.norms.step": 0.1}
    holds("changes (`--set`) in another order", hash_of(changes) == hash_of(dict(reversed(changes.items()))))


def test_a_step_in_week_0_is_the_base_value(holds):
    levers = {"policy.rule_of_law": 0.2, "stance.transparency": 0.9, "budget": 1.3}
    step = hash_of({"timeline": [{"at": 0, "set": levers}]})
    holds("a step of the timeline in week 0, or that value from the start", step == hash_of(levers))


def _town(folder, district, community):
    """A town of one's own in which districts and communities bear these names."""
    folder.mkdir()
    rows = [(0, 0, 600, 0.4), (1, 0, 500, 0.5), (2, 1, 700, 0.3), (3, 1, 400, 0.6)]
    text = "".join(f"{community[c]},{district[d]},{district[d]} Road,{people},{hardship}\n" for c, d, people, hardship in rows)
    (folder / "communities.csv").write_text("community,district,subdistrict,population,hardship\n" + text)
    (folder / "edges.csv").write_text("a,b\n" + "".join(f"{community[a]},{community[b]}\n" for a, b in ((0, 1), (1, 2), (2, 3))))
    (folder / "town.yaml").write_text("city: {communities: communities.csv, adjacency: edges.csv}\nhorizon: 30\n")
    return simulate(load_scenario(folder / "town.yaml"), seed=3)


def test_relabelled_districts_live_the_same_lives(holds, tmp_path):
    plain = _town(tmp_path / "a", ["East", "West"], ["A", "B", "C", "D"])
    other = _town(tmp_path / "b", ["Zhabei", "Anting"], ["q", "w", "e", "r"])
    holds("districts and communities under other names", plain.content_hash == other.content_hash)
    assert set(other.districts["district"]) == {"Zhabei", "Anting"}


# --- money and weights ---


def test_unused_money_is_the_same_as_money_that_was_never_there(holds):
    """Half the shares of a full budget and full shares of half a budget buy the same; only the accounts of what is unspent differ."""
    full = ran(changes={**HALF, "budget": 1.0})
    half = ran(changes={**{f"policy.{lever}": share for lever, share in REFERENCE_SHARES.items()}, "budget": 0.5})
    same = changed(state(full), state(half)) == MONEY
    holds("unused budget, or budget that was never there", same, "the same but for the accounts of what is unspent")
    assert np.array_equal(full.city.world.history_money[:, 1:3], half.city.world.history_money[:, 1:3])


def test_without_a_budget_it_makes_no_difference_how_it_is_divided(holds):
    other = {f"policy.{lever}": 0.0 for lever in LEVERS} | {"policy.rule_of_law": 1.0}
    same = changed(state(ran(changes={"budget": 0.0})), state(ran(changes={"budget": 0.0, **other}))) <= MONEY
    holds("null policy: no budget, divided in any way", same)


def test_only_the_proportions_of_a_split_matter(holds):
    same = []
    for lever, instruments in LEVERS.items():
        split = dict.fromkeys(instruments, 1.0)
        same.append(hash_of({f"policy.{lever}.split": split}) == hash_of({f"policy.{lever}.split": dict.fromkeys(split, 8.0)}))
    holds("a split of a lever's money, eight times as large", all(same))


def test_weights_change_the_indices_and_nothing_else(holds):
    """Satisfied adults and the distribution of satisfaction are indices too: they follow the weights."""
    plain, weighted = ran(), ran(changes={"weights.satisfaction.belonging": 5.0, "weights.stability.calm": 7.0})
    indices = {f"count.{name}" for name in ("satisfied", "satisfaction", "satisfaction_nonlocal", "satisfaction_in_conflict")}
    before, after = weekly(plain), weekly(weighted)
    different = {name for name in METRICS if not before[name].equals(after[name])}
    follow = {"stability", "satisfaction", "satisfied_share", "gap_satisfaction", "spread_satisfaction", "satisfaction_in_conflict"}
    follow |= {f"satisfaction_p{share}" for share in (10, 50, 90)}
    only = changed(state(plain), state(weighted)) == indices and {"stability", "satisfaction"} <= different <= follow
    holds("other weights of the indices", only, "the indices change, and no life")


def test_twice_the_weights_are_the_same_weights(holds):
    twice = {f"weights.stability.{name}": 2.0 for name in ("order", "calm", "resolution")}
    twice |= {f"weights.satisfaction.{name}": 2.0 for name in ("belonging", "happiness", "security")}
    holds("all weights twice as large", weekly(ran(changes=twice)).equals(weekly(ran())))


def test_what_weighs_nothing_does_not_count(holds):
    only = weekly(ran(changes={f"weights.stability.{name}": 0.0 for name in ("order", "resolution")}))
    holds("zero weight: stability of calm alone", np.allclose(only["stability"], only["calm"], rtol=0, atol=1e-12), "calm, to 1e-12")


CAUSES = [key for key in MECHANISMS["unrest"].parameters.model_fields if key.startswith("by_") or key == "spontaneous"]
WORSE_WORLDS = {
    "twice the offending": ["offending.base"],
    "twice the disputes": ["disputes.rate"],
    "twice the triggers": [f"unrest.{key}" for key in CAUSES],
}
PARTS = ("order", "calm", "resolution", "belonging", "happiness", "security")
RISE = 1e-3
"""Chance that a relation of worlds fails although the part does not rise."""


@pytest.fixture(scope="module")
def worlds():
    """Means of the last year of parts and indices for each world, 8 paired seeds, a synthetic city of 80,000 residents."""
    names = ("stability", "satisfaction", *PARTS)
    usual = load_scenario("baseline").with_changes({"city.preset": "synthetic", "city.residents": 80_000, "horizon": 104})

    def lived(changes):
        found = []
        for seed in range(1, 9):
            run = Simulation(usual.with_changes(changes), seed)
            run.advance(104)
            found.append([series(run, names)[name][-52:].mean() for name in names])
        return dict(zip(names, np.transpose(found), strict=True))

    return {
        "usual": lived({}),
        **{world: lived({f"mechanisms.{key}": 2 * default(key) for key in keys}) for world, keys in WORSE_WORLDS.items()},
    }


@pytest.mark.parametrize("world", WORSE_WORLDS)
@pytest.mark.parametrize("part", ["stability", "satisfaction", *PARTS])
def test_a_worse_world_is_not_better_in_an_index_or_its_parts(finding, worlds, world, part):
    """One-sided t-test over pairs that the part rises, with a false alarm of 1e-3 for a part that the change does not touch."""
    difference = worlds[world][part] - worlds["usual"][part]
    p = stats.ttest_1samp(difference, 0.0, alternative="greater").pvalue
    finding(
        f"{world}: {part} is not better",
        wanted="no rise (false alarm 1e-3)",
        found=f"{difference.mean():+.4f}, p of a rise {p:.2g}",
        reached=p > RISE,
        part="Metamorphic relations",
        seeds="1 to 8",
    )


# --- mechanisms and shocks ---


def another(field):
    """A value of a stance far from its default."""
    choices = getattr(field.annotation, "__args__", None)
    return choices[-1] if choices else farthest(field)


def test_with_everything_off_policy_and_shocks_mean_nothing_to_anybody(holds):
    off = {f"mechanisms.{name}.enabled": False for name in MECHANISMS}
    stances = {f"stance.{name}": another(field) for name, field in Stance.model_fields.items()}
    shocks = [{"kind": kind, "at": 1, "strength": 1.0} for kind in SHOCK_KINDS]
    other = {**off, **stances, "budget": 3.0, "policy.rule_of_law": 0.1, "shocks": shocks}
    holds("every mechanism off: other policy, stances and shocks", hash_of(off) == hash_of(other))


def test_a_mechanism_that_is_off_has_no_parameters(holds):
    same = []
    for name, mechanism in MECHANISMS.items():
        off = {f"mechanisms.{name}.enabled": False}
        other = settings_of(name, {key: farthest(field) for key, field in mechanism.parameters.model_fields.items()})
        same.append(hash_of(off, weeks=12) == hash_of({**off, **other}, weeks=12))
    holds("each mechanism off: its parameters anywhere", all(same), found=f"the same for {sum(same)} of {len(same)}")


def test_where_patrols_go_means_nothing_without_police(holds):
    off = {"mechanisms.policing.enabled": False}
    holds("policing off: patrols anywhere", hash_of({**off, "stance.patrol_targeting": "reported"}) == hash_of(off))


def test_shocks_of_no_strength_are_none(holds, usual):
    """Of every kind, one after another."""
    shocks = [{"kind": kind, "at": 2 + 3 * number, "lasts": 6, "strength": 0.0} for number, kind in enumerate(SHOCK_KINDS)]
    holds("shocks of strength 0, or none", hash_of({"shocks": shocks}) == usual)


def test_a_switched_off_budget_is_money_for_the_staff_of_today(holds):
    """Staff stay when nobody spends; money for as many keeps them to rounding, so people live the same lives nearly."""
    today = small().staffing.staff
    off = ran(changes={"mechanisms.budget.enabled": False}).city.tables["DistrictGovernment"].values("staff")
    assert off == pytest.approx(np.broadcast_to(today, off.shape), rel=1e-6)
    paid = {f"policy.{name}": {"staff": float(staff)} for name, staff in zip(INSTRUMENTS, today, strict=True)}
    honest = {"mechanisms.integrity.enabled": False}  # officials keep to the usual leakage
    spent = ran(changes={**paid, **honest}).city.tables["DistrictGovernment"].values("staff")
    holds("money for the staff of today, or budgets switched off", np.abs(spent / today - 1.0).max() < 1e-4, "the same staff, to 1e-4")


# --- cities and luck ---


def test_the_city_that_is_built_depends_on_the_seed_and_not_on_policy(holds):
    def built(changes=None, seed=3):
        return state(Simulation(small(2).with_changes(changes or {}), seed))

    everything_else = {"budget": 3.0, "policy.rule_of_law": 0.1, "stance.transparency": 0.0, "mechanisms.norms.step": 0.5}
    holds("another policy: the city in which it begins", changed(built(), built(everything_else)) == set())
    assert {"norm", "hardship", "near", "far", "local"} <= changed(built(), built(seed=4))


def test_two_policies_under_one_seed_meet_the_same_luck(holds):
    """A lever that nobody has felt yet has changed nothing: stops of the first week are the same people's."""
    lean, rich = (ran(1, changes={"policy.moral_education": share}) for share in (0.05, 0.15))
    numbers = [TALLIES.index(name) for name in ("joined", "opened", "settled", "offences", "stops", "triggered")]
    same = np.array_equal(lean.city.world.history[0][:, numbers], rich.city.world.history[0][:, numbers])
    holds("another policy: the random numbers of its first week", same)


def test_twice_the_communities_give_the_same_rates(holds):
    """Mean satisfaction, norm and service of a year: Welch's test over seeds, none of three below 1e-6 in all."""
    one, two = (simulate(small(52, residents=n, districts=2), seed=1, replicates=24).weekly for n in (1200, 2400))
    p = [
        stats.ttest_ind(*(run.groupby("seed")[name].mean() for run in (one, two)), equal_var=False).pvalue
        for name in ("satisfaction", "norm", "service")
    ]
    told = f"smallest p of three {min(p):.2g}"
    holds("a city of twice as many communities", min(p) > ALARM / 3, "the same rates (false alarm 1e-6)", told)


def test_a_city_read_from_its_canonical_form_is_the_same(holds, usual):
    form = {key: value for key, value in small(40).canonical().items() if value is not None}
    holds("a scenario read back from its canonical form", read_scenario(form).hash == small(40).hash)
