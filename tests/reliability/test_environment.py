"""Settings of others: a user's Matplotlib, warnings as errors, variables of libraries. A command does the same, whatever they are."""

import os
import re
import subprocess
import sys
from pathlib import Path

import matplotlib as mpl
import pytest
from click.testing import CliRunner
from processes import PATIENCE, environment

from sim import environment as own_environment
from sim import user_cache
from sim.cli import cli
from sim.report.parts import style

SCENARIO = "name: small\nhorizon: 4\ncity: {preset: synthetic, residents: 256, districts: 1}\n"
RUN = ("run", "small.yaml", "--replicates", "1")


@pytest.fixture
def here(tmp_path, monkeypatch):
    (tmp_path / "small.yaml").write_text(SCENARIO)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def drawn():
    with style.look():
        figure = style.new_figure(4, 3)
        axes = figure.subplots()
        axes.plot([0, 1], [0.5, -1.5], label="$1 and 50 %")
        axes.set_title("a & b")
        axes.legend()
    return style.to_svg(figure), style.to_png(figure)


FOREIGN = {
    "text.usetex": True,
    "font.size": 40,
    "axes.formatter.use_locale": True,
    "savefig.dpi": 17,
    "figure.constrained_layout.use": True,
    "lines.marker": "x",
    "image.cmap": "gray",
}


def test_a_figure_is_the_same_under_any_settings_and_leaves_them(monkeypatch):
    before = drawn()
    with mpl.rc_context(FOREIGN):
        assert drawn() == before
        assert mpl.rcParams["text.usetex"] is True
        assert mpl.rcParams["font.size"] == 40


SURROUNDINGS = {
    "warnings as errors": {"PYTHONWARNINGS": "error"},
    "no assertions, no docstrings": {"PYTHONOPTIMIZE": "2"},
    "numbers of threads": {"NUMBA_NUM_THREADS": "0", "OMP_NUM_THREADS": "none"},
    "a window that is none": {"MPLBACKEND": "nonsense"},
    "a terminal without room, letters or colours": {"COLUMNS": "3", "PYTHONIOENCODING": "ascii", "NO_COLOR": "1", "LC_ALL": "zh_CN"},
    "a time zone and a locale that are none": {"TZ": "Mars/Olympus", "LC_ALL": "nonsense"},
    "Numba's cache elsewhere": {"NUMBA_CACHE_LOCATOR_CLASSES": "Nonsense"},
}


@pytest.fixture(scope="module")
def usual(tmp_path_factory):
    """What a run says."""
    return said(tmp_path_factory.mktemp("usual"), {})


