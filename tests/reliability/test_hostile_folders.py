"""What lies in a folder of results is not believed: manifests of every wrong form, files of 8 GB, pipes in the place of files."""

import json
import os
import threading
import tracemalloc
from pathlib import Path

import pytest
from click.testing import CliRunner
from test_results import make_run

from sim.cli import cli
from sim.errors import UserError
from sim.experiments.optimization.optimize import PLAN
from sim.experiments.studies.run_store import BACKUP, LOCK, RUN_STORE
from sim.messages import speaking
from sim.regular_files import NotRegularFileError, TooLargeError, open_regular, read_regular
from sim.results import read_run, write_run
from sim.results.manifest import MANIFEST, with_checksum

WAITING = 30.0
"""Seconds after which something waits for ever."""
ENTRY = {"name": "a", "size": 1, "blake2b": "0" * 32}
WRONG = {
    "files": [5, None, "abc", [5], [{}], {}, [ENTRY | {"size": "1"}], [ENTRY | {"size": -1}], [ENTRY | {"blake2b": 5}]],
    "files.name": [[ENTRY | {"name": name}] for name in ("../a", "/etc/passwd", "a/b", "", ".", "..", "a\n", 5, None)],
    "seeds": [5, None, [], [-1], ["a"], [2**70], [1.5], [True], {"1": 2}, [[1]]],
    "scenario": [None, 5, [], {}, "baseline", {"name": 5}, {"nonsense": 1}],
    "versions": [5, None, [], {}, {"model": 3}, {"model": None}, {"model": "3", "numpy": 2}],
    "content_hash": [None, 5, "", "x", []],
    "title": [5, [], {"en": 5}],
    "question": [5, None, []],
    "failures": [5, [5], [{}], [{"seed": "a", "error": "b"}]],
    "residents": ["many", -1, 1.5],
}
CASES = [(key.partition(".")[0], value) for key, values in WRONG.items() for value in values]


@pytest.fixture
def folder(tmp_path):
    return write_run(make_run(), tmp_path / "run").folder


def reseal(folder, change):
    """Change a manifest as somebody would who knows how it is sealed."""
    manifest = json.loads((folder / MANIFEST).read_text())
    del manifest["checksum"]
    (folder / MANIFEST).write_bytes(with_checksum(change(manifest)))


def refused(folder):
    """What the command says, in one error without a traceback."""
    result = CliRunner().invoke(cli, ["rerun", str(folder)])
    assert result.exit_code == 2, result.output
    assert isinstance(result.exception, SystemExit)
    return result.output


@pytest.mark.parametrize(("key", "value"), CASES, ids=lambda value: repr(value)[:40])
def test_a_manifest_of_a_wrong_form_is_told_and_where(folder, key, value):
    reseal(folder, lambda manifest: manifest | {key: value})
    with pytest.raises(UserError, match=rf"{MANIFEST}.*\b({key}|name|nonsense)\b") as error:
        read_run(folder)
    with speaking("zh"):
        assert str(error.value)


@pytest.mark.parametrize("key", ["files", "seeds", "scenario", "versions", "content_hash"])
def test_a_manifest_without_a_key_names_it(folder, key):
    reseal(folder, lambda manifest: {name: value for name, value in manifest.items() if name != key})
    assert f"{key}: got nothing" in refused(folder)


def test_a_sealed_manifest_that_is_none_is_refused(folder):
    plan_digest = with_checksum({"a": 1}).decode()
    for text in ("[]", "5", "null", '"a"', "[" * 100_000, plan_digest.replace('"a"', '"b"'), plan_digest[1:], plan_digest + " ", ""):
        (folder / MANIFEST).write_text(text)
        assert "damaged" in refused(folder)


def test_a_table_that_is_not_listed_is_not_read(folder):
    reseal(folder, lambda manifest: manifest | {"files": [entry for entry in manifest["files"] if entry["name"] != "weekly.parquet"]})
    assert "weekly.parquet" in refused(folder)


@pytest.mark.parametrize("name", [MANIFEST, "weekly.parquet"])
def test_a_file_of_eight_gigabytes_costs_nothing(folder, name):
    (folder / name).unlink()
    with open(folder / name, "wb") as file:
        file.truncate(8 * 2**30)
    tracemalloc.start()
    try:
        with pytest.raises(UserError, match=name):
            read_run(folder)
        assert tracemalloc.get_traced_memory()[1] < 20e6
    finally:
        tracemalloc.stop()


