"""Makes the helpers in this folder and in ``contracts`` importable from the tests below, gives every test its tier (`tiers.py`), and sets
how generated examples are drawn.

Generated examples are the same on every run, so that a failure means a change of the code; tests marked `soak` draw afresh.
"""

import os
import shutil
import sys
from pathlib import Path

import pytest
from findings import add_option, collect, finding  # noqa: F401  a fixture is found by its name
from hypothesis import HealthCheck, Phase, settings
from tiers import may_be_wanted, tier_of

sys.path.append(str(Path(__file__).parent / "contracts"))

PHASES = [Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink]
QUIET = {
    "deadline": None,
    "phases": PHASES,
    "report_multiple_bugs": False,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large],
}
settings.register_profile("same", derandomize=True, database=None, max_examples=120, **QUIET)
settings.load_profile("same")


def pytest_addoption(parser):
    """Let what was found be kept."""
    add_option(parser)


def pytest_configure(config):
    """Collect what is found; with a test process for every processor, keep to one of them."""
    collect(config)
    keep_to_one_processor(getattr(config, "workerinput", None))


def keep_to_one_processor(worker):
    """Let a process of pytest-xdist, and all that its tests start, use one processor where there are no more than processes.

    Commands then have one worker unless a test asks for more: pools do not fight for processors, and most tests start none.
    """
    if worker and hasattr(os, "sched_setaffinity"):
        processors = sorted(os.sched_getaffinity(0))
        if worker["workercount"] >= len(processors):
            os.sched_setaffinity(0, {processors[int(worker["workerid"].removeprefix("gw")) % len(processors)]})


def pytest_ignore_collect(collection_path, config):
    """Leave out files of which no test can be wanted, unread."""
    marks = config.option.markexpr
    if marks and collection_path.suffix == ".py" and not may_be_wanted(collection_path, marks):
        return True
    return None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Mark every test with the tier of its file."""
    for item in items:
        item.add_marker(tier_of(item.path))


@pytest.fixture(scope="session")
def browser_program():
    """Path of Chromium."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        pytest.skip("no Chromium on this machine")
    return found


@pytest.fixture(scope="session")
def browser(browser_program):
    """Chromium, driven by Playwright: one for all tests of a process, since Playwright allows no second one beside it."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as p:
        opened = p.chromium.launch(executable_path=browser_program, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()
