"""Tutorials and how-tos do what they say: every file, command and block of Python, in order; what they show is what comes out.

Where one fails because the model has changed: make model-docs PARTS=walks.
"""

import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT))

from docs.making import copies, walks  # noqa: E402

CHANGING = ("own_mechanism", "add_a_lever", "own_metric")
"""How-tos that change the package."""
TOUCHED = re.compile(r"`((?:sim|tests|docs|scenarios)/[\w/]+\.\w+)`")


def text(name: str) -> str:
    return (ROOT / "docs" / "how_to" / f"{name}.md").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("page", walks.pages(), ids=lambda path: path.stem)
def test_a_page_does_what_it_says(page, tmp_path):
    shown = 0
    for step in walks.walk(page.read_text(encoding="utf-8"), tmp_path / "walk"):
        assert step.code == step.wanted, f"{step.text}\n{step.printed}\n{step.failure}"
        if step.shown:
            shown += 1
            assert walks.same(step.printed) == walks.same(step.shown["text"]), step.text
    assert shown


def test_every_page_of_how_to_is_walked_changes_a_copy_or_is_checked_elsewhere():
    elsewhere = {"install", "rules", "sweeps", "validate_against", "plugins", "worlds"}  # tests/rules, experiments, docs, plugins, worlds
    elsewhere |= {"own_figures", "tables"}  # tests/scenario/test_figures.py, tests/report/test_workbook_of_a_result.py
    here = {path.stem for path in walks.pages()} | set(CHANGING) | elsewhere
    assert {path.stem for path in (ROOT / "docs" / "how_to").glob("*.md")} <= here


def test_output_is_compared_but_for_what_differs_between_machines():
    assert walks.same("town: 3 replicates, 4.6 s\n") == walks.same("town: 3 replicates, 12.0 s")
    assert walks.same("satisfaction 0.709") != walks.same("satisfaction 0.708")


@pytest.mark.parametrize("name", CHANGING)
def test_files_named_by_a_how_to_exist_or_are_made_by_it(name):
    made = set(re.findall(r'^```\w+ title="([^"]+)"', text("own_mechanism") + text(name), re.M))
    assert [path for path in TOUCHED.findall(text(name)) if not (ROOT / path).exists() and path not in made] == []


def test_a_lever_is_added_in_the_three_files_that_are_named():
    changed = set(re.findall(r"^\+\+\+ b/(\S+)", text("add_a_lever"), re.M))
    table = text("add_a_lever").partition("## 1.")[0]
    assert changed == set(TOUCHED.findall(table))
    assert len(changed) == 3


@pytest.fixture(scope="module")
def changed(tmp_path_factory):
    """A copy of the checkout with all changes of all how-tos."""
    folder = copies.copy(tmp_path_factory.mktemp("copy") / "checkout")
    for name in CHANGING:
        assert copies.apply(text(name), folder), name
    return folder


def commands(name: str) -> str:
    """The commands at the end of a how-to."""
    return [block["text"] for block in walks.BLOCK.finditer(text(name)) if block["kind"] == "sh"][-1]


def test_the_changes_fit_and_what_they_declare_is_found(changed):
    """No kernel is compiled: the parts are declared, described, named, and read from a scenario."""
    code = (
        "from sim.mechanisms import MECHANISMS; from sim.metrics import METRICS; from sim.levers import LEVER_WEEK\n"
        "from sim.scenario import load_scenario; from sim.describe.describe import describe\n"
        "scenario = load_scenario('baseline').with_changes({'stance.traffic_limits': 0.3, 'mechanisms.night_markets.noise': 0.1})\n"
        "print(scenario.stance.traffic_limits, MECHANISMS['night_markets'].title, METRICS['mediated_share'].doc)\n"
        "print('traffic_limits' in LEVER_WEEK.names, describe('levers', 'traffic_limits'))"
    )
    done = walks.run(["python", "-c", code], changed, checkout=changed)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("0.3 Night markets: they bring neighbours together")
    assert "newcomers integrate more slowly" in done.stdout


def test_a_change_that_fits_nowhere_is_refused(tmp_path):
    (tmp_path / "a.py").write_text("one\ntwo\n")
    assert copies.change("--- a/a.py\n+++ b/a.py\n@@\n one\n+more\n", tmp_path) == "a.py"
    assert (tmp_path / "a.py").read_text() == "one\nmore\ntwo\n"
    with pytest.raises(ValueError, match="0 places"):
        copies.change("--- a/a.py\n+++ b/a.py\n@@\n three\n+more\n", tmp_path)


@pytest.mark.soak
@pytest.mark.parametrize("name", CHANGING)
def test_the_tests_that_a_how_to_names_pass_in_the_copy(name, tmp_path):
    """Compiles the model anew, and runs the contracts of every mechanism on it, the new one among them."""
    folder = copies.copy(tmp_path / "checkout")
    copies.apply(text(name), folder)
    done = walks.run(["bash", "-ec", commands(name)], folder, checkout=folder)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert re.search(r"\d+ passed", done.stdout)
