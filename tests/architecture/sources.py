"""The package's source files, their syntax trees, and who imports whom."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "sim"


def module_name(path: Path) -> str:
    """Dotted name of a source file."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def trees() -> dict[str, ast.Module]:
    """Syntax tree of every module of the package."""
    return {module_name(path): ast.parse(path.read_text(encoding="utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}


def _at_import(body):
    """Statements that run when the module is imported: not those in functions, nor those for the type checker alone."""
    for node in body:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        yield node
        for part in ("body", "orelse", "finalbody", "handlers"):
            yield from _at_import(getattr(node, part, []))


def _named(nodes) -> set[str]:
    found = set()
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "sim":
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                found.add(whole if whole in trees() else node.module)
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name.split(".")[0] == "sim"}
    return found


@cache
def imports(anywhere: bool = False) -> dict[str, set[str]]:
    """Modules of the package that each module imports: when it is imported itself, or `anywhere`, in functions too."""
    return {name: _named(ast.walk(tree) if anywhere else _at_import(tree.body)) for name, tree in trees().items()}


def within(name: str, room: str) -> bool:
    """Whether a module lies in a room (a package) or is the room itself."""
    return name == room or name.startswith(f"{room}.")