def test_a_search_s_plan_is_read_as_strictly(tmp_path):
    from sim.experiments.optimization.optimize import _plan_before

    for text in ("[]", "5", "{", "[" * 100_000, ""):
        (tmp_path / PLAN).write_text(text)
        with pytest.raises(UserError, match="damaged"):
            _plan_before(tmp_path / PLAN)


# --- pipes, devices, sockets ---


def ended(call):
    """What a call did, which must not wait: an exit code, or nothing when it waits."""
    found = []
    thread = threading.Thread(target=lambda: found.append(call()), daemon=True)
    thread.start()
    thread.join(WAITING)
    return found[0] if found else None


def said(*arguments):
    result = ended(lambda: CliRunner().invoke(cli, [str(argument) for argument in arguments]))
    assert result is not None, "it waits"
    assert isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe.yaml")
    return tmp_path


STUDY = """
name: s
scenario: baseline
set: {city.scale: 0.001, horizon: 2}
design: {kind: grid}
factors: {policy.rule_of_law: [0.1, 0.2]}
"""


@pytest.mark.parametrize("command", ["validate", "run", "explain", "sweep", "optimize", "compare", "dashboard", "calibrate", "rerun"])
def test_a_pipe_is_no_scenario(here, command):
    code, text = said(command, "pipe.yaml", *(["pipe.yaml"] if command == "compare" else []))
    assert code == 2
    assert "not a regular file" in text or "Not a directory" in text


@pytest.mark.skipif(not Path("/proc/kmsg").exists(), reason="no such file here")
@pytest.mark.parametrize("command", ["validate", "run", "explain"])
def test_what_calls_itself_a_plain_file_and_waits(here, command):
    assert said(command, "/proc/kmsg")[0] == 2


@pytest.mark.parametrize("key", ["communities", "adjacency", "geometry"])
def test_a_pipe_is_no_table_of_a_city(here, key):
    Path("c.yaml").write_text(f"name: c\ncity: {{{key}: pipe.yaml}}\n")
    code, text = said("validate", "c.yaml")
    assert code == 2
    assert "not a regular file" in text


def test_a_pipe_is_neither_rule_nor_parent_nor_data(here):
    Path("r.yaml").write_text("name: r\nrules: [{rule: 'pipe.yaml:a'}]\n")
    Path("e.yaml").write_text("name: e\nextends: pipe.yaml\n")
    for arguments in (["validate", "r.yaml"], ["validate", "e.yaml"], ["validate-against", "pipe.yaml", "baseline"]):
        assert said(*arguments)[0] == 2


@pytest.mark.parametrize("name", [MANIFEST, "weekly.parquet"])
@pytest.mark.parametrize("command", ["rerun", "report"])
def test_a_pipe_among_results(folder, command, name):
    (folder / name).unlink()
    os.mkfifo(folder / name)
    code, text = said(command, folder)
    assert code == 2
    assert name in text


def test_a_pipe_in_the_place_of_a_backup_is_no_backup(here):
    Path("s.yaml").write_text(STUDY)
    Path("results/s").mkdir(parents=True)
    os.mkfifo(Path("results/s", BACKUP))
    result = ended(lambda: CliRunner().invoke(cli, ["sweep", "s.yaml", "--workers", "1", "-q"]))
    assert result is not None, "it waits"
    assert result.exit_code == 0, result.output
    assert Path("results/s", RUN_STORE).is_file()
    assert not Path("results/s", BACKUP).exists() or Path("results/s", BACKUP).is_file()


@pytest.mark.parametrize("name", [LOCK, RUN_STORE])
def test_a_pipe_in_the_folder_of_a_study(here, name):
    Path("s.yaml").write_text(STUDY)
    Path("results/s").mkdir(parents=True)
    os.mkfifo(Path("results/s", name))
    code, text = said("sweep", "s.yaml", "--workers", 1, "-q")
    assert code == 2
    assert name in text


def test_only_plain_files_are_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path / "link", "/dev/null", "/dev/zero"):
        with pytest.raises(NotRegularFileError):
            open_regular(path)
    with pytest.raises(IsADirectoryError):
        open_regular(tmp_path)
    (tmp_path / "five").write_bytes(b"12345")
    assert read_regular(tmp_path / "five", 5) == b"12345"
    with pytest.raises(TooLargeError):
        read_regular(tmp_path / "five", 4)
