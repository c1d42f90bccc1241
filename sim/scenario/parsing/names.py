"""Names of scenarios, studies and presets: letters and digits of every script, valid as names of folders on every system."""

import re
import unicodedata
from pathlib import Path

from sim.messages import Message
from sim.scenario.parsing.document import Document
from sim.scenario.parsing.scalars import shown
from sim.scenario.parsing.widths import narrow

MOST_BYTES = 200
"""Largest length of a name in bytes of UTF-8: names of folders and files of results are longer, and file systems allow 255."""
EXPECTED = Message("1 to 64 letters, digits, _ . - (letters of any script)")
PATTERN = r"^[^\s!-,/:-@\[-\^`{-~]{1,64}$"
"""Pattern for editors, which have no class for letters of all scripts: no blanks, and no ASCII punctuation except three characters."""

_NAME = re.compile(r"[\w.-]{1,64}")


def good(name: object) -> bool:
    """Whether a value is a valid name."""
    if not isinstance(name, str) or not _NAME.fullmatch(name) or not name.strip("."):
        return False
    return len(name.encode()) <= MOST_BYTES and unicodedata.is_normalized("NFC", name)


def tidy(name: str) -> str | None:
    """The name probably meant: blanks become underscores, and other invalid characters are removed."""
    text = re.sub(r"\s+", "_", narrow(unicodedata.normalize("NFC", name)).strip())
    found = "".join(re.findall(r"[\w.-]", text))[:64]
    return found if good(found) else None


def name_after(document: Document, file: Path) -> None:
    """Name a document without a name after its file; an invalid file name is a problem of the document."""
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
