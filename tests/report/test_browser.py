"""The page in a real browser without a network."""

import shutil

import pytest
from fake import make_run

from sim.report.html import write_report

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine"),
]


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as p:
        opened = p.chromium.launch(executable_path=BROWSER, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_page_works_offline_at_every_width(browser, tmp_path, lang):
    long = "A title that goes on for a while: " + "unbreakable" * 9
    run = make_run(3, 110, 16, title={"en": long, "zh": long}, policy={"rule_of_law": 0.2})
    path = write_report(run, tmp_path, lang)
    (tmp_path / "figures").rename(tmp_path / "elsewhere")  # the page needs nothing beside it
    complaints, asked = [], []
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    for width in (1280, 768, 390, 320):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(path.as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        page.wait_for_function("[...document.images].every(i => i.complete)")
        assert page.evaluate("[...document.images].every(i => i.naturalWidth > 0)")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        narrow = page.evaluate("document.images[0].currentSrc") == page.evaluate("document.querySelector('source').srcset")
        assert narrow == (width <= 640)
    assert complaints == []
    assert [url[:60] for url in asked if not url.startswith(("file:", "data:"))] == []
    context.close()
