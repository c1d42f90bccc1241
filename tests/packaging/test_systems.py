"""Systems that the package runs on, and one line on those that it does not run on."""

import subprocess
import sys
from pathlib import Path

import pytest
from processes import PATIENCE, environment

ROOT = Path(__file__).parents[2]
WINDOWS = "import sys; sys.platform = 'win32'; sys.modules['fcntl'] = None; sys.modules['_winapi'] = sys; sys.argv = {argv!r}; {then}"


def on_windows(argv: list[str], then: str) -> subprocess.CompletedProcess:
    """Python as it starts on Windows, which has no fcntl, and a module that `shutil` imports there."""
    code = WINDOWS.format(argv=argv, then=then)
    return subprocess.run(
        [sys.executable, "-c", code], env=environment(PYTHONPATH=str(ROOT)), capture_output=True, text=True, timeout=PATIENCE
    )


@pytest.mark.parametrize("program", ["C:/venv/Scripts/sanzhi.exe", "sanzhi"])
@pytest.mark.parametrize("then", ["from sim.cli import main; main()", "from sanzhi.__main__ import main; main()"])
def test_the_command_says_in_one_line_where_it_runs(program, then):
    done = on_windows([program, "run", "baseline"], then)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1, done.stderr
    assert "WSL" in done.stderr


@pytest.mark.parametrize("what", ["import sanzhi", "from sanzhi import simulate", "import sanzhi.files", "import sim", "import sim.files"])
def test_importing_it_says_so_at_once(what):
    done = on_windows(["notebook.py"], f"\ntry:\n    {what}\nexcept ImportError as error:\n    print(error)")
    assert done.returncode == 0, done.stderr
    assert "WSL" in done.stdout
    assert done.stderr == ""
