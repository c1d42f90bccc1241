"""The tier of every test file: what it is a test of, and so when it is run.

quick
    What functions do, in this process and on small cities: seconds. Whatever is not named below.
contract
    What every mechanism, lever, metric, module and message keeps, and that the model is the one described.
docs
    Documents, examples and metadata say what the code does, and what they show can be typed.
system
    Commands, processes, servers, browsers, disks, packages and statistics over many runs.

``make quick`` runs the first two, ``make test`` all. Single tests marked `slow`, `browser` or `soak` are left out of ``make quick`` in any
tier.
"""

import re
from itertools import product
from pathlib import Path

TESTS = Path(__file__).parent
DEFAULT = "quick"
TIERS = {
    "contract": ("architecture", "contracts", "docking", "messages", "mutation"),
    "docs": ("clients", "docs", "packaging/test_metadata.py", "test_findings.py"),
    "system": (
        "analysis/test_analysis_of_studies.py",
        "analysis/test_command.py",
        "analysis/test_own_outcomes.py",
        "architecture/test_what_a_run_imports.py",
        "causes",
        "dashboard",
        "draws/test_battery.py",
        "experiments",
        "mechanisms/test_levers.py",
        "mechanisms/test_patrols.py",
        "mechanisms/test_staff_and_work.py",
        "packaging",
        "plugins/test_running_plugins.py",
        "reliability",
        "report/test_browser.py",
        "report/test_experiment_pages.py",
        "statistics",
        "test_benchmarks.py",
        "test_cli.py",
        "test_demo.py",
        "test_experiment_commands.py",
    ),
}
"""Folders and files of each tier; a file that is named itself is not of the tier of its folder."""


def tier_of(path: Path) -> str:
    """Tier of a test file.

    Parameters
    ----------
    path : Path
        A file below the folder of tests.
    """
    name = path.relative_to(TESTS).as_posix()
    named = [(len(place), tier) for tier, places in TIERS.items() for place in places if name == place or name.startswith(f"{place}/")]
    return max(named, default=(0, DEFAULT))[1]


def may_be_wanted(path: Path, marks: str) -> bool:
    """Whether an expression of marks, as ``pytest -m`` takes it, can hold for a test of a file: if not, the file need not be imported."""
    names = set(re.findall(r"\w+", marks)) - {"and", "or", "not"}
    tiers = {DEFAULT, *TIERS}
    others = sorted(names - tiers)
    known = dict.fromkeys(tiers, False) | {tier_of(path): True}
    return any(eval(marks, {}, known | dict(zip(others, values, strict=True))) for values in product((False, True), repeat=len(others)))
