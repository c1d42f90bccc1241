"""The site is built without a warning, every link in it leads somewhere, nothing in it asks another host, and it can be read on a phone."""

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from processes import PATIENCE

pytest.importorskip("mkdocs", reason="the extra `docs` is not installed")
pytest.importorskip("mkdocstrings", reason="the extra `docs` is not installed")

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT))

import sim  # noqa: E402
from docs.making import reference, website  # noqa: E402
from docs.making.figures import figures  # noqa: E402
from sim.cli import COMMANDS  # noqa: E402

SHOWN = ("index.html", "tutorials/03_planner.html", "model/mechanisms/unrest.html", "model/parameters.html", "reference/python.html")


class Page(HTMLParser):
    """Ids of a page, where its links lead, and what a browser loads for it."""

    def __init__(self, text: str):
        super().__init__()
        self.ids: set[str] = set()
        self.links: set[str] = set()
        self.loaded: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.ids |= {found[name] for name in ("id", "name") if found.get(name)}
        if tag == "a" and found.get("href"):
            self.links.add(found["href"])
        elif tag in ("script", "img", "iframe", "source") and found.get("src"):
            self.loaded.add(found["src"])
        elif tag == "link" and found.get("rel") not in ("canonical", "prev", "next") and found.get("href"):
            self.loaded.add(found["href"])


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The site, built as `make docs` builds it."""
    folder = tmp_path_factory.mktemp("site") / "site"
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def pages(site):
    return {path: Page(path.read_text(encoding="utf-8")) for path in sorted(site.rglob("*.html"))}


def test_every_document_has_its_page(site):
    written = {path.relative_to(ROOT / "docs").with_suffix(".html") for path in (ROOT / "docs").rglob("*.md") if "making" not in path.parts}
    assert [path for path in written if not (site / path).is_file()] == []
    assert all((site / name).with_suffix(".html").is_file() for name in website.made())


def test_every_link_leads_somewhere(pages, site):
    lost = []
    for path, page in pages.items():
        if path.name == "404.html":
            continue
        for link in page.links | page.loaded:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            target = target / "index.html" if target.is_dir() else target
            anchor = unquote(parts.fragment)
            if not target.exists() or (anchor and target in pages and anchor not in pages[target].ids | {"__top"}):
                lost.append(f"{path.relative_to(site)}: {link}")
    assert lost == []


def test_nothing_is_loaded_from_another_host(pages, site):
    assert [url for page in pages.values() for url in page.loaded if urlsplit(url).netloc] == []
    styles = [path.read_text(encoding="utf-8") for path in site.rglob("*.css")]
    assert not [found for text in styles for found in re.findall(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//[^)\"']+", text)]


def test_links_to_others_are_secure_and_lead_to_known_kinds_of_host(pages):
    outside = {urlsplit(link) for page in pages.values() for link in page.links if urlsplit(link).netloc}
    assert {parts.scheme for parts in outside} == {"https"}
    assert "doi.org" in {parts.netloc for parts in outside}


@pytest.mark.browser
@pytest.mark.parametrize("name", SHOWN)
def test_a_page_opens_from_the_disk_on_a_phone_without_the_network(name, site, browser):
    page = browser.new_page(viewport={"width": 390, "height": 800})
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    try:
        page.goto((site / name).as_uri())
        page.wait_for_selector(".md-content h1")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    finally:
        page.close()


@pytest.mark.browser
def test_the_search_finds_a_mechanism_from_the_disk(site, browser):
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    try:
        page.goto((site / "index.html").as_uri())
        page.locator("input[name=query]").click()
        page.locator("input[name=query]").type("hotline")
        page.wait_for_selector(".md-search-result__item", timeout=120_000)
        assert "mass_work" in page.locator(".md-search-result__list").inner_html()
    finally:
        page.close()


def test_every_page_stands_in_one_section():
    names = ["index.md", "validation.md", "how_to/x.md", "model/odd.md", "model/mechanisms/unrest.md", "new_room/page.md"]
    found = website.sections(names)
    assert sorted(name for pages in found.values() for name in pages) == sorted(names[1:])
    assert found["Validation"] == ["validation.md", "new_room/page.md"]


def test_the_reference_has_every_command_and_every_public_name():
    assert set(re.findall(r"^## ([\w-]+)$", reference.command_line(), re.M)) == set(COMMANDS) | {"sanzhi"}
    listed = [name for names in reference.GROUPS.values() for name in names.split()]
    assert sorted(listed) == sorted(set(sim.__all__) - {"__version__"})


def test_every_figure_is_in_the_site(site):
    assert [name for name in figures() if not (site / name).is_file()] == []


def test_architecture_links_every_decision():
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    known = {path.name for path in (ROOT / "docs" / "decisions").glob("*.md")}
    named = set(re.findall(r"decisions/(\d{4}-[\w-]+\.md)", text))
    assert named <= known
    assert known == set(re.findall(r"\((\d{4}-[\w-]+\.md)\)", website.decisions()))
