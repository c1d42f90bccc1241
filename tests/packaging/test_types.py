"""A type checker sees, from outside, what the public names take and give: the package says so (``py.typed``), and leaves none out."""

import importlib
import inspect
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from processes import PATIENCE, environment
from test_names import STUBS, module_of

import sanzhi

SCRIPT = """
from typing import assert_type

import sanzhi
from sanzhi import AgentRule, Run, Scenario, UserError
from sanzhi.plugins import Plugin
from sanzhi.scenario import Scenario as Same
from sanzhi.spec import Spec, parameter


class Parameters(Spec):
    noise: float = parameter(0.004, "noise of a market", unit="per week", low=0.0, high=1.0)


def simulated(name: str) -> Run:
    scenario = sanzhi.load_scenario(name).with_changes({"policy.rule_of_law": 0.4})
    assert_type(scenario, Scenario)
    assert_type(scenario, Same)
    return sanzhi.simulate(scenario, seed=1)


run = simulated("baseline")
assert_type(run.content_hash, str)
model = sanzhi.GovernanceModel("baseline", seed=1)
assert_type(model.week, int)
assert_type(sanzhi.__version__, str)
study = sanzhi.load_study("uncertain_city_lhs")
assert_type(sanzhi.sweep(study), sanzhi.StudyResult)
plugin = Plugin()
errors: tuple[type[Exception], ...] = (UserError, sanzhi.ScenarioError)
rule: type[AgentRule] = AgentRule
"""
USES = """
import sanzhi

pair: list[sanzhi.Scenario | str] = ["baseline", sanzhi.load_scenario("balanced")]
results = sanzhi.read_study("results/study")
run = sanzhi.read_run("results/run")
study = sanzhi.make_study({"name": "mine"})
reveal_type(sanzhi.compare(pair))
reveal_type(sanzhi.compare(pair, worlds="all", seed=1, workers=2, residents=500, keep="kept"))
reveal_type(sanzhi.compare(pair, worlds=20, metrics=["stability"]))
reveal_type(sanzhi.compare(pair, worlds=1))
reveal_type(sanzhi.compare(pair, 5))
reveal_type(sanzhi.compare(pair, replicates=None, window=1))
reveal_type(sanzhi.compare(pair, interval="bootstrap"))
reveal_type(sanzhi.mix("baseline"))
reveal_type(sanzhi.mix("baseline", steps=4, worlds="worlds.parquet"))
reveal_type(sanzhi.mix("baseline", worlds=1))
reveal_type(sanzhi.mix("baseline", replicates=5))
reveal_type(sanzhi.attribute("baseline", "balanced"))
reveal_type(sanzhi.resilience("factory_closures"))
reveal_type(sanzhi.calibrate("baseline"))
reveal_type(sanzhi.history_match("baseline"))
reveal_type(sanzhi.optimize("search.yaml", worlds=1))
reveal_type(sanzhi.analyze(results))
reveal_type(sanzhi.analyze("results/study", seed=1))
reveal_type(study)
reveal_type(sanzhi.sweep(study, "out", workers=2))
reveal_type(sanzhi.validate_against(run, "areas.csv"))
reveal_type(sanzhi.write_run(run, "out"))
reveal_type(sanzhi.write_report(run, "out", lang="zh"))
reveal_type(sanzhi.INSTRUMENTS)
reveal_type(sanzhi.LEVERS)
reveal_type(sanzhi.MECHANISMS)
reveal_type(sanzhi.METRICS)
sanzhi.allow_rules()
sanzhi.write_brief(sanzhi.compare(pair, districts=True), "brief", question="Which?", browser="none")
sanzhi.write_workbook(run, "tables.xlsx", lang="zh")
sanzhi.plot_indices(run, lang="zh")
sanzhi.plot_flows("results/run")
sanzhi.plot_budget(run)
sanzhi.plot_groups(run)
sanzhi.plot_districts(run, index="stability")
sanzhi.plot_map(run, "satisfaction", change=True)
sanzhi.plot_metric(run, "satisfaction")
sanzhi.plot_policy("baseline")
sanzhi.plot_waterfall(run.attribution, "stability", start=0.5)
"""
"""Every public function; what mypy says of those that are asked for is in `GIVEN`."""
GIVEN = """
    WorldComparison WorldComparison WorldComparison Comparison Comparison Comparison Comparison
    WorldMixResult WorldMixResult MixResult MixResult
    Attribution Resilience Calibration HistoryMatch SearchResult Analysis Analysis Study StudyResult Validation Run Path
""".split()
WRONG = {
    "import sanzhi\nsanzhi.simulat('baseline')\n": "attr-defined",
    "import sanzhi\nsanzhi.simulate('baseline', seed='one')\n": "arg-type",
    "from sanzhi.plugins import Plugn\n": "attr-defined",
    "import sanzhi\nsanzhi.compare(['a', 'b'], worlds=60, replicates=5)\n": "call-overload",
    "import sanzhi\nsanzhi.compare(['a', 'b']).ranking\n": "attr-defined",
    "import sanzhi\nsanzhi.plot_indices('results/run', langg='zh')\n": "call-arg",
    "import sanzhi\nsanzhi.analyze(3)\n": "arg-type",
}


