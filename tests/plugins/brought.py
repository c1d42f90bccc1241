"""Plug-ins for tests: the one of the documentation, and small ones of a metric alone, which need no kernel."""

import textwrap
from pathlib import Path

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
MARKETS = EXAMPLES / "night_markets.yaml"

TIRED = '''
"""How tired people are."""
from sim.plugins import Plugin, metric


@metric(unit="share", better="less", group="price", title="Weariness", title_zh="疲惫")
def weariness(r):
    "Twice the mean fatigue."
    return 2.0 * r.mean("fatigue")


PLUGIN = Plugin(metrics=[weariness])
'''
TOWN = "city: {preset: synthetic, residents: 600, districts: 2}\nhorizon: 8\nreplicates: 2\n"


def scenario_file(folder: Path, plugins: str = "plugins: [tired.py]\n", code: str = TIRED, more: str = "") -> Path:
    """A scenario of a small town with a plug-in's file beside it."""
    (folder / "tired.py").write_text(textwrap.dedent(code), encoding="utf-8")
    file = folder / "town.yaml"
    file.write_text(TOWN + plugins + more, encoding="utf-8")
    return file


def installed(folder: Path, code: str = TIRED, version: str = "1.2", module: str = "tired_city") -> None:
    """A package in a folder that brings the plug-in ``tired`` by an entry point."""
    (folder / f"{module}.py").write_text(code, encoding="utf-8")
    about = folder / f"{module}-{version}.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: {version}\n")
    (about / "entry_points.txt").write_text(f"[sanzhi.plugins]\ntired = {module}\n")
