"""The decision brief: its numbers are those of the result, in both languages, with a browser, without one, and with a broken one."""

import os
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from cities import small
from click.testing import CliRunner
from matplotlib.colors import to_rgba
from some_worlds import ABOUT, some
from test_report import CHINESE, Page

import sim
from sim.analysis.world_verdict import fewest, least_worlds, world_verdict
from sim.cli import cli
from sim.errors import UserError
from sim.experiments.comparisons.over_worlds import BY_DISTRICT
from sim.experiments.experiment_result import ExperimentResult
from sim.experiments.runs.batch import summarise
from sim.report.brief import page as brief_page
from sim.report.brief.changes import fitted_said
from sim.report.brief.tables import clearest, difference_table, findings, never_seen, told_clearly
from sim.report.brief.where import OPEN_FILL, cut, draw_where, effects, where_table
from sim.report.compare.worlds import base_of, too_few_said, verdict_of
from sim.report.parts.experiments import unlike
from sim.report.parts.files import NOTHING, Table
from sim.report.parts.pdf import NONE, VARIABLE, NotPrinted, find_browser, print_page
from sim.scenario.costs import costs
from sim.worlds.world_set import WorldSet, write_worlds

EVIL = '<script>alert(1)</script> & "quotes" ' + "unbreakable" * 5
WEEKS, WORLDS = 8, 6
COPIES = """#!/bin/sh
for given; do case $given in --print-to-pdf=*) printf '%%PDF-1.4\\n{pages}%%%%EOF\\n' > "${{given#--print-to-pdf=}}";; esac; done
"""


@pytest.fixture(scope="module")
def scenarios():
    city = {"weeks": WEEKS, "residents": 900, "districts": 3}
    law = {"self_governance": 0.0, "rule_of_law": 0.45}
    return [
        small(name="base", title={"en": "As it is", "zh": "现状"}, **city),
        small(name="law", title={"en": EVIL, "zh": EVIL}, policy=law, stance={"transparency": 0.2}, **city),
        small(name="less", policy={"moral_education": 0.0}, **city),
    ]


@pytest.fixture(scope="module")
def result(scenarios):
    return sim.compare(scenarios[:2], worlds=WorldSet(some(WORLDS), ABOUT), seed=3, workers=1, districts=True)


@pytest.fixture(scope="module")
def written(result, tmp_path_factory):
    return sim.write_brief(result, tmp_path_factory.mktemp("brief"), browser=NONE)


@pytest.fixture
def undrawn(monkeypatch):
    """Figures are left out, which take most of the time."""
    monkeypatch.setattr("sim.report.parts.experiments.picture", lambda *_: {})


def browser_that(folder, script):
    """A program that does what a script says instead of printing."""
    path = folder / "browser"
    path.write_text(script)
    path.chmod(0o755)
    return str(path)


def printing(folder, *pages):
    """A program that prints as many pages as said, call by call."""
    (folder / "pages").mkdir()
    for call, count in enumerate(pages):
        browser_that(folder / "pages", COPIES.format(pages="/Type /Page \\n" * count)).replace("browser", str(call))
        (folder / "pages" / "browser").rename(folder / "pages" / str(call))
    script = f'#!/bin/sh\ncd "{folder}/pages"\nnext=$(ls | head -1)\nsh "./$next" "$@"\n[ $(ls | wc -l) = 1 ] || rm "$next"\n'
    return browser_that(folder, script)


def test_districts_are_those_of_single_runs(result, scenarios):
    table = result.districts
    assert set(table["district"]) == set(scenarios[0].residents)
    assert set(table["metric"]) == set(BY_DISTRICT)
    worlds, district = WorldSet(some(WORLDS), ABOUT), list(scenarios[0].residents)[1]
    moved = []
    for world in worlds:
        both = [summarise(world.apply(one), 3 + 2 * world.number, WEEKS, None, None, ("satisfaction",)) for one in scenarios[:2]]
        moved.append(both[1][f"satisfaction in {district}"] - both[0][f"satisfaction in {district}"])
    found = table[(table["district"] == district) & (table["metric"] == "satisfaction")].iloc[0]
    wanted = world_verdict(moved)
    assert found["median"] == pytest.approx(wanted.median)
    assert (found["better"], found["worse"], found["word"]) == (wanted.better, wanted.worse, wanted.word)


