"""Mesa's SolaraViz opens the model as it is, in the example of the documentation."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "docs" / "examples" / "solara_viz.py"
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def example():
    """Address at which `solara run` serves the example."""
    pytest.importorskip("solara", reason="the extra `dashboard` is not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "false"}
    command = [sys.executable, "-m", "solara", "run", str(EXAMPLE), "--production", "--no-open", "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}/"
    for _ in range(600):
        try:
            urllib.request.urlopen(address, timeout=5).close()
            break
        except OSError:
            time.sleep(0.3)
    yield address
    process.terminate()
    process.wait(20)


def test_mesa_steps_and_draws_the_model(browser, example):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(120_000)
    page.goto(example)
    page.wait_for_selector("text=sanzhi")
    page.wait_for_function("() => document.querySelectorAll('.v-slider').length >= 3")
    page.wait_for_selector("img")
    page.get_by_role("button", name=re.compile("step", re.I)).click()
    page.wait_for_selector("text=/(Step|Time): *1/")  # Mesa 3.3 counts steps, Mesa 3.5 time
    page.wait_for_selector("img")
    assert page.locator(".v-alert.error, .solara-error").count() == 0
    page.close()
