"""The page: its content, that it is self-contained, and that no scenario can break it."""

import base64
import csv
import io
import json
import re
import time
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest
from fake import make_run

from sim.analysis.intervals import FEWEST
from sim.errors import UserError
from sim.report.parts import html as pages
from sim.report.parts import style
from sim.report.parts.estimates import Estimate, estimate
from sim.report.parts.settings import differences
from sim.report.run import figures as draw
from sim.report.run.answer import answer
from sim.report.run.page import write_report
from sim.report.run.rates import bar
from sim.report.text.catalogue import beginning, say
from sim.scenario.cities.reference_rates import reference_ranges

SECTIONS = "change indices timeline parts groups prices fairness districts map flows rates scenario assumptions scope reproduce".split()
FIGURES = ["change", "indices", "parts", "groups", "prices", "fairness", "districts", "map", "flows"]
LANGUAGES = ["en", "zh"]
CHINESE = re.compile(r"[\u4e00-\u9fff]")
VOID = {"meta", "link", "img", "source", "br", "hr", "input"}
EMPTY_SVG = {"rect", "line", "circle"}


class Page(HTMLParser):
    """Tags with their attributes, text outside style and script, and tags left open."""

    def __init__(self, source: str):
        super().__init__()
        self.tags, self.open, self.text = [], [], []
        self.langs, self.spoken = [], []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
            self.langs.append(dict(attrs).get("lang") or (self.langs[-1] if self.langs else None))

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
        self.langs.pop()

    def handle_data(self, data):
        if self.open and self.open[-1] not in ("style", "script"):
            self.text.append(data)
            self.spoken.append((self.langs[-1], data))

    def said(self, lang=None):
        """Text in one language, or in all."""
        return " ".join(data for each, data in self.spoken if lang in (None, each))

    def all(self, tag):
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.fixture(scope="module")
def small():
    return make_run(replicates=3, weeks=60, districts=3)


