"""Five scenarios give the hashes that are kept in hashes.json, whoever runs them, wherever, in whatever order."""

import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import five
import pytest
from click.testing import CliRunner
from dask_cluster import cluster
from processes import PATIENCE, environment

import sim
from sim.cli import cli
from sim.experiments.studies.study_file import make_study
from sim.experiments.studies.sweep import processes, sweep
from sim.kernel import WAY
from sim.rules import CONSENT
from sim.simulation import Simulation
from sim.version import MODEL_VERSION

PART = "Same bits"
ROOT = Path(__file__).parents[2]
RUNS = [(name, seed) for name in five.FIVE for seed in five.SEEDS]
SEEDS = {"seed": five.SEEDS[0], "replicates": len(five.SEEDS)}
OTHERS = [
    version for version in ("3.11", "3.12", "3.13", "3.14", "3.15") if version != f"{sys.version_info.major}.{sys.version_info.minor}"
]
WANTED = f"1 distinct hash for each of {len(RUNS)} runs, the one kept"


@pytest.fixture(scope="module")
def kept():
    return five.kept()


@pytest.fixture(autouse=True)
def allowed(monkeypatch):
    """Rules of the town may run."""
    monkeypatch.setenv(CONSENT, "1")


@pytest.fixture
def same(kept, finding):
    """Assert that all runs gave what is kept, in all of several ways."""

    def check(claim: str, *ways: dict[str, dict[str, str]], told: str = "", **more):
        distinct = {run: {kept["hashes"][run[0]][str(run[1])], *(way[run[0]][str(run[1])] for way in ways)} for run in RUNS}
        most = max(map(len, distinct.values()))
        finding(claim, wanted=WANTED, found=f"{most} distinct{told}", reached=most == 1, part=PART, kind="exact", **more)

    return check


# --- what is kept ---


def test_hashes_are_kept_of_this_model_and_the_change_log_names_it(kept):
    """After a deliberate change of results: raise MODEL_VERSION, say why in CHANGELOG.md, `make rebase-hashes`."""
    assert kept["model"] == MODEL_VERSION, "make rebase-hashes"
    assert f"**Model version {MODEL_VERSION}**" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", five.FIVE)
def test_hashes_are_kept_of_these_scenarios(kept, name):
    assert kept["scenarios"][name] == five.scenario(name).hash, f"the scenario {name} is another one now: make rebase-hashes"


def test_other_results_are_kept_only_under_another_version_of_the_model(kept, monkeypatch, tmp_path):
    copy = tmp_path / "hashes.json"
    copy.write_text(json.dumps(kept))
    monkeypatch.setattr(five, "KEPT", copy)
    others = {**kept["hashes"], "town": {"1": "another", "2": "another"}}
    with pytest.raises(SystemExit, match="town: other results under model version"):
        five.keep(others)
    assert five.kept() == kept
    monkeypatch.setattr(five, "MODEL_VERSION", "next")
    five.keep(others)
    assert five.kept()["hashes"] == others
    assert five.kept()["model"] == "next"


# --- in this process ---


def test_engine(same):
    same("five scenarios, the engine alone", five.hashes(), told=f" ({_versions(sys.executable)})")


def _shuffled(seed):
    """All runs at once, stepped in turns of random length."""
    rng, going = random.Random(seed), {run: Simulation(five.scenario(run[0]), run[1]) for run in RUNS}
    found: dict[str, dict[str, str]] = {name: {} for name in five.FIVE}
    while going:
        run = rng.choice(list(going))
        going[run].advance(rng.randrange(1, 60))
        if going[run].week == going[run].horizon:
            found[run[0]][str(run[1])] = going.pop(run).content_hash()
    return found


def test_shuffled_order(same):
    same("in shuffled order, ten runs in turns of random length", _shuffled(1), _shuffled(2), seeds="2 shuffles")