def test_districts_change_no_other_table(result, scenarios):
    plain = sim.compare(scenarios[:2], worlds=WorldSet(some(WORLDS), ABOUT), seed=3, workers=1)
    assert plain.districts is None
    assert result.manifest["content_hash"] == plain.manifest["content_hash"]
    pd.testing.assert_frame_equal(plain.verdicts, result.verdicts)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_its_numbers_are_those_of_the_result(result, written, lang):
    said = Page(written.page.read_text(encoding="utf-8")).said(lang)
    assert bool(CHINESE.search(said)) or lang == "en"
    for metric in ("stability", "satisfaction", "offences", "waiting_cases", "content_residents", "budget_spent", "staff"):
        shown = verdict_of(result, "law", metric, lang)
        planned = metric in ("budget_spent", "staff")
        for part in (
            shown.title,
            base_of(result, metric, lang),
            shown.median,
            shown.range,
            *(() if planned else (shown.better, shown.word)),
        ):
            assert part in said, (metric, part)
    for row in where_table(result, "satisfaction", lang).rows:
        assert row[0] in said


def test_money_and_staff_are_those_of_the_scenarios(result, scenarios, written):
    """The difference of all levers together, per year."""
    paid = [sum(costs(one, WEEKS - 1)[lever].people for lever in sim.LEVERS) for one in scenarios[:2]]
    assert f"{paid[0]:,.0f} staff" in Page(written.page.read_text(encoding="utf-8")).said("en")
    assert "transparency 0.6 → 0.2" in Page(written.page.read_text(encoding="utf-8")).said("en").lower()


def test_it_needs_nothing_beside_it_and_no_title_breaks_out(written):
    source = written.page.read_text(encoding="utf-8")
    page = Page(source)
    assert not page.open
    for tag, attrs in page.tags:
        for key in ("src", "href", "srcset", "action"):
            assert attrs.get(key, "data:").startswith("data:"), (tag, key)
    assert "<script>alert" not in source
    assert all(image["alt"].strip() for image in page.all("img"))
    assert [a["id"] for a in page.all("input") if "checked" in a] == ["language-en"]


def test_the_question_is_its_title(result, undrawn, tmp_path):
    brief = sim.write_brief(result, tmp_path, "zh", question="是否<值得>？", where="offences", browser=NONE)
    page = Page(brief.page.read_text(encoding="utf-8"))
    assert "是否<值得>？" in page.said("zh")
    assert [a["id"] for a in page.all("input") if "checked" in a] == ["language-zh"]
    assert (brief.pdf, brief.told) == (None, ())


def test_without_districts_it_says_so(result, undrawn, tmp_path):
    brief = sim.write_brief(replace(result, districts=None), tmp_path, browser=NONE)
    assert "did not keep results by district" in Page(brief.page.read_text(encoding="utf-8")).said("en")


def test_a_long_table_of_districts_is_cut_in_the_middle():
    table = Table(["a", "b"], [[str(number), "x"] for number in range(9)])
    assert [row[0] for row in cut(table, 4, "en").rows] == ["0", "1", "5 districts in between", "7", "8"]
    assert cut(table, 9, "en") is table


def test_districts_are_ordered_by_the_worlds_in_which_they_do_better(result):
    found = effects(result, "law", "offences")
    assert list(found["better"]) == sorted(found["better"], reverse=True)
    assert ((found["gain"] > 0) == (found["median"] < 0)).all()  # fewer offences are better


def test_money_and_staff_of_the_policy_itself_have_no_verdict(result):
    rows = {row[0]: row[-1] for row in difference_table(result, ("budget_spent", "budget_leaked", "staff"), "en").rows}
    assert rows["Money spent a year"] == rows["Staff"] == NOTHING
    assert rows["Money leaked a year"] in ("holds", "leans", "open")


def moved(result, metric, by):
    """The result with one metric that differs by a value in every world, and of which that is known to hold."""
    rows = result.differences["metric"] == metric
    differences = result.differences.assign(b=result.differences["b"].where(~rows, result.differences["a"] + by))
    differences["difference"] = differences["b"] - differences["a"]
    found = world_verdict(np.full(60, by))._asdict()
    verdicts = result.verdicts.copy()
    for key, value in found.items():
        verdicts.loc[verdicts["metric"] == metric, key] = value
    return replace(result, differences=differences, verdicts=verdicts)


