"""Every link of every document leads somewhere in the repository, where it is read on a forge, or to a figure that `make docs` draws."""

import re
import sys
from pathlib import Path
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT))

from docs.making.figures import figures  # noqa: E402

PAGES = [
    path for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "scenarios").rglob("*.md")) if "making" not in path.parts
]
FIGURES = {ROOT / "docs" / name for name in figures()}
LINK = re.compile(r"\[[^\]\n]*\]\(([^)\s]+)\)")


def anchors(text: str) -> set[str]:
    """Names by which headings can be linked, as forges make them."""
    heads = re.findall(r"^#+ (.+)$", text, re.M)
    return {re.sub(r"[^\w\- ]", "", head.replace("`", "").lower()).strip().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page):
    text = re.sub(r"^```.*?^```$|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    lost = []
    for link in LINK.findall(text):
        path, _, anchor = unquote(link).partition("#")
        if re.match(r"[a-z]+:", link):
            continue
        target = page if not path else (page.parent / path).resolve()
        if target in FIGURES:
            continue
        if not target.exists() or (anchor and target.suffix == ".md" and anchor not in anchors(target.read_text(encoding="utf-8"))):
            lost.append(link)
    assert lost == []