def _stepped(name, seed):
    model = sim.GovernanceModel(five.scenario(name), seed=seed)
    while model.running:
        model.step()
    return model.simulation.content_hash()


def _simulated(**how):
    return {name: sim.simulate(five.scenario(name), **SEEDS, **how).manifest["content_hashes"] for name in five.FIVE}


def _commanded(folder):
    found = {}
    for name, (source, changes) in five.FIVE.items():
        settings = [word for key, value in changes.items() for word in ("--set", f"{key}={value}")]
        options = ["--seed", 1, "--replicates", 2, "--out", folder, "--no-report", "--quiet", "--allow-rules"]
        done = CliRunner().invoke(cli, [str(word) for word in ("run", source, *settings, *options)], prog_name="sanzhi")
        assert done.exit_code == 0, done.output
        manifest = Path(done.output.strip().splitlines()[-1]) / "manifest.json"
        found[name] = json.loads(manifest.read_text())["content_hashes"]
    return found


def test_drivers(same, tmp_path):
    stepped = {name: {str(seed): _stepped(name, seed) for seed in five.SEEDS} for name in five.FIVE}
    same("GovernanceModel.step, sim.simulate and the command `run`", stepped, _simulated(), _commanded(tmp_path))


def test_threads(same, monkeypatch):
    monkeypatch.setattr("sim.simulation.SMALL", 1000)  # so that all five have residents enough
    assert Simulation(five.scenario("town"), 1, threads=2).threads == 2
    same("1, 2 and 5 threads", _simulated(threads=1), _simulated(threads=2), _simulated(threads=5))


def test_pool(same):
    same("a pool of 2 processes", _simulated(workers=2))


# --- sweeps ---


def _study(name):
    source, changes = five.FIVE[name]
    levels = {"stance.transparency": [five.scenario(name).stance.transparency]}  # a study varies something: here, a single point
    return make_study({"name": name, "scenario": source, "set": changes, "design": {"kind": "list"}, "factors": levels, **SEEDS})


def _rows(result):
    assert result.complete, result.runs["error"].tolist()
    return dict(zip(result.runs["seed"].astype(str), result.runs["content_hash"], strict=True))


def _interrupted(study, folder, executor):
    """A sweep that is stopped after its first run and goes on later."""

    def stop(done, total):
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweep(study, folder, executor=lambda: executor, progress=stop)


def test_resumed(same, tmp_path):
    found = {}
    with processes(1, limit=PATIENCE) as executor:
        for name in five.FIVE:
            _interrupted(_study(name), tmp_path, executor)
            found[name] = _rows(sweep(_study(name), tmp_path, executor=lambda: executor))
    same("a sweep stopped on its way and resumed", found)


def test_dask(same, tmp_path):
    pytest.importorskip("distributed")
    with cluster(tmp_path, workers=2) as (address, _):
        same("a Dask cluster of 2 workers", {name: _rows(sweep(_study(name), tmp_path / "out", dask=address)) for name in five.FIVE})


# --- in other processes, on what passes for other machines ---


