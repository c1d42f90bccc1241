"""Names of scenarios, studies and presets: letters and digits of every script, safe as names of folders on every system."""

import re
import unicodedata
from pathlib import Path

from sim.messages import Message
from sim.scenario.parsing.document import Document
from sim.scenario.parsing.scalars import shown
from sim.scenario.parsing.widths import narrow

MOST_BYTES = 200
"""Bytes of a name in UTF-8: folders and files of results add to it, and file systems take 255."""
EXPECTED = Message("1 to 64 letters, digits, _ . - (letters of any script)")
PATTERN = r"^[^\s!-,/:-@\[-\^`{-~]{1,64}$"
"""For editors, whose pattern language knows no letters of all scripts: no blank and no punctuation of ASCII but the three."""

_NAME = re.compile(r"[\w.-]{1,64}")


def good(name: object) -> bool:
    """Whether something is a name."""
    if not isinstance(name, str) or not _NAME.fullmatch(name) or not name.strip("."):
        return False
    return len(name.encode()) <= MOST_BYTES and unicodedata.is_normalized("NFC", name)


def tidy(name: str) -> str | None:
    """The name that was probably meant: blanks as underscores, everything else that may not stand in it left out."""
    text = re.sub(r"\s+", "_", narrow(unicodedata.normalize("NFC", name)).strip())
    found = "".join(re.findall(r"[\w.-]", text))[:64]
    return found if good(found) else None


def name_after(document: Document, file: Path) -> None:
    """Give a document without a name that of its file; a file's name that is no name is a problem of the document."""
    if "name" in document.data or ("name",) in document.refused:
        return
    stem = unicodedata.normalize("NFC", file.stem)
    document.data["name"] = stem
    if good(stem):
        return
    document.data["name"] = "nameless"
    got = Message("no name, and a file's name that cannot serve as one ({name})", name=shown(stem))
    expected = Message("a key name: {expected}; or a file that is called so", expected=EXPECTED)
    document.report(("name",), got, expected, tidy(stem), at_key=True)
