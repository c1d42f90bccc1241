"""Catalogues of words: YAML files that are read once, when the first word is asked for."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sim.lazy import lazily

with lazily():
    import yaml

Entry = str | dict[str, str]
"""What stands under a key: one text, or a text for each language."""


def read(folder: Path) -> dict[str, Any]:
    """Entries of all catalogues of a folder, by key.

    Parameters
    ----------
    folder : Path
        Its ``*.yaml`` hold ``key: text``, or ``key: {en: text, zh: text}``.

    Raises
    ------
    ValueError
        When a key stands twice, in one file or in two.
    """
    found: dict[str, Entry] = {}
    for path in sorted(folder.glob("*.yaml")):
        for key, entry in entries(path.read_text(encoding="utf-8")):
            if key in found:
                raise ValueError(f"{path.name}: {key!r} stands twice in the catalogues")
            found[key] = entry
    return found


def entries(text: str) -> Iterator[tuple[str, Entry]]:
    """Keys and entries of one catalogue.

    They are taken from the parser's events: building YAML's nodes and objects takes four times as long, and a catalogue has only texts.
    """
    events = yaml.parse(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    keys: list[str] = []  # of the open mappings, and of what is to come
    inner: dict[str, str] = {}
    depth = 0
    for event in events:
        if isinstance(event, yaml.MappingStartEvent):
            depth, inner = depth + 1, {}
        elif isinstance(event, yaml.MappingEndEvent):
            depth -= 1
            if depth:
                yield keys.pop(), inner
        elif isinstance(event, yaml.ScalarEvent):
            if len(keys) < depth:
                keys.append(event.value)
            elif depth == 1:
                yield keys.pop(), event.value
            else:
                inner[keys.pop()] = event.value
