"""Content of a user's files as text: character encodings, and sheets of workbooks.

Text is in UTF-8, UTF-16 with its mark, or in an encoding that is recognised (GB18030, of which GBK and GB 2312 are parts, and Big5) or
asked for by name. A workbook becomes the text of one of its sheets (`sim.scenario.parsing.workbooks`).
"""

import codecs
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sim.lazy import lazily
from sim.messages import Joined, Message, Words
from sim.scenario.parsing import workbooks
from sim.scenario.parsing.scalars import shown
from sim.scenario.parsing.table_problems import Problems
from sim.suggestions import nearest

with lazily():
    import charset_normalizer

MAX_BYTES = 8 * 1024 * 1024
AS_TABLE = Message("a table as CSV or as an Excel workbook (.xlsx)")
"""Expected content of a table."""
CHINESE = ("gb18030", "big5")
"""Encodings that are recognised beside UTF-8, the more frequent first."""
CANDIDATES = (*CHINESE, "cp1252")
"""Encodings among which is chosen; the last is only suggested, since any bytes are valid in it."""
COMMON = ("utf-8", "gb18030", "gbk", "big5", "utf-16", "cp1252", "latin-1")
SAMPLE = 64 * 1024
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_REFUSED: dict[bytes, Words] = {
    b"\xd0\xcf\x11\xe0": Message("an Excel file of before 2007 (.xls), or one with a password"),
    b"\x1f\x8b": Message("a compressed file"),
}
_RESAVED = Message("a workbook without password, saved as .xlsx, or a table as CSV")


@dataclass(frozen=True)
class Reading:
    """How a user asks for a file to be read; None for what is to be recognised.

    Parameters
    ----------
    columns : mapping of str to str
        Header of a column in the file, by the name of the column.
    encoding : str, optional
        Encoding of a text.
    sheet : str, optional
        Sheet of a workbook, or layer of a GeoPackage.
    crs : str, optional
        Coordinate system of positions, such as EPSG:4547.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    encoding: str | None = None
    sheet: str | None = None
    crs: str | None = None


AS_IT_IS = Reading()


@dataclass(frozen=True)
class Source:
    """Text of a file, its name in messages, and how it was read. Positions in a text that was converted (`located`) mean nothing."""

    text: str
    label: str
    how: Reading = AS_IT_IS
    sheet: str | None = None
    notes: tuple[Message, ...] = ()
    located: bool = True

    def problems(self) -> Problems:
        """A collection for the mistakes of the file, with the notices so far."""
        found = Problems(self.label, sheet=self.sheet)
        for number, note in enumerate(self.notes):
            found.note(("source", number), note)
        return found


def read_source(raw: bytes, label: str, problems: Problems, how: Reading = AS_IT_IS, known: Sequence[str] = ()) -> Source | None:
    """A table from the bytes of a file; None and a problem if it cannot be read. `known` columns tell its sheet among others."""
    text = decode(raw, problems, how=how, known=known)
    return None if text is None else Source(text, label, how, problems.sheet, tuple(problems.notes()))


def decode(
    raw: bytes,
    problems: Problems,
    most: int = MAX_BYTES,
    expected: Words = AS_TABLE,
    how: Reading = AS_IT_IS,
    known: Sequence[str] = (),
) -> str | None:
    """Text of a file's bytes; None and a problem if it is too large or not text. `expected` describes the content."""
    if len(raw) > most:
        limit = f"{most:,}"
        problems.add(1, 1, "(file)", Message("more than {most} bytes", most=limit), Message("at most {most} bytes", most=limit))
        return None
    if raw.startswith(workbooks.ZIP) and expected is AS_TABLE:
        return workbooks.text_of(raw, problems, how.sheet, known)
    for signature, what in _REFUSED.items():
        if raw.startswith(signature):
            problems.add(1, 1, "(file)", what, _RESAVED if expected is AS_TABLE else expected)
            return None
    if how.encoding is not None:
        return _asked(raw, how.encoding, problems)
    if raw.startswith(_UTF_16):
        return _asked(raw, "utf-16", problems)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        found = guess(raw)
        if found in CHINESE:
            message = Message("{file}: read as {encoding} (if names look wrong, give the encoding by name)", encoding=found.upper())
            problems.note("encoding", message)
            return raw.decode(found)
        byte = Message("byte {byte}, which is not UTF-8", byte=f"0x{raw[error.start]:02x}")
        near = Message("encoding: {encoding}", encoding=found) if found else None
        _report_byte(raw, error, "utf-8", byte, problems, near)
        return None


def guess(raw: bytes) -> str | None:
    """Encoding that bytes other than UTF-8 are probably in, of `CANDIDATES`; None if none fits.

    GB18030 comes first where several fit, as in a table with few Chinese characters.
    """
    sample = raw if len(raw) <= SAMPLE else raw[: raw.rfind(b"\n", 0, SAMPLE) + 1] or raw
    likely = [match.encoding for match in charset_normalizer.from_bytes(sample, cp_isolation=list(CANDIDATES))]
    for name in (*(name for name in CANDIDATES if name in likely), *likely):
        try:
            raw.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
        return name
    return None


def encoding_trouble(name: str) -> tuple[Message, Message, str | None] | None:
    """Error in the name of an encoding of text, as (got, expected, suggestion); None if it is known."""
    try:
        if codecs.lookup(name)._is_text_encoding:  # others are no character sets, such as zlib
            return None
    except (LookupError, ValueError):
        pass
    expected = Message("an encoding of text, such as {names}", names=Joined(COMMON))
    return Message("the unknown encoding {name}", name=shown(name)), expected, nearest(name, COMMON)


def _asked(raw: bytes, name: str, problems: Problems) -> str | None:
    """Text in a given encoding; None and a problem if it is in another."""
    name = "utf-8-sig" if codecs.lookup(name).name == "utf-8" else name
    try:
        return raw.decode(name).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        byte = Message("byte {byte}, which is not {encoding}", byte=f"0x{raw[error.start]:02x}", encoding=name.upper())
        _report_byte(raw, error, name, byte, problems, None)
        return None


def _report_byte(raw: bytes, error: UnicodeDecodeError, name: str, got: Message, problems: Problems, near: Words | None) -> None:
    before = raw[: error.start].decode(name, "replace")
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    problems.add(line, column, "(file)", got, Message("text in UTF-8 or GB18030, or another encoding given by name"), near)