def elsewhere(python=sys.executable, **variables):
    """All hashes as another process gives them."""
    done = subprocess.run(
        [python, five.__file__], env={**os.environ, "PYTHONPATH": str(ROOT), **variables}, capture_output=True, text=True, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def seen_elsewhere(code, **variables):
    """What some lines of Python print in a process with these variables."""
    return subprocess.run([sys.executable, "-c", code], env=environment(**variables), capture_output=True, text=True, check=True).stdout


def _hash_seeds(same, count):
    same("hash seeds of Python", *(elsewhere(PYTHONHASHSEED=str(1000 * n)) for n in range(count)), told=f" under {count} seeds")


@pytest.mark.slow
def test_hash_seeds(same):
    _hash_seeds(same, 2)


@pytest.mark.soak
def test_twenty_hash_seeds(same):
    _hash_seeds(same, 20)


@pytest.mark.slow
def test_documented_kernels(same):
    way = "documented" if WAY == "linked" else "linked"
    same("the other way to compile kernels (`sim.kernel`)", elsewhere(SANZHI_KERNELS=way), told=f" ({way})")


@pytest.mark.slow
def test_plain_processor(same):
    same("NUMBA_CPU_NAME=generic: kernels for any x86-64 processor, as of 2003", elsewhere(NUMBA_CPU_NAME="generic"))


EXPONENTIALS = "import math; print(hash(tuple(math.exp(x / 997) for x in range(20000))))"
PLAIN_LIBM = {"GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA"}


@pytest.mark.slow
def test_plain_libm(same):
    """That the variable is heard is seen from another exponential function: its last bits differ without fused multiply-add."""
    heard = seen_elsewhere(EXPONENTIALS) != seen_elsewhere(EXPONENTIALS, **PLAIN_LIBM)
    told = "; the same variable changes exp() of libm" if heard else "; this machine's libm does not show the variable"
    same(f"GLIBC_TUNABLES={PLAIN_LIBM['GLIBC_TUNABLES']}", elsewhere(**PLAIN_LIBM), told=told)


FEATURES = "from numpy._core._multiarray_umath import __cpu_dispatch__ as d, __cpu_features__ as f; print(*(n for n in d if f[n]))"


@pytest.mark.slow
def test_plain_numpy(same):
    features = seen_elsewhere(FEATURES).strip()
    if not features:
        pytest.skip("NumPy dispatches to nothing beyond its baseline here")
    assert not seen_elsewhere(FEATURES, NPY_DISABLE_CPU_FEATURES=features).strip()
    same(f"NPY_DISABLE_CPU_FEATURES={features}", elsewhere(NPY_DISABLE_CPU_FEATURES=features))


VERSIONS = """
import platform
from importlib.metadata import version
print(", ".join([f"Python {platform.python_version()}", *(f"{name} {version(name)}" for name in ("mesa", "numpy", "numba"))]))
"""


def _python(same, version, python):
    same(f"Python {version}", elsewhere(python), told=f" ({_versions(python)})")


def _versions(python):
    return subprocess.run([python, "-c", VERSIONS], capture_output=True, text=True, check=True).stdout.strip()


def environment_of(request, version):
    """Interpreter of an environment with the packages, kept in pytest's cache; it may not be there."""
    return request.config.cache.mkdir(f"python-{version}") / "bin" / "python"


def interpreter(version):
    """A Python of that version on this machine: one of pyenv's, or on the path."""
    found = sorted(Path.home().glob(f".pyenv/versions/{version}*/bin/python"))
    return str(found[-1]) if found else shutil.which(f"python{version}")


@pytest.mark.slow
@pytest.mark.parametrize("version", OTHERS)
def test_python(same, version, request):
    python = environment_of(request, version)
    if not python.exists():
        pytest.skip(f"no environment of Python {version} in pytest's cache: `make soak` makes one where this machine has that Python")
    _python(same, version, str(python))


@pytest.mark.soak
@pytest.mark.parametrize("version", OTHERS)
def test_python_in_an_environment_made_for_it(same, version, request):
    """Minutes, and a package index, where there is no environment yet."""
    python, base = environment_of(request, version), interpreter(version)
    if not python.exists():
        if base is None:
            pytest.skip(f"no Python {version} on this machine")
        make_environment(base, python)
    _python(same, version, str(python))


def make_environment(base, python):
    """An environment with the tested versions of all packages; where they do not all fit, with those that pyproject.toml allows."""
    subprocess.run([base, "-m", "venv", str(python.parents[1])], check=True)
    install = [str(python), "-m", "pip", "install", "--quiet", "--editable", f"{ROOT}[test]"]
    if subprocess.run([*install, "--constraint", str(ROOT / "constraints.txt")], check=False).returncode:
        subprocess.run(install, check=True)
