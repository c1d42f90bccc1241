"""What `sim` offers is documented in NumPy's style: every parameter by name, what is raised, and the shape of every array."""

import ast
import inspect
import re
import sys
import textwrap

import pytest

import sim
from sim.errors import UserError

OFFERED = {name: getattr(sim, name) for name in sim.__all__ if callable(getattr(sim, name))}
SECTION = re.compile(r"^(\w[\w ]*)\n-{3,}\n", re.M)
ENTRY = re.compile(r"^\*{0,2}(\w+(?:, \*{0,2}\w+)*)(?: : .*)?$", re.M)


def sections(text: str) -> dict[str, str]:
    """Sections of a docstring by heading, what comes before the first under an empty one."""
    first, *rest = SECTION.split(text)
    return {"": first, **dict(zip(rest[::2], rest[1::2], strict=True))}


def entries(section: str) -> list[str]:
    """Names that a section explains; several may share an explanation."""
    return [name.strip("* ") for names in ENTRY.findall(section) for name in names.split(",")]


def parameters(function) -> list[str]:
    """Names of what may be given to a function or method."""
    return [name for name in inspect.signature(function).parameters if name not in ("self", "cls")]


def methods():
    """Public functions and methods of what is offered, by dotted name, and whether they are methods."""
    for name, value in OFFERED.items():
        if not inspect.isclass(value):
            yield name, value, False
        else:
            for key, found in vars(value).items():
                found = getattr(found, "fget", getattr(found, "__func__", found))
                if not key.startswith("_") and inspect.isfunction(found):
                    yield f"{name}.{key}", getattr(value, key) if isinstance(vars(value)[key], classmethod) else found, True


FUNCTIONS = {name: (function, method) for name, function, method in methods()}
each = pytest.mark.parametrize("name", FUNCTIONS)


def described(name) -> str:
    """Docstring of a function, or of the method of a base class that it overrides."""
    owner, _, method = name.partition(".")
    return inspect.getdoc(getattr(OFFERED[owner], method) if method else OFFERED[owner]) or ""


@each
def test_every_parameter_is_named_and_no_other(name):
    """In a section of their own; a method of few words may name them in its text."""
    function, method = FUNCTIONS[name]
    text, wanted = described(name), parameters(function)
    explained = entries(sections(text).get("Parameters", ""))
    assert [one for one in explained if one not in wanted] == []
    in_words = set(re.findall(r"`(\w+)`", text)) if method else set()
    assert [one for one in wanted if one not in explained and one not in in_words] == []


def _is_pydantic(value) -> bool:
    return hasattr(value, "model_fields")


@pytest.mark.parametrize("name", [name for name, value in OFFERED.items() if inspect.isclass(value)])
def test_everything_that_makes_an_object_is_explained(name):
    """By the docstring of its class; fields of a scenario by their descriptions, which also reach its JSON Schema."""
    value = OFFERED[name]
    if _is_pydantic(value):
        assert [key for key, field in value.model_fields.items() if not field.description] == []
        return
    if "__init__" not in vars(value):
        return
    found = sections(inspect.getdoc(value) or "")
    explained = entries(found.get("Parameters", ""))
    assert [one for one in parameters(value.__init__) if one not in explained] == []
    assert [one for one in explained if one not in parameters(value.__init__)] == []
    if value.__init__.__qualname__.startswith(value.__name__) and not hasattr(value, "__dataclass_fields__"):
        assert [error for error in raised(value.__init__) if error not in found.get("Raises", "")] == []


def raised(function) -> set[str]:
    """Names of the errors of users that the function itself raises."""
    code = ast.parse(textwrap.dedent(inspect.getsource(function)))
    scope = vars(sys.modules[function.__module__])
    found = set()
    for node in ast.walk(code):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and isinstance(node.exc.func, ast.Name):
            error = scope.get(node.exc.func.id)
            if inspect.isclass(error) and issubclass(error, UserError):
                found.add(node.exc.func.id)
    return found


@each
def test_an_error_of_users_that_it_raises_is_announced(name):
    function, _ = FUNCTIONS[name]
    function = getattr(function, "__func__", function)
    announced = sections(described(name)).get("Raises", "")
    assert [error for error in raised(function) if error not in announced] == []


@each
def test_arrays_have_their_shape_told(name):
    function, _ = FUNCTIONS[name]
    text = described(name)
    taken = {key: str(kind) for key, kind in getattr(function, "__annotations__", {}).items()}
    if any("ndarray" in kind for kind in taken.values()):
        assert "shape" in text


def test_the_checks_see_what_they_should():
    """On a docstring made for it."""
    text = "Do it.\n\nParameters\n----------\na, b : int\n    Two.\n**rest\n    More.\n\nRaises\n------\nUserError\n    When."
    assert entries(sections(text)["Parameters"]) == ["a", "b", "rest"]
    assert sections(text)["Raises"].startswith("UserError")
    assert raised(sim.compare) == {"UserError"}
    assert len(FUNCTIONS) > len(OFFERED)
