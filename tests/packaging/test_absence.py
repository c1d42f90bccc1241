"""What an extra brings may be missing: then whatever needs it says so in one line that names the extra, and everything else works."""

import ast
import contextlib
import os
import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from processes import PATIENCE

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
STUDY = """schema: 1
name: tiny
scenario: baseline
set: {city.preset: synthetic, city.residents: 512}
horizon: 4
design: {kind: KIND, samples: 32, seed: 1}
factors: {stance.transparency: {low: 0, high: 1}, stance.audit: {low: 0, high: 1}}
outcomes: {satisfaction: end}
"""
AREAS = '{"type": "FeatureCollection", "features": []}'
FILES = {
    "sobol.yaml": STUDY.replace("KIND", "sobol"),
    "morris.yaml": STUDY.replace("KIND", "morris"),
    "lhs.yaml": STUDY.replace("KIND", "lhs"),
    "areas.geojson": AREAS,
    "areas.gpkg": "",
    "places.csv": "community,population,x,y\nA,900,510000,3386000\n",
    "town.yaml": "schema: 1\nname: town\ncity: {geometry: areas.geojson}\n",
    "search.yaml": (ROOT / "docs" / "examples" / "cheapest_mix.yaml").read_text(encoding="utf-8"),
}
NEEDED = {
    ("SALib", "analysis"): (["sweep", "sobol.yaml"], ["sweep", "morris.yaml"], ["analyze", "results/tiny"]),
    ("threadpoolctl", "analysis"): (["analyze", "results/tiny"],),
    ("pymoo", "analysis"): (["optimize", "search.yaml"],),
    ("sklearn", "analysis"): (["history-match", "baseline"],),
    ("distributed", "cluster"): (["sweep", "lhs.yaml", "--dask", "tcp://127.0.0.1:1"],),
    ("solara", "dashboard"): (["dashboard", "--no-open", "--port", "0"],),
    ("uvicorn", "dashboard"): (["dashboard", "--no-open", "--port", "0"],),
    ("shapely", "geo"): (["validate", "town.yaml"], ["city", "check", "areas.geojson"]),
    ("pyogrio", "geo"): (["city", "check", "areas.gpkg"],),
    ("pyproj", "geo"): (["city", "check", "places.csv", "--crs", "EPSG:4547"],),
}
"""Modules that only an extra brings, the extra, and commands that need them."""
ALIASES = {"yaml": "pyyaml", "sklearn": "scikit-learn", "sim": "sanzhi"}
BLOCKED = """
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {modules!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Missing())
from sim.cli import main
sys.argv[1:] = {arguments!r}
sys.argv[0] = "sanzhi"
main()
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with files that need extras, and a study that was swept when nothing was missing."""
    made = tmp_path_factory.mktemp("absence")
    for name, text in FILES.items():
        (made / name).write_text(text, encoding="utf-8")
    done = subprocess.run([sys.executable, "-m", "sim.cli", "sweep", "lhs.yaml", "--quiet"], cwd=made, env=environment(), timeout=PATIENCE)
    assert done.returncode == 0
    return made


def environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))}


def without(modules: set[str], folder: Path, arguments: list[str]) -> subprocess.CompletedProcess:
    """Run a command where modules cannot be imported."""
    code = BLOCKED.format(modules=modules, arguments=arguments)
    return subprocess.run([sys.executable, "-c", code], cwd=folder, env=environment(), capture_output=True, text=True, timeout=PATIENCE)


@pytest.mark.parametrize(("need", "arguments"), [(need, line) for need, lines in NEEDED.items() for line in lines], ids=str)
def test_one_line_names_the_extra(need, arguments, folder):
    module, extra = need
    done = without({module}, folder, arguments)
    told = [line for line in done.stderr.splitlines() if "pip install" in line]
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert len(told) == 1
    assert told[0].endswith(f"pip install 'sanzhi[{extra}]'") or f"pip install 'sanzhi[{extra}]' (" in told[0]


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "baseline", "--set", "city.scale=0.0003", "--set", "horizon=4", "--replicates", "1"],
        ["compare", "baseline", "balanced", "--set", "city.scale=0.0003", "--set", "horizon=4", "--replicates", "2"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_everything_else_works_without_all_of_them(arguments, folder):
    done = without({module for module, _ in NEEDED}, folder, arguments)
    assert done.returncode == 0, done.stderr
    assert "report" in done.stdout


def imported() -> set[str]:
    """Packages of others that the source imports anywhere, by the name of their module."""
    found = set()
    for path in (ROOT / "sim").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            found |= {name.partition(".")[0] for name in names}
    return {name for name in found if name and name not in sys.stdlib_module_names and name != "sim"}


def brought(requirements: list[str]) -> set[str]:
    """Packages that these requirements bring, those that they require themselves among them."""
    known: set[tuple[str, str]] = set()
    left = [Requirement(one) for one in requirements]
    while left:
        one = left.pop()
        for extra in ("", *one.extras):
            if (one.name, extra) not in known:
                known.add((one.name, extra))
                with contextlib.suppress(PackageNotFoundError):
                    wanted = map(Requirement, requires(one.name) or ())
                    left += [more for more in wanted if more.marker is None or more.marker.evaluate({"extra": extra})]
    return {name.lower().replace("_", "-") for name, _ in known}


def test_every_package_that_the_source_imports_is_required_or_its_absence_is_tried():
    always = brought(PROJECT["dependencies"])
    tried = {module.lower() for module, _ in NEEDED}
    optional = {module for module in imported() if ALIASES.get(module, module).lower().replace("_", "-") not in always}
    assert {module.lower() for module in optional} <= tried


def test_every_extra_of_a_tried_module_brings_it():
    for module, extra in NEEDED:
        assert ALIASES.get(module, module).lower() in brought(PROJECT["optional-dependencies"][extra]), (module, extra)
