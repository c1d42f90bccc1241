"""Markdown: pages and tables, written only where they differ."""

from collections.abc import Iterable, Sequence
from pathlib import Path

MODEL = Path(__file__).parents[1] / "model"
"""Folder of the pages."""
MADE = "*Generated from the code by `make docs`; do not edit by hand.*"


def page(title: str, *parts: str) -> str:
    """A page: title, the note that it is generated, its parts with a line between."""
    return "\n\n".join([f"# {title}", MADE, *parts]) + "\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]], right: Iterable[int] = ()) -> str:
    """A table; columns in `right` are numbers."""
    sides = ["---:" if column in set(right) else "---" for column in range(len(head))]
    lines = [head, sides, *([escaped(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def escaped(cell: str) -> str:
    """A cell without characters that would end it."""
    return cell.replace("|", "\\|").replace("\n", " ")


def code(names: Iterable[str]) -> str:
    """Names as code, with commas."""
    return ", ".join(f"`{name}`" for name in names)


def linked(source: str) -> str:
    """A source with its DOIs as links."""
    words = []
    for word in source.split(" "):
        core = word.rstrip(".,;:)")
        if core.startswith("doi:10."):
            word = f"[{core}](https://doi.org/{core[4:]}){word[len(core) :]}"
        words.append(word)
    return " ".join(words)


def write(path: Path, text: str) -> None:
    """Write a file where its text has changed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
