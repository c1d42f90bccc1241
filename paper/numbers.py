"""Write into `paper.md` the numbers that the documentation states: ``python paper/numbers.py``. Nothing is measured here."""

import re
from pathlib import Path

HERE = Path(__file__).parent
DOCS = HERE.parent / "docs"
STATED = {
    "mesa": ("performance.md", r"^\| the whole week against the same model as Mesa objects, one core \| ([\d,]+)x"),
    "memory": ("performance.md", r"^\| 24,870,895 \|.*?\| ([\d,]+) MB \|"),
    "checked": ("validation.md", r"^\*\*Of (\d+) checked claims"),
    "held": ("validation.md", r"^\*\*Of \d+ checked claims (\d+) hold"),
    "beyond": ("validation.md", r"^\*\*Of \d+ checked claims \d+ hold, and (\d+) of these beyond"),
    "reliable": ("reliability.md", r"^\*\*(\d+) of \d+ claims hold"),
    "reliability": ("reliability.md", r"^\*\*\d+ of (\d+) claims hold"),
}
"""Every number of the paper: the page that states it, and where."""


def filled(paper: str) -> str:
    """The text of the paper with the numbers of the pages.

    Raises
    ------
    ValueError
        If a page no longer states a number, or the paper has no place for it.
    """
    for name, (page, pattern) in STATED.items():
        stated = re.search(pattern, (DOCS / page).read_text(encoding="utf-8"), re.M)
        if stated is None:
            raise ValueError(f"{page} does not state {name}")
        paper, places = re.subn(rf"(<!-- {name} -->)[\d,]+(<!-- -->)", rf"\g<1>{stated[1]}\g<2>", paper)
        if not places:
            raise ValueError(f"the paper has no place for {name}")
    return paper


if __name__ == "__main__":
    path = HERE / "paper.md"
    path.write_text(filled(path.read_text(encoding="utf-8")), encoding="utf-8")
