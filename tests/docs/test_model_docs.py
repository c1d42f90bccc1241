"""docs/model says what the code says: pages, figures, the source map, and every link. Where one fails: make docs PARTS=pages."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from sim.experiments.studies.study_file import load_study
from sim.levers import INSTRUMENTS, LEVERS, STANCES
from sim.mechanisms import MECHANISMS
from sim.metrics import METRICS
from sim.scenario.cities.reference_rates import reference_ranges
from sim.scenario.schema.policy import Stance
from sim.spec import options_of

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT))

from docs.making import calibration, choices, curves, effects, mechanisms, screening, source_map, specs  # noqa: E402
from docs.making.curve_table import CURVES  # noqa: E402
from docs.making.figures import figures  # noqa: E402
from docs.making.markdown import MODEL  # noqa: E402

PAGES = sorted(MODEL.rglob("*.md"))
FIGURES = set(figures())
LINK = re.compile(r"\]\(([^)\s]+)\)")


@pytest.fixture(scope="module")
def from_specs() -> dict[str, str]:
    """Pages as the specs have them now, by name."""
    return {**specs.pages(), **mechanisms.pages(), **choices.pages()}


def test_pages_say_what_the_specs_say_now(from_specs):
    assert [name for name, text in from_specs.items() if (MODEL / name).read_text(encoding="utf-8") != text] == []


def test_every_parameter_lever_and_metric_is_on_its_page(from_specs):
    parameters, levers, metrics = (from_specs[f"{name}.md"] for name in ("parameters", "levers", "metrics"))
    for mechanism in MECHANISMS.values():
        assert set(mechanism.parameters.model_fields) <= set(re.findall(r"^\| `(\w+)`", parameters, re.M))
    assert all(f"`{name.split('.')[1]}`" in levers for name in INSTRUMENTS)
    assert all(f"`stance.{name}`" in levers for name in STANCES)
    assert re.findall(r"^\| `(\w+)`", metrics, re.M) == sorted(METRICS, key=lambda name: [*METRICS].index(name))


@pytest.mark.parametrize("name", MECHANISMS)
def test_every_mechanism_has_a_page(name):
    assert (MODEL / "mechanisms" / f"{name}.md").read_text(encoding="utf-8").startswith("# ")


def test_every_structural_choice_has_a_page_that_says_who_holds_which_form_what_would_refute_each_and_what_each_changes(from_specs):
    assert {path.stem for path in MODEL.glob("choices/*.md")} == set(choices.choices()) == set(choices.texts())
    assert {(row["choice"], row["option"]) for row in choices.read()} == set(choices.alternatives())
    for key, field in choices.choices().items():
        text, told = from_specs[f"choices/{key}.md"], choices.texts()[key]
        assert all(option.zh in text for option in options_of(field).values())
        said = (told["held"] + told["refuted"]).lower()
        assert [name for name in options_of(field) if name != "independent" and f"*{name.replace('_', ' ')}*" not in said] == []
        assert f"]({'choices/' + key}.md)" in from_specs["choices.md"]


@pytest.mark.parametrize("name", CURVES)
def test_the_figure_of_a_response_is_measured_as_the_table_of_curves_says_and_shown(name):
    """Where it fails: make model-docs PARTS=responses."""
    assert name in curves.read()
    assert f"(figures/{name}.svg)" in (MODEL / "mechanisms" / f"{name}.md").read_text(encoding="utf-8")


def test_a_figure_has_a_panel_for_every_metric():
    name = next(name for name, curve in CURVES.items() if len(curve.panels) == 3)
    assert curves.picture(name).count(b"<clipPath") == 3


def test_no_page_or_figure_is_left_of_a_mechanism_that_is_gone():
    assert {path.stem for path in MODEL.glob("mechanisms/*.md")} == set(MECHANISMS)
    assert set(CURVES) <= set(MECHANISMS)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(MODEL).as_posix())
def test_links_lead_somewhere(page):
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        path = Path(os.path.normpath(page.parent / target.partition("#")[0]))
        assert target.startswith("https://") or path.exists() or path.relative_to(ROOT / "docs").as_posix() in FIGURES, target


def test_the_odd_has_its_seven_elements_and_every_mechanism_in_its_phase():
    text = (MODEL / "odd.md").read_text(encoding="utf-8")
    assert [int(number) for number in re.findall(r"^## (\d)\. ", text, re.M)] == list(range(1, 8))
    listed = re.findall(r"^\| (\w+) \| \[(\w+)\]\(mechanisms/\w+\.md\)", text, re.M)
    assert sorted((name, stage) for stage, name in listed) == sorted((name, m.stage) for name, m in MECHANISMS.items())


def test_every_row_of_the_source_map_names_levers_that_were_measured_and_move_something_either_way():
    moved = effects.read()
    for row in source_map.rows():
        changes = [found["change"] for lever in row.levers for found in moved.get(lever, [])]
        assert min(changes) < 0 < max(changes), row.construct
        assert set(row.levers) <= set(effects.arms()), row.construct
        assert f"**{row.construct}**" in (MODEL / "source_map.md").read_text(encoding="utf-8")


def test_every_row_of_the_source_map_names_tests_that_exist():
    named = {name for row in source_map.rows() for name in row.tests}
    files = sorted({name.partition("::")[0] for name in named})
    listed = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", *files],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name != "PYTEST_ADDOPTS"},
        capture_output=True,
        text=True,
        check=True,
    )
    known = {line.partition("[")[0] for line in listed.stdout.splitlines()}
    assert all(row.tests for row in source_map.rows())
    assert named <= known, sorted(named - known)


def test_the_factors_of_the_screening_follow_from_the_levers():
    """Where this fails: make docs PARTS=pages."""
    text = screening.FILE.read_text(encoding="utf-8")
    assert screening.study_text(text) == text


def test_the_screening_varies_every_lever_instrument_and_stance_and_the_page_tells_of_each():
    keys = set(load_study(screening.STUDY).keys)
    levers = {"budget", *(f"policy.{name}" for name in LEVERS), *(f"stance.{name}" for name in Stance.model_fields)}
    parts = {"policy.{}.split.{}".format(*name.split(".")) for name in INSTRUMENTS}
    assert keys - {screening.NOTHING} == levers | parts
    text = (MODEL / "screening.md").read_text(encoding="utf-8")
    assert all(f"`{screening.short(key)}`" in text for key in keys)


def test_fitted_rates_and_checked_effects_are_told_apart_and_what_misses_is_named():
    text = (MODEL / "calibration.md").read_text(encoding="utf-8")
    fitted, checked = text.split("## Checked, never fitted")
    assert all(f"`{name}`" in fitted and f"`{name}`" not in checked for name in reference_ranges())
    found = calibration.read("effects")
    for row in found.itertuples():
        assert row.effect in checked
        assert (f"*{row.effect}* (" in checked) == (not row.agrees)
