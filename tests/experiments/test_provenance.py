"""Who made a study is read, not only recorded: other versions of the model, other sources, other points, other machines and folders."""

import contextlib
import json
import shutil
import sqlite3
from functools import cache

import pytest
from click.testing import CliRunner
from studies import Here, study

from sim.cli import cli
from sim.errors import UserError
from sim.experiments.studies import designs
from sim.experiments.studies.analyze import analyze
from sim.experiments.studies.run_store import BACKUP, LOCK, RUN_STORE, open_run_store
from sim.experiments.studies.run_store_rows import DONE, RunRecord, layout, row_checksum
from sim.experiments.studies.study_result import read_study
from sim.experiments.studies.sweep import sweep
from sim.report.study.sentences import notices
from sim.version import MODEL_VERSION


@cache
def asked():
    """The study that is swept."""
    return study(horizon=2)


def fill(folder, only=None, source="one", of=None, mixed=False):
    """A session that leaves made-up results for some runs, all by default."""
    of = of or asked()
    with open_run_store(folder, of, designs.points(of), None if mixed else source) as store:
        store.begin(source, mixed)
        todo = [run for run in store.pending() if only is None or run in only]
        store.record([RunRecord(run, f"key{run}", DONE, None, 0.5, (0.1 * run, 0.2), f"hash{run}") for run in todo])


@pytest.fixture
def older(tmp_path, monkeypatch):
    """A finished study of model 1."""
    with monkeypatch.context() as then:
        for module in ("run_store_rows", "sessions", "run_store"):
            then.setattr(f"sim.experiments.studies.{module}.MODEL_VERSION", "1")
        fill(tmp_path / "small")
    return tmp_path / "small"


def test_a_study_of_another_model_is_read_and_analysed_and_says_so(older):
    result = read_study(older)
    assert result.model == "1"
    assert result.complete
    assert result.runs["stability"].tolist() == pytest.approx([0.1 * run for run in range(24)])
    found = analyze(result)
    assert any("model 1" in said and MODEL_VERSION in said for said in notices(found, "en"))
    assert any("1" in said and MODEL_VERSION in said for said in notices(found, "zh"))
    told = CliRunner().invoke(cli, ["analyze", str(older), "--lang", "en"])
    assert told.exit_code == 0, told.output
    assert "model 1;" in told.output


def test_a_study_of_another_model_is_not_gone_on_with_and_stays(older):
    before = (older / RUN_STORE).read_bytes()
    for source in (asked(), older):
        with pytest.raises(UserError, match=f"was started with model 1, but this is model {MODEL_VERSION}") as error:
            sweep(source, older.parent, executor=Here)
        assert "\n" not in str(error.value)
    assert (older / RUN_STORE).read_bytes() == before
    assert not (older / LOCK).exists()


def test_a_row_that_was_changed_is_damage_in_a_study_of_another_model_too(older):
    with contextlib.closing(sqlite3.connect(older / RUN_STORE)) as connection, connection:
        connection.execute("UPDATE results SET stability = 9 WHERE run = 5")
    with pytest.raises(UserError, match="its checksum does not match"):
        read_study(older)


def test_a_scenario_that_this_model_cannot_read_is_reported_with_the_model_that_made_it(older):
    with contextlib.closing(sqlite3.connect(older / RUN_STORE)) as connection, connection:
        about = json.loads(connection.execute("SELECT text FROM about").fetchone()[0])
        about["study"]["scenario"]["stance"]["gone"] = 0.5
        text = json.dumps(about)
        connection.execute("UPDATE about SET text = ?, checksum = ?", (text, row_checksum(b"", text)))
    with pytest.raises(UserError, match=r"was made by model 1, and this one.* cannot read its scenario") as error:
        read_study(older)
    assert "gone" in str(error.value)


def test_other_sources_are_refused_and_resume_only_on_request(tmp_path):
    folder = tmp_path / "small"
    fill(folder, only=range(10))
    with pytest.raises(UserError, match=r"made by other sources of model .*--other-sources"):
        sweep(asked(), tmp_path, executor=Here)
    assert (read_study(folder).runs["state"] == DONE).sum() == 10
    result = sweep(asked(), tmp_path, executor=Here, other_sources=True)
    assert result.complete
    assert len(result.sources) == 2
    assert any("2 versions" in said for said in notices(analyze(result), "en"))
    assert sweep(asked(), tmp_path, executor=Here).complete  # nothing left to do: nothing to refuse


