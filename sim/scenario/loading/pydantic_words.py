"""Plain descriptions, in two languages, of what pydantic expected."""

from typing import Any

from sim.messages import Message, Words


def plain_words(details: Any) -> Words:
    """Description of what pydantic expected, for errors without a better description."""
    kinds = {
        "string_type": Message("text"),
        "int_type": Message("a whole number"),
        "float_type": Message("a number"),
        "bool_type": Message("true or false"),
        "dict_type": Message("a mapping"),
        "model_type": Message("a mapping"),
        "tuple_type": Message("a list"),
        "list_type": Message("a list"),
    }
    context = details.get("ctx", {})
    if details["type"] == "too_long":
        return Message("at most {most} entries", most=context["max_length"])
    if details["type"] in ("greater_than_equal", "less_than_equal"):
        edge = context.get("ge", context.get("le"))
        return Message("at least {least}", least=edge) if "ge" in context else Message("at most {most}", most=edge)
    return kinds.get(details["type"]) or details["msg"].removeprefix("Input should be ")
