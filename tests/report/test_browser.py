"""The page in a real browser without a network."""

import re

import pytest
from fake import make_eventful_run, make_run

from sim.report.parts.files import Table
from sim.report.parts.html import environment
from sim.report.run.page import write_report

pytestmark = pytest.mark.browser


@pytest.fixture
def offline(browser):
    """A page without a network, and what it complained of or asked for."""
    context = browser.new_context(offline=True)
    page, complaints, asked = context.new_page(), [], []
    page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: (complaints.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.on("request", lambda request: asked.append(request.url))
    yield page
    assert complaints == []
    assert [url[:60] for url in asked if not url.startswith(("file:", "data:"))] == []
    context.close()


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Page of a run with a title that cannot be broken, changes of policy, shocks, targets and a ledger."""
    folder = tmp_path_factory.mktemp("page")
    long = "A title that goes on for a while: " + "unbreakable" * 9
    path = write_report(make_eventful_run(title={"en": long, "zh": long}), folder)
    (folder / "figures").rename(folder / "elsewhere")  # the page needs nothing beside it
    return path


def switch(page, lang):
    page.click(f"label[for=language-{lang}]")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_page_works_offline_at_every_width(offline, written, lang):
    for width in (1280, 768, 390, 320):
        offline.set_viewport_size({"width": width, "height": 900})
        offline.goto(written.as_uri())
        switch(offline, lang)
        offline.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        offline.wait_for_function("[...document.images].every(i => i.complete)")
        assert offline.evaluate("[...document.images].every(i => i.naturalWidth > 0)")
        assert offline.evaluate("document.documentElement.scrollWidth") <= width
        shown = f"document.querySelector('.page-{lang} img').currentSrc == document.querySelector('.page-{lang} source').srcset"
        assert offline.evaluate(shown) == (width <= 640)


def test_the_switch_shows_one_language_at_a_time(offline, written):
    offline.goto(written.as_uri())
    for lang, other, heading in (("zh", "en", "变化与原因"), ("en", "zh", "What changed, and why")):
        switch(offline, lang)
        assert offline.is_visible(f".page-{lang}")
        assert not offline.is_visible(f".page-{other}")
        assert heading in offline.inner_text("body")
    offline.focus("#language-en")
    offline.keyboard.press("ArrowRight")  # radio buttons: it works without a mouse, too
    assert offline.is_visible(".page-zh")


def test_every_section_has_something_to_see(offline, written):
    offline.goto(written.as_uri())
    empty = "[...document.querySelectorAll('.page-en section')].filter(s => s.innerText.trim().length < 40).map(s => s.id)"
    assert offline.evaluate(empty) == []
    assert offline.is_visible("#en-targets")
    assert offline.is_visible("#en-why")
    assert offline.is_visible("#en-figure-timeline table")


def test_first_screen_holds_question_leading_results_indices_and_answer(offline, tmp_path):
    offline.set_viewport_size({"width": 1280, "height": 900})
    offline.goto(write_report(make_run(3, 110, 3), tmp_path).as_uri())
    for part in (".question", "ul.leading", ".card.stability", ".card.satisfaction", ".answer >> nth=1"):
        box = offline.locator(f".page-en {part}").bounding_box()
        assert box["y"] + box["height"] <= 900, part


def test_page_prints_the_language_that_is_shown(offline, written, browser):
    offline.goto(written.as_uri())
    switch(offline, "zh")
    offline.emulate_media(media="print")
    assert offline.is_visible(".page-zh .cards")
    assert not offline.is_visible(".page-en")
    assert not offline.is_visible(".languages")
    assert offline.evaluate("[...document.querySelectorAll('.page-zh img')].every(i => i.getBoundingClientRect().height > 20)")
    pdf = offline.pdf(format="A4")
    assert pdf.startswith(b"%PDF")
    assert 4 <= len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 30


def test_hostile_names_stay_text(offline, tmp_path):
    bad = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    run = make_run(1, 60, 2, title={"en": bad, "zh": bad}, description=bad)
    offline.goto(write_report(run, tmp_path).as_uri())
    assert offline.inner_text(".page-en h1") == bad
    assert offline.evaluate("document.querySelectorAll('.page h1 *, .question *').length") == 0


TABLE = """<!DOCTYPE html><html lang="zh"><style>{% include "style.css.jinja" %}</style>{% from "parts.html.jinja" import table %}
{% for lang in ("en", "zh") %}<main lang="{{ lang }}">{{ table(data, 1, "stack") }}</main>{% endfor %}</html>"""


def test_tables_with_long_cells_fit_and_stacked_labels_are_in_their_language(offline, tmp_path):
    verdict = "−990,000 yuan (−990,000 yuan…−830,000 yuan); better in 13 of 13: leans"
    row = ["Transparency 0.11, Self-governance 13 %, Rule of law 19 %, Moral education 0.1 %", verdict, verdict, "13 of 13", "yes", "100 %"]
    data = Table(["Policy", "Money spent a year", "Satisfaction", "Among the best", "Non-dominated", "Constraint met"], [row])
    (tmp_path / "page.html").write_text(environment().from_string(TABLE).render(data=data), encoding="utf-8")
    offline.set_viewport_size({"width": 1280, "height": 900})
    offline.goto((tmp_path / "page.html").as_uri())
    assert offline.evaluate("[...document.querySelectorAll('.scroll')].filter(s => s.scrollWidth > s.clientWidth + 1).length") == 0
    offline.set_viewport_size({"width": 390, "height": 900})
    labels = "[...document.querySelectorAll('td:nth-child(2)')].map(td => getComputedStyle(td, '::before').content)"
    english, chinese = offline.evaluate(labels)
    assert ("：" in english, "：" in chinese) == (False, True)
