"""The table of attribution in runs, in folders of results and on the command line."""

import pandas as pd
import pytest
from cities import small
from click.testing import CliRunner

import sim
from sim.cli import cli

SCENARIO = """
name: tiny
horizon: 6
city: {preset: synthetic, residents: 300, districts: 1}
replicates: 2
"""


def test_a_run_has_no_attribution_unless_asked_for(tmp_path):
    run = sim.simulate(small(4), seed=1)
    assert run.attribution is None
    assert "attribution" not in run.tables
    back = sim.read_run(sim.write_run(run, tmp_path / "run").folder)
    assert back.attribution is None


def test_replicates_and_workers_bring_their_attribution(tmp_path):
    run = sim.simulate(small(4), seed=1, replicates=2, attribution=True)
    assert list(run.attribution.columns) == ["replicate", "week", "quantity", "mechanism", "moved"]
    assert set(run.attribution["replicate"]) == {0, 1}
    back = sim.read_run(sim.write_run(run, tmp_path / "run").folder)
    pd.testing.assert_frame_equal(back.attribution, run.attribution, check_dtype=False)
    assert run.content_hash == sim.simulate(small(4), seed=1, replicates=2).content_hash
    assert sim.simulate(small(4), seed=1, replicates=2, workers=2, attribution=True).attribution.equals(run.attribution)


def test_a_damaged_attribution_is_found(tmp_path):
    folder = sim.write_run(sim.simulate(small(4), seed=1, attribution=True), tmp_path / "run").folder
    file = folder / "attribution.parquet"
    raw = bytearray(file.read_bytes())
    raw[len(raw) // 2] ^= 1
    file.write_bytes(raw)
    with pytest.raises(sim.UserError, match=r"attribution\.parquet is damaged"):
        sim.read_run(folder)


def test_the_command_writes_it_when_asked(tmp_path):
    (tmp_path / "tiny.yaml").write_text(SCENARIO)
    for flags, there in (([], False), (["--attribution"], True)):
        arguments = ["run", str(tmp_path / "tiny.yaml"), "--out", str(tmp_path / "out"), "--no-report", "--quiet", "--workers", "1", *flags]
        result = CliRunner().invoke(cli, arguments)
        assert result.exit_code == 0, result.output
        (folder,) = (tmp_path / "out" / "tiny").iterdir()
        assert (folder / "attribution.parquet").exists() == there
        assert (sim.read_run(folder).attribution is not None) == there


def test_what_the_report_shows_adds_up_from_its_start_to_its_end():
    from sim.report.parts.series import edges
    from sim.report.run.attribution import ledger, moved

    run = sim.simulate(small(60), seed=1, replicates=2, attribution=True)
    for quantity in ("satisfaction", "stability", "legitimacy", "order"):
        start, end = (values.mean() for values in edges(run.weekly, quantity))
        assert moved(ledger(run), quantity).sum() == pytest.approx(end - start, abs=1e-9)