def test_it_shows_the_results_in_which_the_scenarios_clearly_differ(result):
    clear = moved(result, "rate_mediation", 5.0)
    assert "rate_mediation" in clearest(clear)
    row = next(row for row in findings(clear, clearest(clear), "en").rows if row[0].startswith("Formal mediations"))
    assert row[-2:] == ["more in 60 of 60", "holds"]
    assert set(clearest(result)).isdisjoint({"stability", "offences", "staff", "budget_spent", "hours_per_resident"})


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_holds_is_said_before_the_tables(result, lang):
    clear = moved(result, "rate_mediation", 5.0)
    (sentence,) = told_clearly(clear, ["rate_mediation"], lang)
    shown = verdict_of(clear, "law", "rate_mediation", lang)
    assert all(part in sentence for part in (shown.title, shown.median, shown.word))
    (sentence,) = told_clearly(clear, [], lang)
    assert shown.title not in sentence


def test_another_city_is_told(result, scenarios):
    first, second = result.batch.scenarios
    assert unlike(result.batch, "en") == []
    moved_away = second.with_changes({"city.districts": 2})
    assert unlike(replace(result.batch, scenarios=(first, moved_away)), "en")


def test_a_result_that_is_zero_everywhere_is_named_once_and_has_no_row(result, undrawn, tmp_path):
    rows = result.differences["metric"].isin(["incidents"])
    never = replace(result, differences=result.differences.assign(**{key: result.differences[key].where(~rows, 0.0) for key in "ab"}))
    assert never_seen(never)[0] == "incidents"
    assert not any(row[0].startswith("Collective incidents") for row in findings(never, clearest(never), "en").rows)
    page = sim.write_brief(never, tmp_path, browser=NONE).page
    assert "Not shown: Collective incidents" in Page(page.read_text(encoding="utf-8")).said("en")


@pytest.mark.parametrize(("n", "says"), [(4, "leans.*8.*holds.*14"), (8, "holds.*14"), (14, "")])
def test_too_few_cities_for_a_word_are_told_with_how_many_it_takes(n, says):
    for wanted, least in (("leans", 8), ("holds", 14)):
        assert least_worlds(wanted) == least
        assert fewest(least, wanted) <= least < fewest(least - 1, wanted) + 1
    assert re.fullmatch(f".*{says}.*" if says else "", too_few_said(n, "en"))


def test_only_coefficients_that_are_the_same_in_all_worlds_are_called_so(result, scenarios):
    given = {"mechanisms.mass_work.contact": 0.27, "mechanisms.services.tuned": 0.8, "mechanisms.offending.base": 0.019}
    first = scenarios[0].with_changes(given)
    refitted = {**result.batch.about, "own_rates": {"kept": 5, "of": 6, "before": 1, "coefficients": ["services.tuned"]}}
    drawn = result.assumptions.drop(columns=["mass_work.contact", "services.tuned"], errors="ignore")  # as where a scenario sets them
    drawn = drawn.assign(**{"offending.base": [0.1 * one for one in range(len(drawn))]})
    said = fitted_said(
        replace(result, named=(first, result.named[1]), batch=replace(result.batch, about=refitted), assumptions=drawn), True, "en"
    )
    assert "mass_work.contact" in said
    assert "services.tuned" not in said
    assert "offending.base" not in said


def test_districts_in_which_the_effect_is_open_have_no_colour(result):
    for word, coloured in (("open", False), ("holds", True)):
        figure = draw_where(replace(result, districts=result.districts.assign(word=word)), "satisfaction")
        fills = {tuple(color) for axes in figure.axes for dots in axes.collections[:1] for color in dots.get_facecolor().round(3)}
        assert (fills != {tuple(np.round(to_rgba(OPEN_FILL), 3))}) == coloured


def test_a_map_is_drawn_where_the_effect_is_told_in_a_district(result):
    """A map that is grey all over would take a third of a page and say nothing."""
    asked = []
    for word in ("open", "holds"):
        here = replace(result, districts=result.districts.assign(word=word))
        shown = brief_page._context(here, "", "satisfaction", "en", lambda name, *_: asked.append(name) or {"name": name})
        assert bool(shown["figures"]["where"]) == (word == "holds")
        assert len(shown["where"].rows) > 0
    assert asked.count("brief_where") == 1


