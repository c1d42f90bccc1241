"""The random streams that the package really draws from, found in its sources."""

import ast
from functools import cache
from pathlib import Path

import sim
from sim.draws import stream
from sim.mechanisms import MECHANISMS

PACKAGE = Path(sim.__file__).parent


@cache
def streams_in_use() -> dict[str, int]:
    """Number of every stream by its name: one per mechanism, and all that are named in a call of `stream`."""
    names = set(MECHANISMS)
    for text in (path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(text)) if "stream(" in text else ():
            named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "stream" and node.args
            if named and isinstance(node.args[0], ast.Constant):
                names.add(node.args[0].value)
    return {name: int(stream(name)) for name in sorted(names)}
