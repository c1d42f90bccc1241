"""Titles of factors and policies, and their values as text."""

from typing import Any

from sim.experiments.studies.study import POLICY
from sim.report.parts.money import amount_in_form
from sim.report.parts.numbers import number
from sim.report.text.catalogue import listed, say
from sim.report.text.labels import lever_title, mechanism_title
from sim.scenario.cities.currencies import KEYS
from sim.scenario.schema.spending import form_of, target_of


def factor_title(key: str, lang: str) -> str:
    """Title of a factor: that of its lever, stance or parameter if there is one, else its key."""
    if key == POLICY:
        return say("policy", lang)
    parts = target_of(key).split(".")
    if parts[0] == "policy" and len(parts) > 1:
        inner = [part for part in parts[1:] if part != "split"]
        return (": " if lang == "en" else "：").join(lever_title(part, lang) for part in inner)
    if parts[:2] == ["city", "staffing"] and len(parts) == 5:
        named = [lever_title(parts[3], lang), say(f"figure_{parts[4]}", lang)]
        return (": " if lang == "en" else "：").join(named)
    if parts[0] == "stance" and len(parts) == 2:
        return lever_title(parts[1], lang)
    if parts[0] == "mechanisms" and len(parts) > 2:
        return f"{mechanism_title(parts[1], lang)}{': ' if lang == 'en' else '：'}{' '.join(parts[2:])}"
    return say(key, lang) if key == "budget" else lever_title(key, lang)


def factor_value(key: str, value: Any, lang: str) -> str:
    """A value of a factor as text: shares of the budget in per cent, choices by name."""
    if isinstance(value, str):
        return value if key == POLICY else lever_title(value, lang)
    if isinstance(value, bool):
        return str(value).lower()
    parts = key.split(".")
    if parts[0] == "policy" and "split" not in parts:
        return amount_in_form(float(value), form_of(key), KEYS.get(parts[-1], ""), lang)
    return number(float(value))


def policy_text(row: Any, keys: list[str], lang: str) -> str:
    """A policy in a sentence: every lever with its value."""
    return listed([f"{factor_title(key, lang)} {factor_value(key, row[key], lang)}" for key in keys], lang)
