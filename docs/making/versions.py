"""The model version of what was measured: a page whose numbers are of an earlier version says so in its first line."""

import csv

from docs.making.markdown import MODEL, write
from sim.version import MODEL_VERSION

FILE = MODEL / "measured" / "versions.csv"
UNKNOWN = "3"
"""Version of what was measured before versions were kept."""


def read() -> dict[str, str]:
    """Model version by name of what was measured."""
    if not FILE.exists():
        return {}
    with FILE.open(encoding="utf-8", newline="") as file:
        return {row["measured"]: row["model"] for row in csv.DictReader(file)}


def keep(name: str) -> None:
    """Keep that this was measured with the present model."""
    found = {**read(), name: MODEL_VERSION}
    write(FILE, "\n".join(["measured,model", *(f"{one},{found[one]}" for one in sorted(found))]) + "\n")


def note(name: str, what: str = "The numbers on this page") -> list[str]:
    """A paragraph where this was measured with an earlier model, otherwise none."""
    version = read().get(name, UNKNOWN)
    told = f"*{what} are of model version {version}; those of version {MODEL_VERSION} are still to be measured.*"
    return [] if version == MODEL_VERSION else [told]