@pytest.fixture(scope="module", params=["en", "zh"])
def written(request, small, tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    return request.param, folder, write_report(small, folder, lang=request.param).read_text(encoding="utf-8")


@pytest.fixture
def english(monkeypatch):
    """Pages in English only, for tests to which the other language adds nothing but time."""
    monkeypatch.setattr(pages, "LANGUAGES", ("en",))


@pytest.fixture
def blank(monkeypatch):
    """Empty figures, for tests of words and numbers: drawing takes most of the time of a page."""
    for name in draw.FIGURES:
        monkeypatch.setitem(draw.FIGURES, name, lambda *_a, **_k: style.new_figure(1, 1))


def decoded(uri: str) -> bytes:
    return base64.b64decode(uri.split("base64,", 1)[1])


def page_of(run, folder, lang="en") -> str:
    return write_report(run, folder, lang).read_text(encoding="utf-8")


def test_sections_stand_in_order(written):
    lang, _, source = written
    page = Page(source)
    other = "zh" if lang == "en" else "en"
    assert [a["id"] for a in page.all("section")] == [f"{each}-{name}" for each in (lang, other) for name in SECTIONS]
    assert page.all("html")[0]["lang"] == lang
    assert [a["lang"] for a in page.all("main")] == [lang, other]
    assert [a["id"] for a in page.all("input") if "checked" in a] == [f"language-{lang}"]
    assert not page.open
    assert len(page.all("h1")) == 2
    ids = [a["id"] for _, a in page.tags if "id" in a]
    assert len(ids) == len(set(ids))


def test_every_figure_has_alt_text_units_and_its_table(written):
    lang, folder, source = written
    page = Page(source)
    images = page.all("img")
    assert len(images) == len(page.all("figure")) == len(page.all("figcaption")) == 2 * len(FIGURES)
    for i, image in enumerate(images):
        assert image["alt"].strip()
        assert bool(CHINESE.search(image["alt"])) == ((lang == "zh") == (i < len(FIGURES)))
    links = {a["download"]: a["href"] for a in page.all("a")}
    for name in FIGURES:
        raw = decoded(links[f"{name}.csv"])
        assert raw.startswith(b"\xef\xbb\xbf")
        assert not re.search("[\u2212\u202f]|(?m:(^|,)')", raw.decode())
        rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
        assert len(rows) > 1
        assert len({len(row) for row in rows}) == 1
        assert (folder / "figures" / f"{name}.svg").stat().st_size > 1000
        assert (folder / "figures" / f"{name}.png").read_bytes().startswith(b"\x89PNG")
    assert all(a["aria-label"] for a in page.all("svg") if a.get("role") == "img")


def test_nothing_is_fetched_from_anywhere(written):
    _, _, source = written
    page = Page(source)
    for tag, attrs in page.tags:
        for key in ("src", "href", "srcset", "action", "poster"):
            assert attrs.get(key, "data:").startswith("data:"), (tag, key)
    assert "url(" not in source
    assert "@import" not in source
    assert not re.search(r"https?://", source)
    assert [a.get("type") for a in page.all("script")] == ["application/json"]
    for image in [*page.all("img"), *page.all("source")]:
        svg = decoded(image.get("src") or image["srcset"]).decode()
        assert not [u for u in re.findall(r"https?://[^\"']+", svg) if not u.startswith("http://www.w3.org/")]
        assert "<image" not in svg
        assert "<script" not in svg


def test_both_languages_are_complete(blank, small, tmp_path):
    page = Page(page_of(small, tmp_path))
    english, chinese = (page.said(lang) for lang in LANGUAGES)
    assert set(CHINESE.findall(english)) <= set("自治法德")  # the names of the three governances
    # Chinese apart from names, keys and versions.
    names = "sanzhi baseline yaml seed replicates python numpy model rerun results city preset synthetic districts residents horizon"
    names += " mechanisms KEY VALUE figures compare " + " ".join(key.replace(".", " ") for key in beginning("doubtful "))
    assert {w for w in re.findall(r"[A-Za-z0-9_]+", chinese) if w.isalpha() and len(w) > 3} <= set(names.split())


def test_no_placeholder_is_left_and_no_value_is_nan(written):
    _, _, source = written
    text = Page(source).said()
    assert not re.search(r"\bnan\b|None|\{|\}|StrictUndefined", text)


def test_scenario_text_is_harmless(blank, tmp_path):
    bad = "<script>alert(1)</script>"
    run = make_run(2, 20, 2, title={"en": bad, "zh": bad}, description='"><img src=x onerror=alert(2)>')
    run.districts["district"] = run.districts["district"].map(lambda name: f"=cmd|' {bad}")
    run.manifest["versions"]["sanzhi"] = bad
    for lang in ("en", "zh"):
        source = page_of(run, tmp_path, lang)
        page = Page(source)
        assert "<script>alert" not in source
        assert not [a for _, attrs in page.tags for a in attrs if a.startswith("on")]
        assert bad in page.said()
        data = re.search(r'<script type="application/json"[^>]*>(.*?)</script>', source, re.S)[1]
        assert "<" not in data
        assert r"\u003c" in data
        assert json.loads(data)["versions"]["sanzhi"] == bad
        links = {a["download"]: a["href"] for a in page.all("a")}
        assert b"'=cmd" in decoded(links["districts.csv"])


@pytest.mark.parametrize(("replicates", "weeks", "districts"), [(1, 1, 1), (1, 30, 1), (2, 5, 2), (25, 110, 40)])
def test_any_size_makes_a_page(english, tmp_path, replicates, weeks, districts):
    source = page_of(make_run(replicates, weeks, districts), tmp_path)
    images = len(Page(source).all("img"))
    assert images == len(FIGURES) - (districts == 1 and weeks < 52)  # one place makes no map
    assert ("the role of chance cannot be judged" in source) == (replicates < FEWEST)
    assert ("5th to 95th percentile" in source) == (replicates >= 20)


def test_missing_metrics_leave_gaps_not_errors(english, tmp_path):
    run = make_run(2, 30, 2, drop=(*draw.FAIRNESS, "disputes_opened", "burn_out", "rate_stops"))
    run.weekly["calm"] = np.nan
    source = page_of(replace(run, flows=run.flows[["replicate", "week"]]), tmp_path)
    page = Page(source)
    assert len(page.all("img")) == len(FIGURES) - 2
    assert source.count("This run has no data for this figure.") == 2
    assert [a["id"] for a in page.all("section")] == [f"en-{name}" for name in SECTIONS]


def test_the_answer_gives_change_within_replicates():
    run = make_run(8, 60, 2)
    luck = 0.001 * (run.weekly["replicate"] - 3.5)
    run.weekly["stability"] = 0.5 + 0.01 * run.weekly["replicate"] + np.where(run.weekly["week"] >= 30, 0.1 + luck, 0.0)
    text = answer(run, "en")[0]
    assert "stability is 0.64" in text
    assert "0.100 above the start" in text
    run.weekly["stability"] = 0.5 + 0.01 * run.weekly["replicate"] - np.where(run.weekly["week"] >= 30, 0.1 + luck, 0.0)
    assert "0.100 below the start" in answer(run, "en")[0]
    run.weekly["stability"] = 0.5 + 0.01 * run.weekly["replicate"] - np.where(run.weekly["week"] >= 30, 0.1, 0.0)
    same = answer(run, "en")[0]
    assert "−0.100" in same
    assert "chance" not in same
    assert "no interval" in same


def test_interval_covers_as_often_as_it_says():
    # 2,000 intervals that cover in 93 to 97 %: outside 1,800..1,980 with a probability below 1e-6 (binomial).
    rng = np.random.default_rng(7)
    hits = sum(e.low <= 3.0 <= e.high for e in (estimate(rng.normal(3.0, 2.0, 6)) for _ in range(2000)))
    assert 1800 <= hits <= 1980


def test_rates_are_compared_with_their_ranges(blank, tmp_path):
    run = make_run(4, 60, 2)
    for name, reference in reference_ranges().items():
        run.weekly[name] = (reference.low + reference.high) / 2
    run.weekly["rate_suits"], run.weekly["rate_disputes"] = 30.0, 10.0
    run.manifest["residents"] = 5_000_000
    source = page_of(run, tmp_path)
    assert f"{len(reference_ranges()) - 2} of {len(reference_ranges())} rates lie inside" in source
    assert source.count("verdict above") == source.count("verdict below") == 2
    run.manifest["residents"] = 10_000  # four lives of 10,000: about 3.6 incidents
    assert say("rare", "en") in page_of(run, tmp_path)
    beijing = make_run(1, 60, 2, title={"en": "B"})
    beijing = replace(beijing, scenario=beijing.scenario.with_changes({"city": {"preset": "beijing_2020", "scale": 0.01}}))
    assert "150–220" in page_of(beijing, tmp_path)


def test_bars_stay_on_their_scale():
    for value in (-5.0, 0.0, 7.0, 1e9):
        assert all(
            0 <= place <= 100 for place in bar(Estimate(value, value, value, value, value), reference_ranges()["rate_suits"]).values()
        )


def test_differences_name_what_changed():
    changed = make_run(1, 260, 16, policy={"rule_of_law": 0.2}, stance={"transparency": 0.9})
    assert {k: v for k, v, _ in differences(changed.scenario)} == {"policy.rule_of_law.share": "0.2", "stance.transparency": "0.9"}
    assert differences(make_run(1, 260, 16).scenario) == []


def test_the_table_of_a_city_of_the_user_is_counted_and_not_shown():
    table = "community,population\n" + "".join(f"c{n},900\n" for n in range(40))
    scenario = make_run(1, 260, 16).scenario.with_changes({"city": {"communities": table}})
    rows = {key: value for key, value, _ in differences(scenario)}
    assert rows["city.communities"] == "40 communities from a table"
    assert max(map(len, rows.values())) < 60
    assert {key: value for key, value, _ in differences(scenario, "zh")}["city.communities"] == "自备表格中的40个社区"


def test_scenario_file_in_the_page_is_the_scenario(blank, tmp_path):
    from sim.scenario import load_scenario

    run = make_run(1, 30, 3, policy={"rule_of_law": 0.2}, title={"en": "Ä: <b>", "zh": "中"})
    links = {a["download"]: a["href"] for a in Page(page_of(run, tmp_path)).all("a")}
    (tmp_path / "again.yaml").write_bytes(decoded(links["baseline.yaml"]))
    again = load_scenario(tmp_path / "again.yaml")
    assert again.hash == run.scenario.hash
    assert again.title == run.scenario.title


def test_the_same_run_makes_the_same_page(english, small, tmp_path):
    assert write_report(small, tmp_path / "a").read_bytes() == write_report(small, tmp_path / "b").read_bytes()


def test_failures_and_interruption_are_reported(blank, tmp_path):
    run = make_run(3, 20, 2)
    run.manifest.update({"failures": [{"seed": 9, "error": "x"}], "replicates": 4, "interrupted": True})
    source = page_of(run, tmp_path)
    assert "1 of 4 runs failed" in source
    assert "interrupted" in source


def test_unknown_language_is_refused(small, tmp_path):
    with pytest.raises(UserError, match="lang: got 'fr'"):
        write_report(small, tmp_path, lang="fr")


def test_a_big_run_is_quick(tmp_path):
    run = make_run(10, 260, 16)
    before = time.process_time()
    page = write_report(run, tmp_path)
    assert time.process_time() - before < 40  # measured: 7 s
    assert page.stat().st_size < 3_500_000


def test_a_simulated_run_makes_a_page(english, tmp_path):
    from sim.experiments.runs.simulate import simulate
    from sim.scenario import read_scenario

    scenario = read_scenario({"name": "tiny", "city": {"preset": "synthetic", "residents": 1000, "districts": 2}, "horizon": 20})
    source = page_of(simulate(scenario, seed=1, replicates=2), tmp_path)
    assert len(Page(source).all("img")) == len(FIGURES)
    assert "District 1" in source
