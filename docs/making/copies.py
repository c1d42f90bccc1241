"""Pages on changing the package: their files and changes are applied to a copy of it, so that tests can run there.

A block with a title is a file. A `diff` block shows pieces of a file with a line or two around what is added (+) or taken (-); the lines
around it are found by their text, not by their numbers, and must occur exactly once.
"""

import re
import shutil
from pathlib import Path

from docs.making.walks import BLOCK, ROOT

LEFT = shutil.ignore_patterns(".git", ".venv", "site", "build", "dist", "__pycache__", ".*_cache", ".hypothesis", "*.egg-info")


def copy(folder: Path) -> Path:
    """A copy of the checkout, without generated files."""
    shutil.copytree(ROOT, folder, ignore=lambda path, names: LEFT(path, names) | ({"results"} if Path(path) == ROOT else set()))
    return folder


def apply(page: str, folder: Path) -> list[str]:
    """Do in a copy what a page shows; the files that it writes and changes."""
    touched = []
    for block in BLOCK.finditer(page):
        if block["title"]:
            path = folder / block["title"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block["text"], encoding="utf-8")
            touched.append(block["title"])
        elif block["kind"] == "diff":
            touched.append(change(block["text"], folder))
    return touched


def change(text: str, folder: Path) -> str:
    """Change a file as a `diff` block says, where that has not been done; its name."""
    head, *pieces = re.split(r"^@@.*\n", text, flags=re.M)
    name = re.search(r"^\+\+\+ b/(\S+)", head, re.M)[1]  # type: ignore[index]
    path = folder / name
    source = path.read_text(encoding="utf-8")
    for piece in pieces:
        lines = piece.splitlines()
        before = "".join(f"{line[1:]}\n" for line in lines if line[:1] != "+")
        after = "".join(f"{line[1:]}\n" for line in lines if line[:1] != "-")
        if source.count(after) == 1 and (before in after or before not in source):
            continue  # a checkout in which somebody has followed the page
        if source.count(before) != 1:
            raise ValueError(f"{name}: {source.count(before)} places like this, and one is needed:\n{before}")
        source = source.replace(before, after)
    path.write_text(source, encoding="utf-8")
    return name
