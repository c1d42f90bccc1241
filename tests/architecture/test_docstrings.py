"""What `sim` offers is documented in NumPy's style: every parameter by name, what is raised, and the shape of every array."""

import ast
import inspect
import re
import sys
import textwrap
from functools import cache

import sim
from sim.errors import UserError

SECTION = re.compile(r"^(\w[\w ]*)\n-{3,}\n", re.M)
ENTRY = re.compile(r"^\*{0,2}(\w+(?:, \*{0,2}\w+)*)(?: : .*)?$", re.M)


@cache
def offered() -> dict[str, object]:
    """Classes and functions that `sim` offers, by name; of a module that can be called, what is called."""
    found = {name: getattr(sim, name) for name in sim.__all__ if callable(getattr(sim, name))}
    return {name: value.__call__ if inspect.ismodule(value) else value for name, value in found.items()}


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


@cache
def functions() -> dict[str, tuple]:
    """Public functions and methods of what is offered, by dotted name, and whether they are methods."""
    found = {}
    for name, value in offered().items():
        if not inspect.isclass(value):
            found[name] = (value, False)
            continue
        for key, method in list(vars(value).items()):  # validators are built meanwhile
            plain = getattr(method, "fget", getattr(method, "__func__", method))
            if not key.startswith("_") and inspect.isfunction(plain):
                found[f"{name}.{key}"] = (getattr(value, key) if isinstance(method, classmethod) else plain, True)
    return found


def described(name) -> str:
    """Docstring of a function, or of the method of a base class that it overrides."""
    owner, _, method = name.partition(".")
    return inspect.getdoc(getattr(offered()[owner], method) if method else offered()[owner]) or ""


def test_every_parameter_is_named_and_no_other():
    """In a section of their own; a method of few words may name them in its text."""
    wrong = []
    for name, (function, method) in functions().items():
        text, wanted = described(name), parameters(function)
        explained = entries(sections(text).get("Parameters", ""))
        in_words = set(re.findall(r"`(\w+)`", text)) if method else set()
        wrong += [f"{name}: {one} is none of its parameters" for one in explained if one not in wanted]
        wrong += [f"{name}: {one} is not explained" for one in wanted if one not in explained and one not in in_words]
    assert wrong == []


def _is_pydantic(value) -> bool:
    return hasattr(value, "model_fields")


def test_everything_that_makes_an_object_is_explained():
    """By the docstring of its class; fields of a scenario by their descriptions, which also reach its JSON Schema."""
    wrong = []
    for name, value in offered().items():
        if _is_pydantic(value):
            wrong += [f"{name}.{key}" for key, field in value.model_fields.items() if not field.description]
        elif inspect.isclass(value) and "__init__" in vars(value):
            wrong += [f"{name}: {one}" for one in misunderstood(value)]
    assert wrong == []


def misunderstood(value) -> list[str]:
    """Parameters and errors of a class's `__init__` that its docstring leaves out, and parameters that it makes up."""
    found, wanted = sections(inspect.getdoc(value) or ""), parameters(value.__init__)
    explained = entries(found.get("Parameters", ""))
    errors = []
    if value.__init__.__qualname__.startswith(value.__name__) and not hasattr(value, "__dataclass_fields__"):
        errors = [error for error in raised(value.__init__) if error not in found.get("Raises", "")]
    return [*(set(wanted) ^ set(explained)), *errors]


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


def test_an_error_of_users_that_it_raises_is_announced():
    wrong = []
    for name, (function, _) in functions().items():
        announced = sections(described(name)).get("Raises", "")
        wrong += [f"{name}: {error}" for error in raised(getattr(function, "__func__", function)) if error not in announced]
    assert wrong == []


def test_the_shape_of_arrays_is_stated():
    """Of those that a function takes."""
    wrong = []
    for name, (function, _) in functions().items():
        taken = [str(kind) for kind in getattr(function, "__annotations__", {}).values()]
        if any("ndarray" in kind for kind in taken) and "shape" not in described(name):
            wrong.append(name)
    assert wrong == []


def test_the_checks_see_what_they_should():
    """On a docstring made for it."""
    text = "Do it.\n\nParameters\n----------\na, b : int\n    Two.\n**rest\n    More.\n\nRaises\n------\nUserError\n    When."
    assert entries(sections(text)["Parameters"]) == ["a", "b", "rest"]
    assert sections(text)["Raises"].startswith("UserError")
    assert raised(sim.compare) == {"UserError"}
    assert "simulate" in functions()
    assert "Scenario.with_changes" in functions()
