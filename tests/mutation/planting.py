"""Puts a mistake into a function that is found by its name, wherever it stands and however it is laid out.

What is changed is found by its form: expressions or statements in which single capital letters stand for anything, as in ``X / p.recover``.
Neither white space nor comments nor the names of variables behind such a letter matter.
"""

import ast
from pathlib import Path

FunctionDef = ast.FunctionDef | ast.AsyncFunctionDef


def found(function: str, package: Path) -> tuple[Path, ast.Module, FunctionDef]:
    """File and syntax tree in which a function of a package stands, and its own node.

    Parameters
    ----------
    function : str
        Its name, with that of its module where several have it: ``measure._count``.
    package : Path
        Folder of the package.

    Raises
    ------
    LookupError
        Where there is none or more than one.
    """
    module, _, name = function.rpartition(".")
    hits = []
    for path in sorted(package.rglob(f"{module or '*'}.py")):
        text = path.read_text(encoding="utf-8")
        if f"def {name}(" in text:
            tree = ast.parse(text)
            hits += [(path, tree, node) for node in ast.walk(tree) if isinstance(node, FunctionDef) and node.name == name]
    if len(hits) != 1:
        raise LookupError(f"{len(hits)} functions {function} in {package.name}: give the bug the name that it has now")
    return hits[0]


def planted(function: str, changes: tuple[tuple[str, str], ...], package: Path) -> tuple[Path, str]:
    """File of a function, and its text with every change made in that function.

    Parameters
    ----------
    function : str
        As in `found`.
    changes : tuple of (str, str)
        What is found, and what takes its place, both as Python with single capital letters for anything; without any change, the function
        does nothing.
    package : Path

    Raises
    ------
    LookupError
        Where the function is not found, or has nothing of the form of a change.
    """
    path, tree, node = found(function, package)
    if not changes:
        node.body = [*node.body[: ast.get_docstring(node) is not None], ast.Pass()]
    for old, new in changes:
        change = Change(old, new)
        node.body = [change.visit(part) for part in node.body]
        if not change.made:
            raise LookupError(f"nothing like {old!r} in {function}: describe the bug as the function is now")
    return path, ast.unparse(ast.fix_missing_locations(tree)) + "\n"


class Change(ast.NodeTransformer):
    """Replaces whatever has one form by another; counts how often."""

    def __init__(self, old: str, new: str):
        self.old, self.new, self.made = form(old), new, 0

    def visit(self, node):
        """Replace a node, or else what is in it."""
        letters: dict[str, ast.AST] = {}
        if not matches(self.old, node, letters):
            return self.generic_visit(node)
        self.made += 1
        new = Letters(letters).visit(form(self.new))
        for part in ast.walk(new):  # a place in which something is stored is of the same form as one that is read
            if hasattr(part, "ctx") and hasattr(node, "ctx") and part is new:
                part.ctx = node.ctx
        return new


class Letters(ast.NodeTransformer):
    """Puts in what each letter stands for."""

    def __init__(self, letters: dict[str, ast.AST]):
        self.letters = letters

    def visit_Name(self, node):
        return self.letters.get(node.id, node)


def form(text: str) -> ast.AST:
    """An expression or a statement."""
    (statement,) = ast.parse(text).body
    return statement.value if isinstance(statement, ast.Expr) else statement


def matches(form, node, letters: dict[str, ast.AST]) -> bool:
    """Whether a node has a form; says in `letters` what each stands for, the same wherever it stands."""
    if isinstance(form, ast.Name) and len(form.id) == 1 and form.id.isupper():
        same = letters.setdefault(form.id, node)
        return isinstance(node, ast.expr) and ast.unparse(same) == ast.unparse(node)
    if isinstance(form, list):
        return isinstance(node, list) and len(form) == len(node) and all(matches(a, b, letters) for a, b in zip(form, node, strict=True))
    if isinstance(form, ast.AST):
        fields = [name for name in form._fields if name not in ("ctx", "type_comment")]
        return type(form) is type(node) and all(matches(getattr(form, name), getattr(node, name), letters) for name in fields)
    return form == node
