"""Pages of comparisons, mixes and attributions: their content in both languages, and that they are self-contained."""

import csv
import io
import re
from dataclasses import replace

import pytest
from cities import small
from test_report import CHINESE, Page, decoded

from sim.errors import UserError
from sim.experiments.comparisons.attribute import attribute
from sim.experiments.comparisons.compare import compare
from sim.experiments.comparisons.mix import mix
from sim.experiments.comparisons.resilience import resilience
from sim.report.attribute.page import write_attribution
from sim.report.compare.page import p_value, write_comparison
from sim.report.mix.page import write_mix
from sim.report.resilience.page import write_resilience

WEEKS = 30
EVIL = '<script>alert(1)</script> & "quotes" ' + "unbreakable" * 8
LAW = {"self_governance": 0.05, "rule_of_law": 0.4}
SHOCKS = [{"kind": "service_outage", "at": 5, "lasts": 5}, {"kind": "rumour", "at": 6, "where": {"district": "District 1"}}]
FIGURES = {
    "compare": ["differences", "groups", "ranking", "prices"],
    "mix": ["maps"],
    "attribute": ["waterfall", "interactions"],
    "resilience": ["course", "effects", "districts"],
}

WRITTEN = [("compare", "en"), ("compare", "zh"), ("mix", "en"), ("attribute", "zh"), ("resilience", "en")]
"""Pages and the language in which they open; each has all in both."""


@pytest.fixture(scope="module")
def results():
    first, second = small(WEEKS, title={"en": EVIL, "zh": EVIL}), small(WEEKS, name="law", policy=LAW, stance={"transparency": 0.2})
    third = small(WEEKS, name="third", policy={"moral_education": 0.0})
    return {
        "compare": (compare([first, second, third], replicates=3, workers=1), write_comparison),
        "mix": (mix(first, steps=3, metrics=["content"], services=[0.3, 0.4], replicates=3, workers=1), write_mix),
        "attribute": (attribute(first, second, replicates=3, workers=1), write_attribution),
        "resilience": (resilience(first.with_changes({"shocks": SHOCKS}), replicates=3, workers=1), write_resilience),
    }


@pytest.fixture(scope="module", params=WRITTEN, ids="-".join)
def written(request, results, tmp_path_factory):
    kind, lang = request.param
    folder = tmp_path_factory.mktemp(kind)
    result, write = results[kind]
    return kind, lang, folder, write(result, folder, lang, " --steps 3").read_text(encoding="utf-8")


def test_every_figure_has_alt_text_and_its_table(written):
    kind, lang, folder, source = written
    page = Page(source)
    assert not page.open
    assert page.all("html")[0]["lang"] == lang
    images = page.all("img")
    assert len(images) == 2 * len(FIGURES[kind])
    for i, image in enumerate(images):
        assert image["alt"].strip()
        assert bool(CHINESE.search(image["alt"])) or (lang == "zh") != (i < len(FIGURES[kind]))
    links = {a["download"]: a["href"] for a in page.all("a")}
    for name in FIGURES[kind]:
        rows = list(csv.reader(io.StringIO(decoded(links[f"{name}.csv"]).decode("utf-8-sig"))))
        assert len(rows) > 1
        assert len({len(row) for row in rows}) == 1
        assert (folder / "figures" / f"{name}.png").read_bytes().startswith(b"\x89PNG")


def test_nothing_is_fetched_and_no_title_breaks_out(written):
    *_, source = written
    page = Page(source)
    for tag, attrs in page.tags:
        for key in ("src", "href", "srcset", "action"):
            assert attrs.get(key, "data:").startswith("data:"), (tag, key)
    assert [a.get("type") for a in page.all("script")] == ["application/json"]
    assert "<script>alert" not in source
    assert not re.search(r"https?://(?!w3id)", source)


def test_the_page_says_how_to_make_it_again_and_that_the_city_is_small(written):
    kind, _, _, source = written
    text = " ".join(Page(source).text)
    assert f"sanzhi {kind} small" in text
    assert "--replicates 3 --steps 3" in text
    assert "1,200" in text


def test_the_page_has_both_languages_and_opens_in_the_one_asked_for(written):
    _, lang, _, source = written
    page = Page(source)
    assert [a["id"] for a in page.all("input") if "checked" in a] == [f"language-{lang}"]
    ids = [a["id"] for _, a in page.tags if "id" in a]
    assert len(ids) == len(set(ids))
    for each, heading, other in (("en", "Content hash", "随机种子"), ("zh", "随机种子", "Content hash")):
        assert heading in page.said(each)
        assert other not in page.said(each).replace(EVIL, "")


def test_the_same_result_gives_the_same_page(results, tmp_path):
    result, write = results["attribute"]
    assert write(result, tmp_path / "a").read_bytes() == write(result, tmp_path / "b").read_bytes()


def test_failures_and_interruption_are_reported(results, tmp_path):
    result, write = results["compare"]
    failed = [{"scenario": "law", "seed": 7, "error": "unlucky"}]
    batch = replace(result.batch, failures=failed, interrupted=True, wanted=9)
    source = write(replace(result, batch=batch), tmp_path).read_text(encoding="utf-8")
    assert "1 runs failed" in source
    assert "Interrupted: 3 of 9 seeds" in source


def test_an_unknown_language_is_refused_before_anything_is_written(results, tmp_path):
    for result, write in results.values():
        with pytest.raises(UserError, match="en or zh"):
            write(result, tmp_path / "new", "fr")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(("p", "shown"), [(0.0, "< 0.001"), (0.0123, "0.012"), (0.25, "0.25"), (1.0, "1.00"), (float("nan"), "–")])
def test_p_reads_well(p, shown):
    assert p_value(p) == shown


@pytest.mark.browser
def test_pages_work_offline_at_every_width(results, tmp_path, browser):
    context = browser.new_context(offline=True)
    page = context.new_page()
    complaints = []
    page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
    for kind, (result, write) in results.items():
        path = write(result, tmp_path / kind)
        for width in (1280, 390, 320):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(path.as_uri())
            page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            page.wait_for_function("[...document.images].every(i => i.complete && i.naturalWidth > 0)")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (kind, width)
    context.close()
    assert complaints == []