def checked(text: str, folder) -> str:
    """What mypy says about a script in a folder of its own."""
    pytest.importorskip("mypy", reason="mypy is not installed")
    (folder / "script.py").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--cache-dir", str(folder.parent / "cache"), "script.py"]
    done = subprocess.run(command, cwd=folder, env=environment(), capture_output=True, text=True, timeout=PATIENCE)
    assert done.stderr == ""
    return done.stdout


@pytest.mark.slow
def test_a_strict_script_is_understood(tmp_path):
    assert re.match("Success", checked(SCRIPT, tmp_path)), checked(SCRIPT, tmp_path)


@pytest.mark.slow
def test_every_function_gives_one_type_that_is_known(tmp_path):
    """No union that a user would have to take apart, and nothing that a checker knows nothing of."""
    assert {name for name in sanzhi.__all__ if inspect.isfunction(getattr(sanzhi, name))} <= {*re.findall(r"sanzhi\.(\w+)", USES + SCRIPT)}
    said = checked(USES, tmp_path)
    assert "error" not in said, said
    given = re.findall(r'Revealed type is "(.*)"', said)
    assert [re.sub(r"[\w.]+\.", "", one) for one in given[: len(GIVEN)]] == GIVEN
    assert not any("Any" in one or "|" in one for one in given), given


@pytest.mark.slow
@pytest.mark.parametrize("text", WRONG)
def test_mistakes_of_a_script_are_found(text, tmp_path):
    assert f"[{WRONG[text]}]" in checked(text, tmp_path)


def functions(name: str, thing: object, home: str) -> Iterator[tuple[str, object]]:
    """Functions and methods that a public name stands for; kernels have the types of the compiler."""
    if inspect.isclass(thing):
        for part, value in dict(vars(thing)).items():
            value = value.fget if isinstance(value, property) else getattr(value, "__func__", value)
            if inspect.isfunction(value) and (part == "__init__" or not part.startswith("_")) and value.__module__.startswith("sim"):
                yield f"{name}.{part}", value
    elif inspect.isfunction(thing) and thing.__module__ == home:
        yield name, thing


def public() -> Iterator[tuple[str, object]]:
    for name in sanzhi.__all__:
        thing = getattr(sanzhi, name)
        yield from functions(name, thing, getattr(thing, "__module__", ""))
    for module in map(importlib.import_module, map(module_of, STUBS)):
        for name in vars(module):
            if not name.startswith("_") and getattr(vars(module)[name], "__module__", "") == module.__name__:
                yield from functions(f"{module.__name__}.{name}", vars(module)[name], module.__name__)


def untyped(function: object, made: bool) -> list[str]:
    """What a function does not say of itself: arguments without a type, and what it gives unless it makes an object."""
    signature = inspect.signature(function)
    left = [one.name for one in signature.parameters.values() if one.annotation is one.empty and one.name not in ("self", "cls")]
    return left if made or signature.return_annotation is not signature.empty else [*left, "return"]


def test_every_public_function_says_what_it_takes_and_gives():
    found = {name: untyped(function, name.endswith("__init__")) for name, function in public()}
    assert len(found) > 100
    assert {name: left for name, left in found.items() if left} == {}