def test_the_type_is_the_largest_that_fits_two_pages(result, undrawn, tmp_path):
    brief = sim.write_brief(result, tmp_path, browser=printing(tmp_path, 3, 2))
    assert brief.pdf.read_bytes().startswith(b"%PDF")
    assert 'class="sheets denser"' in brief.page.read_text(encoding="utf-8")
    assert brief.told == ()


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("#!/bin/sh\necho no display >&2\nexit 1\n", "no display"),
        ("#!/bin/sh\nkill -9 $$\n", "gave no PDF"),
        (COPIES.format(pages="").replace("%%%%EOF", "half"), "gave no PDF"),
        ("no program\n", "cannot be started"),
    ],
)
def test_a_browser_that_fails_costs_one_line_and_no_brief(result, undrawn, tmp_path, script, why):
    (tmp_path / "brief.pdf").write_bytes(b"of before")
    brief = sim.write_brief(result, tmp_path, browser=browser_that(tmp_path, script))
    assert brief.page.is_file()
    assert brief.pdf is None
    assert not (tmp_path / "brief.pdf").exists()
    (told,) = brief.told
    assert why in str(told)
    assert "open brief.html" in str(told)
    assert list(tmp_path.glob("printing-*")) == []


def test_a_browser_that_hangs_is_ended_with_all_that_it_started(tmp_path):
    program = browser_that(tmp_path, f"#!/bin/sh\nsleep 60 & echo $! > {tmp_path}/child\nwait\n")
    with pytest.raises(NotPrinted, match=r"longer than 0\.5 s"):
        print_page(tmp_path / "page.html", tmp_path / "page.pdf", program, seconds=0.5)
    state = Path(f"/proc/{(tmp_path / 'child').read_text().strip()}/status")
    assert not state.exists() or "Z (zombie)" in state.read_text()


def test_where_no_browser_is_one_line_says_so(result, undrawn, tmp_path, monkeypatch):
    monkeypatch.setattr("sim.report.parts.pdf._installed", lambda: iter(()))
    monkeypatch.delenv(VARIABLE, raising=False)
    brief = sim.write_brief(result, tmp_path)
    assert brief.pdf is None
    assert ["no browser was found" in str(told) for told in brief.told] == [True]


def test_a_browser_is_named_by_option_or_variable(tmp_path, monkeypatch):
    program = browser_that(tmp_path, "#!/bin/sh\n")
    monkeypatch.setenv(VARIABLE, program)
    assert find_browser() == program
    assert find_browser(NONE) is None
    monkeypatch.setenv(VARIABLE, NONE)
    assert find_browser() is None
    assert find_browser(program) == program
    for wrong in (str(tmp_path / "missing"), str(tmp_path)):
        with pytest.raises(UserError, match="--browser: got"):
            find_browser(wrong)
    monkeypatch.setenv(VARIABLE, "missing")
    with pytest.raises(UserError, match=VARIABLE):
        find_browser()


@pytest.mark.parametrize(
    ("more", "says"),
    [({"where": "offence"}, "did you mean offences"), ({"question": "?" * 301}, "at most 300"), ({"lang": "fr"}, "en or zh")],
)
def test_bad_input_is_told_and_nothing_is_written(result, undrawn, tmp_path, more, says):
    with pytest.raises(UserError, match=says):
        sim.write_brief(result, tmp_path / "new", browser=NONE, **more)
    assert not (tmp_path / "new").exists()


def test_what_is_no_comparison_over_worlds_is_told(result, tmp_path):
    with pytest.raises(UserError, match="expected a comparison over plausible worlds"):
        sim.write_brief(result.batch, tmp_path)
    five = replace(result, batch=replace(result.batch, labels=tuple("abcde")))
    with pytest.raises(UserError, match="expected 2 to 3"):
        sim.write_brief(five, tmp_path)


def sanzhi(*arguments):
    return CliRunner().invoke(cli, [str(a) for a in (*arguments, "--workers", 1)], prog_name="sanzhi")


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(VARIABLE, NONE)
    for name, law in (("one", 0.3), ("two", 0.1)):
        city = "city: {preset: synthetic, residents: 600, districts: 2}"
        Path(f"{name}.yaml").write_text(f"name: {name}\nhorizon: 8\n{city}\npolicy: {{rule_of_law: {law}}}\n")
    write_worlds(some(4), ABOUT, Path("worlds.parquet"))


