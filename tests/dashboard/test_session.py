"""What a page knows: moving levers, links that restore a view, files of one folder."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sim.dashboard import levers
from sim.dashboard.session import ScenarioFolder, View, check_rules, view_of
from sim.dashboard.share import as_command, as_python
from sim.errors import ScenarioError, UserError
from sim.levers import LEVERS
from sim.scenario import load_scenario
from sim.scenario.costs import costs
from sim.shocks import SHOCK_KINDS


@pytest.fixture
def view():
    return View("baseline", load_scenario("baseline"))


@pytest.fixture
def scenarios(tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "good.yaml").write_text("extends: baseline\nname: good\npolicy: {rule_of_law: 0.2}\n", encoding="utf-8")
    (folder / "broken.yaml").write_text("name: broken\npolicy: {rule_of_lew: 0.2}\n", encoding="utf-8")
    (tmp_path / "outside.yaml").write_text("name: outside\n", encoding="utf-8")
    (folder / "link.yaml").symlink_to(tmp_path / "outside.yaml")
    return ScenarioFolder(folder)


def test_every_stance_and_lever_can_be_moved(view):
    keys = {control.key for control in levers.controls(view.yours, view.baseline, "en")}
    assert {f"policy.{name}" for name in LEVERS} <= keys
    assert {f"stance.{name}" for name in type(view.yours.stance).model_fields} <= keys
    assert {f"shock.{kind}" for kind in SHOCK_KINDS} <= keys
    assert {f"policy.{lever}.split.{part}" for lever, parts in LEVERS.items() for part in parts} <= keys


@pytest.mark.parametrize("end", ["low", "high"])
def test_both_ends_of_every_slider_are_possible(view, end):
    for control in levers.controls(view.yours, view.baseline, "en"):
        if control.kind == "slider":
            moved = view.move(control.key, getattr(control, end))
            assert levers.unspent(moved.yours) >= 0


def test_every_option_of_every_choice_is_possible(view):
    choices = [control for control in levers.controls(view.yours, view.baseline, "zh") if control.kind == "choice"]
    assert choices
    for control in choices:
        for option, _ in control.options:
            assert levers.value_of(view.move(control.key, option).yours, control.key) == option


@given(
    shares=st.lists(st.integers(0, 10_000), min_size=len(LEVERS), max_size=len(LEVERS)).filter(lambda parts: sum(parts) <= 10_000),
    lever=st.sampled_from(list(LEVERS)),
    value=st.floats(0, 1, allow_subnormal=False),
)
def test_shares_never_pass_the_budget_and_others_give_in_proportion(shares, lever, value):
    before = {name: part / 10_000 for name, part in zip(LEVERS, shares, strict=True)}
    after = levers.give_way(before, lever, value)
    assert after[lever] == pytest.approx(value)
    assert sum(after.values()) <= 1 + 1e-9
    others = [name for name in LEVERS if name != lever]
    assert all(after[name] <= before[name] + 1e-12 for name in others)
    if sum(before[name] for name in others) + value <= 1:
        assert all(after[name] == before[name] for name in others)
    else:
        assert sum(after.values()) > 1 - 1e-3  # nobody gives more than is asked


def test_what_is_moved_back_is_no_change(view):
    share = view.baseline.policy.rule_of_law.share
    assert view.move("policy.rule_of_law", 0.2).move("policy.rule_of_law", share).changes == {}


def test_shock_is_set_off_moved_and_called_off(view):
    struck = view.move("shock.rumour", True).move("shock.rumour.strength", 0.9).move("shock.rumour.at", 20)
    (shock,) = struck.yours.shocks
    assert (shock.kind, shock.strength, shock.at) == ("rumour", 0.9, 20)
    assert struck.reference.shocks == ()
    assert view_of("both=1&" + struck.query(), ScenarioFolder(__import__("pathlib").Path()), view).reference.shocks == struck.yours.shocks
    assert struck.move("shock.rumour", False).changes == {}


def test_link_restores_the_exact_view(view, scenarios):
    moved = view.move("policy.rule_of_law", 0.123).move("stance.patrol_targeting", "reported").move("budget", 1.25)
    moved = moved.move("policy.self_governance.split.councils", 0.9).move("shock.layoffs", True)
    again = view_of(moved.query(), scenarios, view)
    assert again.query() == moved.query()
    assert again.yours.hash == moved.yours.hash
    assert again.small_pair[0].hash == moved.small_pair[0].hash


@pytest.mark.parametrize("query", ["scenario=../outside", "scenario=outside.yaml", "set=policy.rule_of_lew=1", "set=budget=-1", "set=x"])
def test_link_with_nonsense_is_refused_with_a_reason(view, scenarios, query):
    with pytest.raises(UserError) as caught:
        view_of(query, scenarios, view)
    assert "outside" in str(caught.value) or "expected" in str(caught.value)


def test_saved_file_gives_the_same_scenario(view, scenarios):
    moved = view.move("policy.rule_of_law", 0.2).move("stance.transparency", 0.9)
    assert scenarios.save("mine", moved) == "mine.yaml"
    assert scenarios.load("mine.yaml").hash == moved.yours.hash
    with pytest.raises(UserError, match="exists"):
        scenarios.save("mine.yaml", view)
    assert scenarios.load("mine.yaml").hash == moved.yours.hash


@pytest.mark.parametrize("name", ["../up", "a/b", "", ".hidden", "x" * 61, "a\0b", "a b"])
def test_nothing_is_saved_outside_the_folder(view, scenarios, name):
    before = sorted(path.name for path in scenarios.folder.parent.rglob("*"))
    with pytest.raises(UserError):
        scenarios.save(name, view)
    assert sorted(path.name for path in scenarios.folder.parent.rglob("*")) == before


def test_scenario_folder_shows_its_folder_and_shipped_scenarios_only(scenarios):
    names = scenarios.names()
    assert {"good.yaml", "broken.yaml", "baseline"} <= set(names)
    assert "link.yaml" not in names
    for name in ("link.yaml", "../outside.yaml", str(scenarios.folder.parent / "outside.yaml"), "/etc/passwd"):
        with pytest.raises(UserError):
            scenarios.load(name)


def test_broken_files_say_where(scenarios):
    with pytest.raises(ScenarioError, match=r"broken\.yaml:2:\d+: policy\.rule_of_lew: .*did you mean rule_of_law"):
        scenarios.load("broken.yaml")
    with pytest.raises(UserError, match=r"^mine\.yaml:1:\d+: polcy"):
        scenarios.read("mine.yaml", "polcy: {}\n")


def test_opened_text_reaches_no_other_file(scenarios):
    with pytest.raises(UserError):
        scenarios.read("x.yaml", f"extends: {scenarios.folder}/good.yaml\n")
    with pytest.raises(UserError):
        scenarios.read("x.yaml", "extends: good.yaml\n")
    assert scenarios.read("x.yaml", "extends: baseline\nname: x\n").policy == load_scenario("baseline").policy


def test_command_and_python_reproduce_the_numbers(view, tmp_path):
    from click.testing import CliRunner

    from sim.cli import cli

    moved = view.move("policy.rule_of_law", 0.2).move("stance.patrol_targeting", "reported")
    first, second = as_command(moved).splitlines()
    import shlex

    for line, wanted in ((first, moved.small_pair[0]), (second, moved.yours)):
        words = shlex.split(line)
        assert words[:2] == ["sanzhi", "run"]
        words = ["explain", *words[2:]]
        result = CliRunner().invoke(cli, words)
        assert result.exit_code == 0, result.output
        settings = dict(__import__("sim.scenario", fromlist=["x"]).parse_setting(w) for w, flag in zip(words[1:], words) if flag == "--set")
        assert load_scenario("baseline").with_changes(settings).hash == wanted.hash
    scope = {}
    code = as_python(moved).split("run =")[0]
    exec(code, scope)
    assert scope["small"].hash == moved.small_pair[0].hash
    assert yaml.safe_load(moved.as_yaml("again"))["name"] == "again"


RULES = "city: {preset: synthetic, residents: 300, districts: 1}\nhorizon: 6\n"
INLINE = "[{rule: 'a.py:late', source: 'def late(city): pass'}]"


def test_rules_run_for_the_scenario_of_the_command_only(view, scenarios):
    """A link or an opened file must not bring code, whatever was allowed."""
    (scenarios.folder / "a.py").write_text("def late(city):\n    pass\n", encoding="utf-8")
    (scenarios.folder / "ruled.yaml").write_text(f"{RULES}rules: [{{rule: a.late}}]\n", encoding="utf-8")
    for query in (f"set=rules={INLINE}", "scenario=ruled.yaml"):
        with pytest.raises(UserError, match="rules in Python"):
            view_of(query, scenarios, view)
    allowed = View("ruled.yaml", scenarios.load("ruled.yaml"))
    assert view_of("scenario=ruled.yaml&set=budget=1.1", scenarios, allowed).yours.rules == allowed.baseline.rules
    with pytest.raises(UserError, match="rules in Python"):
        check_rules(View("x", scenarios.read("x.yaml", f"{RULES}rules: {INLINE}\n")), allowed)


@pytest.mark.parametrize("change", ["horizon=20", "horizon=500", "seed=7", "city.residents=4096"])
def test_what_is_no_policy_holds_for_both_sides(view, scenarios, change):
    start = View("x", view.baseline.with_changes({"city": {"preset": "synthetic", "residents": 3000}}))
    moved = view_of(f"set={change}&set=policy.rule_of_law=0.2", scenarios, start)
    mine, reference = moved.small_pair
    assert (mine.horizon, mine.seed, mine.city) == (reference.horizon, reference.seed, reference.city)
    assert (moved.yours.horizon, moved.yours.seed, moved.yours.city) == (
        moved.reference.horizon,
        moved.reference.seed,
        moved.reference.city,
    )
    assert mine.policy != reference.policy
    further = moved.move("policy.rule_of_law", 0.25).move("policy.rule_of_law.yuan", 700)
    assert further.yours.city == moved.yours.city
    assert further.yours.policy.rule_of_law.money == 700


FORMS = [
    ("policy.rule_of_law.yuan", 870.0, "rule_of_law", "money"),
    ("policy.rule_of_law.staff", 27.0, "rule_of_law", "staff"),
    ("policy.self_governance.mediation.yuan", 60.0, "self_governance.mediation", "money"),
    ("policy.self_governance.mediation.staff", 4.9, "self_governance.mediation", "staff"),
]


@pytest.mark.parametrize(("key", "value", "name", "what"), FORMS)
def test_money_and_staff_can_be_typed(view, scenarios, key, value, name, what):
    typed = view.move(key, value)
    assert getattr(costs(typed.yours)[name], what) == pytest.approx(value, rel=1e-3)
    again = view_of(typed.query(), scenarios, view)
    assert again.yours.hash == typed.yours.hash
    back = typed.move("policy.rule_of_law", 0.2).move("policy.self_governance", 0.1).move(key, value).move("policy.rule_of_law", 0.25)
    assert costs(back.yours)["rule_of_law"].share == pytest.approx(0.25, rel=1e-4)
    assert load_scenario("baseline").with_changes(dict(typed.changes)).hash == typed.yours.hash


@pytest.mark.parametrize(("key", "value", "name", "what"), FORMS)
def test_no_more_can_be_typed_than_is_left_and_every_slider_still_moves(view, key, value, name, what):
    typed = view.move(key, 1e6)
    assert levers.unspent(typed.yours) == pytest.approx(0.0, abs=1e-3)
    for control in levers.controls(typed.yours, typed.baseline, "en"):
        if control.kind == "slider" and control.group in ("shares", "splits"):
            for end in (control.low, control.high):
                assert levers.unspent(typed.move(control.key, end).yours) >= 0
