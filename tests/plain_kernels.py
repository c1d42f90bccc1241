"""The kernels of a module as plain Python, calling each other as plain Python too."""

from types import FunctionType, SimpleNamespace


def plain_python(module) -> SimpleNamespace:
    """Uncompiled twins of all kernels that the module defines or uses."""
    scope = dict(vars(module))
    for name, value in vars(module).items():
        if hasattr(value, "py_func"):
            scope[name] = FunctionType(value.py_func.__code__, scope, name)
    return SimpleNamespace(**scope)
