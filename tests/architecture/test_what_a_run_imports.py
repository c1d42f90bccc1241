"""A run imports what it needs: Mesa, pandas and their like, half of the time until a first week, wait until somebody asks for them."""

import subprocess
import sys

import pytest

HEAVY = "mesa pandas networkx scipy.stats scipy.spatial matplotlib".split()
CITY = '{"name": "small", "city": {"preset": "synthetic", "residents": 256, "districts": 1}, "horizon": 2}'
SIMULATE = f"""
from sim.experiments.runs.simulate import simulate
from sim.results import write_run
from sim.scenario import read_scenario
run = simulate(read_scenario({CITY}), seed=1, replicates=2, attribution=True)
write_run(run, folder)
"""
SWEEP = f"""
from sim.experiments.studies.worker import Order, Task, run_chunk
from sim.experiments.runs.model_source import source_hash
from sim.scenario import read_scenario
task = Task(read_scenario({CITY}), {{"stability": "end"}}, True, 60.0, source_hash())
(result,), series = run_chunk(task, [Order(0, {{"policy.rule_of_law": 0.3}}, 1)])
assert result.error is None or not result.error, result.error
assert series
"""
COMPARE = f"""
from sim.experiments.runs.batch import summarise
from sim.scenario import read_scenario
summarise(read_scenario({CITY}), seed=1, window=1)
"""
OVER_WORLDS = f"""
import sim
from sim.scenario import read_scenario
cities = [read_scenario({CITY}), read_scenario({{**{CITY}, "name": "other", "budget": 1.2}})]
comparison = sim.compare(cities, worlds=2, residents=256, workers=1)
comparison.write(folder + "/comparison")
"""
COMMAND = f"""
from pathlib import Path
from sim.cli import main
Path(folder, "small.yaml").write_text('''{CITY}''', encoding="utf-8")
try:
    sys.argv[1:] = ["run", folder + "/small.yaml", "--replicates", "2", "--workers", "1", "--no-report", "--out", folder + "/out"]
    main()
except SystemExit as end:
    assert not end.code, end.code
"""


def imported(code: str, folder) -> set[str]:
    """Names of all modules that a fresh process has imported when it has run `code`, in which `folder` is a folder of its own."""
    program = f"import sys\nfolder = {str(folder)!r}\n{code}\nprint('imported:', *sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.rpartition("imported:")[2].split())


@pytest.mark.parametrize(
    "code", [SIMULATE, SWEEP, COMPARE, COMMAND], ids=["simulate and write", "a sweep's worker", "compare's worker", "command"]
)
def test_a_run_imports_nothing_heavy_that_it_does_not_use(code, tmp_path):
    modules = imported(code, tmp_path)
    if modules & set(HEAVY):  # perhaps it compiled, for which numba imports more
        modules = imported(code, tmp_path)
    assert {"sim.simulation", "numba"} <= modules
    assert modules & set(HEAVY) == set()


def test_a_comparison_over_worlds_loads_no_statistics_that_it_does_not_use(tmp_path):
    """They take a second, a twentieth of a whole comparison."""
    modules = imported(OVER_WORLDS, tmp_path)
    assert {"pandas", "scipy.special"} <= modules
    assert modules & {"scipy.stats", "scipy.optimize"} == set()


HELP = """
from contextlib import redirect_stdout
from io import StringIO
from sim.cli import COMMANDS, cli
for arguments in [["--help"], *([name, "--help"] for name in COMMANDS)]:
    with redirect_stdout(StringIO()) as text:
        cli(arguments, prog_name="sanzhi", standalone_mode=False)
    assert "Usage" in text.getvalue()
"""


def test_help_imports_neither_numpy_nor_numba_nor_what_prints_tables(tmp_path):
    """Of no command: the help text is there at once."""
    modules = imported(HELP, tmp_path)
    assert modules & {*HEAVY, "numpy", "numba", "pydantic", "rich", "yaml"} == set()
    assert "sim.commands.validate_against" in modules


def test_agents_are_mesa_agents_as_soon_as_there_are_any(tmp_path):
    modules = imported(
        "import sim\n"
        "model = sim.GovernanceModel(seed=1)\n"
        "import mesa\n"
        "from sim.city.resident import Resident\n"
        "assert issubclass(Resident, mesa.Agent) and isinstance(model.residents[0], mesa.Agent)\n",
        tmp_path,
    )
    assert "mesa" in modules


def test_tables_are_frames_to_whoever_reads_them(tmp_path):
    modules = imported(SIMULATE + "assert run.weekly['week'].tolist() == [0, 1, 0, 1]", tmp_path)
    assert "pandas" in modules