def test_sources_that_left_no_result_are_no_part_of_a_study(tmp_path):
    fill(tmp_path / "small", only=(), source="one")
    fill(tmp_path / "small", source="two")
    assert read_study(tmp_path / "small").sources == ["two"]


def test_more_replicates_by_other_sources_are_refused_before_anything_is_rebuilt(tmp_path):
    folder = tmp_path / "small"
    fill(folder)
    before = (folder / RUN_STORE).read_bytes()
    with pytest.raises(UserError, match="other sources"):
        fill(folder, source="two", of=study(horizon=2, replicates=3))
    assert (folder / RUN_STORE).read_bytes() == before
    fill(folder, source="two", of=study(horizon=2, replicates=3), mixed=True)
    assert read_study(folder).sources == ["one", "two"]


def test_sources_outlive_damage(tmp_path):
    folder = tmp_path / "small"
    fill(folder, only=range(10))
    with contextlib.closing(sqlite3.connect(folder / RUN_STORE)) as connection, connection:
        connection.execute("UPDATE results SET stability = 9 WHERE run = 5")
    with pytest.raises(UserError, match="other sources"):
        fill(folder, source="two")


def test_a_store_of_a_time_when_sessions_had_no_checksum_is_read_and_resumed(tmp_path):
    folder = tmp_path / "small"
    fill(folder, only=range(10))
    with contextlib.closing(sqlite3.connect(folder / RUN_STORE)) as connection, connection:
        connection.execute("DROP TABLE sessions")
        connection.execute(layout(asked(), without_checksums=True)[4])
        connection.execute("INSERT INTO sessions VALUES ('2020', ?, 'one')", (MODEL_VERSION,))
    assert read_study(folder).sources == ["one"]
    with pytest.raises(UserError, match="other sources"):
        fill(folder, source="two")
    fill(folder, source="one")
    assert read_study(folder).complete


def test_a_design_that_gives_other_points_than_were_planned_is_refused(tmp_path, monkeypatch):
    fill(tmp_path / "small", only=range(10))
    usual = designs.points
    monkeypatch.setattr(designs, "points", lambda of: usual(of).iloc[::-1].reset_index(drop=True))
    with pytest.raises(UserError, match=r"run 0 was planned with .*different version"):
        sweep(asked(), tmp_path, workers=1, other_sources=True)
    assert (read_study(tmp_path / "small").runs["state"] == DONE).sum() == 10


def test_a_study_resumes_from_its_folder_after_a_move(tmp_path, monkeypatch):
    from sim.experiments.runs.model_source import source_hash

    whole = sweep(asked(), tmp_path / "whole", executor=Here)
    fill(tmp_path / "begun" / "small", only=(), source=source_hash())
    moved = shutil.move(tmp_path / "begun" / "small", tmp_path / "elsewhere")
    monkeypatch.chdir(tmp_path)
    assert sweep("elsewhere", executor=Here).content_hash == whole.content_hash
    told = CliRunner().invoke(cli, ["sweep", str(moved), "-q"])  # nothing left to do
    assert (told.exit_code, told.output.strip()) == (0, str(moved))
    assert not (tmp_path / "results").exists()


def test_a_refused_sweep_leaves_nothing_behind(tmp_path, monkeypatch):
    both = {key: {"low": 0, "high": 1} for key in ("stance.transparency", "stance.audit")}
    big = study(design={"kind": "grid", "levels": 1000}, factors=both, replicates=11)
    with pytest.raises(UserError, match="at most"):
        sweep(big, tmp_path / "results", workers=1)
    assert list(tmp_path.iterdir()) == []
    with monkeypatch.context() as now:
        now.setattr("sim.experiments.studies.run_store.extended", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            fill(tmp_path / "results" / "small")
    assert list(tmp_path.iterdir()) == []
    fill(tmp_path / "small")
    before = sorted(path.name for path in (tmp_path / "small").rglob("*"))
    with pytest.raises(UserError, match="different study"):
        sweep(study(horizon=3), tmp_path, workers=1)
    assert sorted(path.name for path in (tmp_path / "small").rglob("*")) == before
    assert LOCK not in before
    assert BACKUP not in before
