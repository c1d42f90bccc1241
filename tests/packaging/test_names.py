"""``import sanzhi`` works wherever a script stands: beside a ``sim.py`` or a folder ``sim/``, as ``sim.py``, and in worker processes."""

import ast
import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest
from processes import PATIENCE, environment

import sanzhi
import sim

ROOT = Path(__file__).parents[2]
STUBS = sorted(path.relative_to(ROOT) for path in (ROOT / "sanzhi").rglob("*.pyi"))
OTHER = "raise SystemExit('the wrong sim')\n"
SHOWN = (ROOT / "README.md", *(ROOT / "docs" / "how_to").glob("*.md"), *(ROOT / "docs" / "tutorials").glob("*.md"))
SMALL = "{'city.preset': 'synthetic', 'city.residents': 600, 'city.districts': 1, 'horizon': 2}"


@pytest.fixture(params=["module", "package"])
def taken(request, tmp_path):
    """A folder in which the name `sim` is something else."""
    place = tmp_path / "sim.py" if request.param == "module" else tmp_path / "sim" / "__init__.py"
    place.parent.mkdir(exist_ok=True)
    place.write_text(OTHER)
    return tmp_path


def python(folder: Path, *arguments: str, given: str | None = None) -> subprocess.CompletedProcess:
    """Python in a folder that comes first where it looks for modules."""
    command = [sys.executable, *arguments]
    variables = environment()
    variables["PYTHONPATH"] = f"{folder}:{variables['PYTHONPATH']}"
    return subprocess.run(command, cwd=folder, env=variables, input=given, capture_output=True, text=True, timeout=PATIENCE)


def test_a_script_beside_another_sim(taken):
    done = python(taken, "-c", "import sanzhi; from sanzhi.spec import Spec; import sim; print(sim.load_scenario('baseline').name)")
    assert (done.stdout, done.stderr) == ("baseline\n", "")


def test_a_script_called_sim(tmp_path):
    (tmp_path / "sim.py").write_text("import sanzhi\nprint(sanzhi.load_scenario('baseline').name)\n")
    done = python(tmp_path, "sim.py")
    assert (done.stdout, done.stderr) == ("baseline\n", "")


def test_the_program(taken):
    done = python(taken, "-m", "sanzhi", "validate", "baseline")
    assert done.returncode == 0, done.stderr
    assert done.stdout == python(ROOT, "-m", "sim.cli", "validate", "baseline").stdout


@pytest.mark.slow
def test_worker_processes_of_a_script_that_they_cannot_import(taken):
    code = f"import sanzhi\nscenario = sanzhi.load_scenario('baseline').with_changes({SMALL})\n"
    done = python(taken, "-", given=code + "print(sanzhi.simulate(scenario, replicates=2, workers=2).content_hash)")
    assert done.returncode == 0, done.stderr
    alone = python(ROOT, "-", given=code + "print(sanzhi.simulate(scenario, replicates=2, workers=1).content_hash)")
    assert done.stdout == alone.stdout


def test_another_sim_that_was_imported_first_is_named(tmp_path):
    (tmp_path / "sim.py").write_text("")
    done = python(tmp_path, "-c", "import sim\ntry:\n    import sanzhi\nexcept ImportError as error:\n    print(error)")
    assert "sim.py" in done.stdout
    assert "rename" in done.stdout


def test_both_names_are_the_same_modules_and_things():
    assert sanzhi.__all__ == sim.__all__
    assert all(getattr(sanzhi, name) is getattr(sim, name) for name in sim.__all__)
    ours, same = importlib.import_module("sim.city.codes"), importlib.import_module("sanzhi.city.codes")
    assert ours is same
    assert ours.__spec__.name == "sim.city.codes"


def test_what_does_not_exist_is_named_as_it_was_asked_for():
    with pytest.raises(ModuleNotFoundError, match=r"sanzhi\.nothing"):
        importlib.import_module("sanzhi.nothing")
    with pytest.raises(AttributeError, match=r"'sanzhi' has no attribute 'nothing'"):
        _ = sanzhi.nothing


def module_of(stub: Path) -> str:
    parts = stub.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@pytest.mark.parametrize("stub", STUBS, ids=str)
def test_a_stub_stands_for_the_module_of_its_name(stub):
    module = importlib.import_module(module_of(stub))
    (line,) = ast.parse((ROOT / stub).read_text(encoding="utf-8")).body
    assert isinstance(line, ast.ImportFrom)
    assert line.module == module.__name__


def test_every_module_that_documents_import_is_known_to_type_checkers():
    asked = {name for page in SHOWN for name in re.findall(r"^from (sanzhi\.[\w.]+) import", page.read_text(encoding="utf-8"), re.M)}
    assert asked <= set(map(module_of, STUBS))
