"""Write the version of `sim/version.py`, and the date, wherever else they stand: `make release`.

The changelog's section of what is unreleased becomes that of the version. A second call changes nothing.
"""

import re
import sys
from datetime import UTC, datetime
from pathlib import Path

from sim.version import MODEL_VERSION, VERSION
from sim.worlds.world_set import shipped_set

ROOT = Path(__file__).parents[2]
UNRELEASED = "## Unreleased"


def heading(version: str) -> str:
    """Beginning of the heading of a version in the changelog; the date follows."""
    return f"## {version} ("


def released(texts: dict[str, str], version: str, day: str) -> dict[str, str]:
    """The texts of `PLACES` with a version and its date.

    Parameters
    ----------
    texts : dict of str to str
        Text of every file in `PLACES`.
    version, day : str
        As in ``0.2.0`` and ``2026-12-01``.

    Raises
    ------
    ValueError
        If a text has no place for the version.
    """
    if heading(version) in texts["CHANGELOG.md"]:
        day = _found(rf"^{re.escape(heading(version))}([\d-]+)\)", texts["CHANGELOG.md"])
    return {name: change(texts[name], version, day) for name, change in PLACES.items()}


def _found(pattern: str, text: str) -> str:
    found = re.search(pattern, text, re.M)
    if found is None:
        raise ValueError(f"nothing in the text is like {pattern}")
    return found[1]


def _replaced(pattern: str, by: str, text: str) -> str:
    text, count = re.subn(pattern, by, text, count=1, flags=re.M)
    if not count:
        raise ValueError(f"nothing in the text is like {pattern}")
    return text


def _changelog(text: str, version: str, day: str) -> str:
    return text if heading(version) in text else _replaced(f"^{UNRELEASED}$", f"{UNRELEASED}\n\n{heading(version)}{day})", text)


def _citation(text: str, version: str, day: str) -> str:
    text = re.sub(r"^date-released: .*\n", "", text, flags=re.M)
    return _replaced(r"^version: .*$", f"version: {version}\ndate-released: {day}", text)


def _codemeta(text: str, version: str, day: str) -> str:
    return _replaced(r'^(  "version": )"[^"]*"', rf'\g<1>"{version}"', text)


def _recipe(text: str, version: str, day: str) -> str:
    return _replaced(r'^(  version: )"[^"]*"', rf'\g<1>"{version}"', text)


PLACES = {"CHANGELOG.md": _changelog, "CITATION.cff": _citation, "codemeta.json": _codemeta, "packaging/conda/recipe.yaml": _recipe}
"""Files that name the version, and how each is changed."""


def main() -> None:
    """Write the version into all files, or into none; a version without worlds of its model is not released."""
    if shipped_set() is None:
        sys.exit(f"no plausible worlds of model {MODEL_VERSION} are shipped: make a set first (docs/how_to/worlds.md)")
    texts = {name: (ROOT / name).read_text(encoding="utf-8") for name in PLACES}
    for name, text in released(texts, VERSION, datetime.now(UTC).date().isoformat()).items():
        (ROOT / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