def test_the_command_writes_brief_report_and_tables_and_takes_kept_runs(files, undrawn, tmp_path, monkeypatch):
    asked = ["one.yaml", "two.yaml", "--worlds", "worlds.parquet", "--keep", "kept"]
    assert sanzhi("compare", *asked, "--no-report").exit_code == 0
    monkeypatch.setattr("sim.experiments.comparisons.world_runs.summarise", None)  # nothing is run again
    done = sanzhi("brief", *asked, "--question", "Is it worth it?", "--browser", printing(tmp_path, 2))
    assert done.exit_code == 0, done.output
    (page,) = Path("results").rglob("brief.html")
    assert page.with_suffix(".pdf").is_file()
    assert f"{page.with_suffix('.pdf')}" in done.output
    assert {"report.html", "manifest.json", "world_districts.parquet"} <= set(os.listdir(page.parent))
    said = Page(page.read_text(encoding="utf-8")).said("en")
    assert "Is it worth it?" in said
    assert "sanzhi brief one.yaml two.yaml" in said


def test_two_questions_are_two_briefs_and_the_same_again_is_said_to_replace(files, undrawn, monkeypatch):
    asked = ["brief", "one.yaml", "two.yaml", "--worlds", "worlds.parquet", "--keep", "kept"]
    assert sanzhi(*asked, "--question", "Is it worth it?").exit_code == 0
    assert "replaced" not in sanzhi(*asked, "--question", "What does it cost?").output
    assert "replaced" not in sanzhi(*asked, "--where", "offences").output
    pages = sorted(Path("results").rglob("brief.html"))
    assert len(pages) == 3
    there = []
    write = ExperimentResult.write

    def looked(self, folder, *args, **kwargs):
        write(self, folder, *args, **kwargs)
        there.append((Path(folder) / "brief.html").is_file())

    monkeypatch.setattr(ExperimentResult, "write", looked)
    again = sanzhi(*asked, "--question", "Is it worth it?", "--lang", "zh")
    assert "已被替换" in again.output
    assert there == [True]  # the earlier page stays until the new one is whole
    assert sorted(Path("results").rglob("brief.html")) == pages
    said = [Page(page.read_text(encoding="utf-8")).said("en") for page in pages]
    assert sum("Is it worth it?" in one for one in said) == 1
    assert any("--question 'Is it worth it?' --lang zh" in one for one in said)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["one.yaml"], "expected 2 to 3"),
        (["one.yaml", "two.yaml", "--worlds", 1], "expected plausible worlds"),
        (["one.yaml", "two.yaml", "--where", "trust"], "where: got"),
        (["one.yaml", "two.yaml", "--browser", "missing"], "--browser: got"),
        (["one.yaml", "two.yaml", "--replicates", 3], "--replicates"),
    ],
)
def test_mistakes_of_the_command_are_told_before_anything_runs(files, arguments, says):
    done = sanzhi("brief", *arguments)
    assert done.exit_code == 2, done.output
    assert says in done.output
    assert not Path("results").exists()


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_it_is_printed_on_two_pages_and_fits_every_screen(result, scenarios, browser, browser_program, tmp_path, lang):
    """A browser prints it, with three scenarios compared too; nothing is wider than the screen or the paper."""
    three = sim.compare(scenarios, worlds=WorldSet(some(WORLDS), ABOUT), seed=3, workers=1, districts=True)
    for name, one in (("two", result), ("three", three)):
        brief = sim.write_brief(one, tmp_path / name, lang, browser=browser_program)
        assert brief.told == ()
        page = browser.new_page()
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(brief.page.as_uri())
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            cut = "s => s.closest('details') === null && s.scrollWidth > s.clientWidth + 1"
            assert page.evaluate(f"[...document.querySelectorAll('.page-{lang} .scroll')].filter({cut}).length") == 0
            soft = page.evaluate("getComputedStyle(document.querySelector('.sheets')).color")
            assert soft == page.evaluate("getComputedStyle(document.body).color")
        page.set_viewport_size({"width": 688, "height": 1000})  # A4 within its margins
        page.emulate_media(media="print")
        assert (
            page.evaluate(f"[...document.querySelectorAll('.page-{lang} .scroll')].filter(s => s.scrollWidth > s.clientWidth + 1).length")
            == 0
        )
        assert len(page.pdf(prefer_css_page_size=True).split(b"/Type /Page\n")) - 1 == 2
        page.close()