def said(folder, variables):
    """Content hash that a run in a new process prints, which must print no warning and no traceback."""
    (folder / "small.yaml").write_text(SCENARIO)
    command = [sys.executable, "-m", "sim.cli", *RUN, "--no-report", "--workers", "1"]
    done = subprocess.run(command, cwd=folder, env=environment(**variables), capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    assert not re.search("warning|traceback", done.stderr, re.I), done.stderr
    return re.search(r"\b[0-9a-f]{32}\b", done.stdout)[0]  # in any language


@pytest.mark.parametrize("variables", SURROUNDINGS.values(), ids=SURROUNDINGS)
def test_a_run_is_the_same_whatever_is_set_around_it(variables, usual, tmp_path):
    assert said(tmp_path, variables) == usual


def test_a_command_heeds_no_warnings_as_errors(monkeypatch):
    import warnings

    monkeypatch.setattr(sys, "warnoptions", ["error", "ignore::ImportWarning"])
    monkeypatch.setenv("PYTHONWARNINGS", "error")
    monkeypatch.setenv("MPLBACKEND", "nonsense")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        own_environment.use_own_settings()
        warnings.warn("of a library", stacklevel=1)
    assert sys.warnoptions == ["ignore::ImportWarning"]
    assert "PYTHONWARNINGS" not in os.environ


@pytest.fixture
def without_matplotlib(monkeypatch, tmp_path):
    """As before Matplotlib is imported, for a user without a home."""
    monkeypatch.delitem(sys.modules, "matplotlib")
    for name in ("MPLCONFIGDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(user_cache, "_fallbacks", lambda: iter([tmp_path / "own"]))
    monkeypatch.setattr(user_cache, "_cache_home", lambda: None)
    return tmp_path


def test_without_a_home_matplotlib_has_a_folder_that_lasts(without_matplotlib, monkeypatch):
    monkeypatch.setattr(os.path, "expanduser", lambda name: name)
    own_environment.ensure_matplotlib_folder()
    assert os.environ.pop("MPLCONFIGDIR") == str(without_matplotlib / "own" / "matplotlib")


def test_a_home_that_can_be_written_is_left_to_matplotlib(without_matplotlib, monkeypatch):
    monkeypatch.setenv("HOME", str(without_matplotlib))
    own_environment.ensure_matplotlib_folder()
    assert "MPLCONFIGDIR" not in os.environ


# --- a page that fails, and what its time is counted to ---


@pytest.fixture
def unlucky(monkeypatch):
    """Figures cannot be drawn: LaTeX is missing, say; its message is long."""

    def fail(*_, **__):
        raise RuntimeError("latex was not able to process the following string:\n" + 100 * "b'lp' ")

    monkeypatch.setattr(style, "to_svg", fail)


@pytest.mark.parametrize(
    ("command", "tables"),
    [
        (RUN, "results/small/*/weekly.parquet"),
        (("compare", "small.yaml", "other.yaml", "--replicates", "2", "--workers", "1"), "results/compare/*/differences.parquet"),
    ],
    ids=["run", "compare"],
)
def test_a_page_that_fails_is_one_line_and_the_tables_are_kept(command, tables, here, unlucky):
    (here / "other.yaml").write_text(SCENARIO.replace("small", "other") + "policy: {rule_of_law: 0.3}\n")
    done = CliRunner().invoke(cli, [*command, "--quiet", "--lang", "en"])
    assert done.exit_code == 1, done.output
    (line,) = [line for line in done.stderr.splitlines() if line]
    assert "the report could not be written (RuntimeError: latex was not able" in line
    assert len(line) < 400
    assert list(Path().glob(tables))
    assert "results" in done.stdout


def test_one_page_that_fails_does_not_cost_the_next_run(here, unlucky):
    (here / "other.yaml").write_text(SCENARIO.replace("small", "other"))
    CliRunner().invoke(cli, ["run", "small.yaml", "other.yaml", "--replicates", "1", "--quiet"])
    assert len(list(Path("results").glob("*/*/weekly.parquet"))) == 2


def test_the_report_is_told_when_it_begins_and_its_time_is_counted(here, monkeypatch):
    import time

    from sim.report.run import page as html

    def slow(run, folder, lang):
        time.sleep(0.5)
        return Path(folder) / "report.html"

    monkeypatch.setattr(html, "write_report", slow)
    done = CliRunner().invoke(cli, [*RUN, "--workers", "1", "--lang", "en"])
    assert done.exit_code == 0, done.output
    assert "small: writing the report" in done.stderr
    whole, page = map(float, re.search(r"residents, ([\d.]+) s, ([\d.]+) s of them for the report", done.stdout).groups())
    assert whole >= page >= 0.5
    assert "left" not in next(line for line in done.stderr.splitlines() if "100 %" in line)


@pytest.mark.parametrize("home", ["own", "none", "not to be written"])
def test_jupyter_has_a_folder_where_the_user_has_no_home(home, tmp_path, monkeypatch):
    names = ("JUPYTER_DATA_DIR", "JUPYTER_CONFIG_DIR", "IPYTHONDIR")
    for name in names:
        monkeypatch.setenv(name, "")  # so that what is set here is taken back
        monkeypatch.delenv(name)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    if home == "none":
        monkeypatch.setattr(os.path, "expanduser", lambda path: path)  # what it does where nobody knows a home
    else:
        monkeypatch.setenv("HOME", str(tmp_path) if home == "own" else "/dev/null")
    own_environment.ensure_jupyter_folders()
    assert [Path(os.environ[name]).is_dir() for name in names if name in os.environ] == ([] if home == "own" else [True] * 3)
