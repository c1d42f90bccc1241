"""The commands of one's own city: what is understood of its files, in words and on a page."""

import pytest
from click.testing import CliRunner

from sim.cli import cli

TOWN = "社区,区,人口,备用\nA,N,6000,x\nB,N,4000,x\nC,S,5000,x\n合计,,16000,\n"


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "town.csv").write_bytes(TOWN.encode("gbk"))
    (tmp_path / "figures.csv").write_text("district,year,contacts,staff\nN,2024,2500,100\nS,2024,1000,60\n")
    return tmp_path


def sanzhi(*arguments):
    return CliRunner().invoke(cli, list(arguments), prog_name="sanzhi")


def test_check_shows_what_was_understood(here):
    done = sanzhi("city", "check", "town.csv")
    assert done.exit_code == 0, done.output
    assert "town.csv: 3 communities, 2 districts, 15,000 residents" in done.output
    assert "the total in line 5 is 16,000, but the rows have 15,000 residents" in done.output
    assert "columns are left out: 备用" in done.output
    assert "estates: no column" in done.output
    (page,) = here.glob("results/town/city-check/*/report.html")
    assert "文件的读取方式" in page.read_text(encoding="utf-8")
    assert (page.parent / "figures" / "city_map.png").exists()


def test_check_reads_as_it_is_asked_to(here):
    (here / "odd.csv").write_text("名,数\nA,900\nB,800\n", encoding="utf-8")
    assert sanzhi("city", "check", "odd.csv", "--no-report").exit_code == 2
    done = sanzhi("city", "check", "odd.csv", "--no-report", "--column", "community=名", "--column", "population=数")
    assert "2 communities in one district, 1,700 residents" in done.output
    done = sanzhi("city", "check", "odd.csv", "--column", "x")
    assert done.exit_code == 2
    assert "--column: got 'x'; expected COLUMN=HEADER" in done.output


def test_check_takes_a_scenario(here):
    (here / "town.yaml").write_text("city: {communities: town.csv}\n")
    assert "3 communities" in sanzhi("city", "check", "town.yaml", "--no-report").output
    assert "its city has the keys columns" in sanzhi("city", "check", "town.yaml", "--encoding", "gbk").output
    (here / "preset.yaml").write_text("city: {preset: shanghai_2020}\n")
    assert "got a city without communities of its own" in sanzhi("city", "check", "preset.yaml").output


def test_figures_tell_what_they_identify(here):
    done = sanzhi("city", "figures", "figures.csv", "town.csv", "--write", "rates.csv")
    assert done.exit_code == 0, done.output
    assert "mass_work.contact: by rate_contacts" in done.output
    assert "staff: set by a scenario" in done.output
    assert (here / "rates.csv").read_text().startswith("rate,value,low,high,unit,year,source\nrate_contacts,233.333,")
    for taken in ("rates.csv", "town.csv"):
        before = (here / taken).read_bytes()
        again = sanzhi("city", "figures", "figures.csv", "town.csv", "--write", taken)
        assert again.exit_code == 2
        assert f"{taken} exists and is not overwritten" in again.output
        assert (here / taken).read_bytes() == before
    (here / "staff.csv").write_text("district,year,staff\nN,2024,100\n")
    assert "none of them identifies a coefficient" in sanzhi("city", "figures", "staff.csv", "town.csv").output


def test_template_and_example_overwrite_nothing(here):
    assert sanzhi("city", "template", "new", "--lang", "zh").exit_code == 0
    assert sanzhi("city", "check", "new.xlsx", "--no-report").exit_code == 0
    assert "exists and is not overwritten" in sanzhi("city", "template", "new").output
    assert sanzhi("city", "example", "made").exit_code == 0
    assert sanzhi("city", "check", "made/linjiang.csv").exit_code == 2
    assert sanzhi("city", "example", "made").exit_code == 2
