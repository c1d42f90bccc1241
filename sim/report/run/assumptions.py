"""The assumptions of a run: coefficients and their sources, those that were changed, and the most uncertain ones."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.mechanisms import MECHANISMS
from sim.messages import Message
from sim.report.text.catalogue import beginning, has, listed, say
from sim.report.text.labels import mechanism_title
from sim.spec import ASSUMPTION, CHOICE, Option, bounds, extra_of, meaning, options_of

if TYPE_CHECKING:
    from sim.scenario import Scenario

NOTABLE = 3
"""Number of uncertain assumptions in the summary."""


class Coefficient(NamedTuple):
    """One parameter of a mechanism: its value in the run, and its documentation."""

    mechanism: str
    name: str
    value: Any
    default: Any
    low: float | None
    high: float | None
    unit: str
    source: str
    doc: Message
    option: Option | None = None

    @property
    def key(self) -> str:
        """``mechanism.parameter``."""
        return f"{self.mechanism}.{self.name}"

    @property
    def assumed(self) -> bool:
        """Whether its value is an assumption, at least in part."""
        return self.source.startswith(ASSUMPTION)


def coefficients(scenario: "Scenario") -> list[Coefficient]:
    """Every parameter of every enabled mechanism."""
    return list(_coefficients(scenario))


def _coefficients(scenario: "Scenario") -> Iterator[Coefficient]:
    for name, mechanism in {**MECHANISMS, **{one.name: one for one in scenario.OUTSIDE}}.items():
        settings = scenario.mechanisms.get(name)
        if settings is None or not settings.enabled:
            continue
        for key, field in mechanism.parameters.model_fields.items():
            extra = extra_of(field)
            words = str(extra.get("unit", "")), str(extra.get("source", ""))
            option = options_of(field).get(getattr(settings, key))
            yield Coefficient(name, key, getattr(settings, key), field.default, *bounds(field), *words, meaning(field), option)


def assumptions(scenario: "Scenario", lang: str) -> dict[str, Any]:
    """For the page: the number of coefficients that are assumptions, those changed, the most uncertain ones, and disabled mechanisms."""
    known = coefficients(scenario)
    changed = [c for c in known if c.value != c.default]
    key = "assumed_same" if not changed else "assumed_one" if len(changed) == 1 else "assumed_changed"
    off = [name for name, settings in scenario.mechanisms.items() if not settings.enabled]
    numbers = [c for c in known if c.unit != CHOICE]
    count = {"assumed": sum(c.assumed for c in numbers), "total": len(numbers), "changed": say(key, lang, count=len(changed))}
    return {
        "count": say("assumed_count", lang, **count),
        "changed": [_row(c, lang) | {"default": _plain(c.default), "doc": _about(c, lang), "source": _source(c, lang)} for c in changed],
        "doubtful": [_row(c, lang) | {"why": say(f"doubtful {c.key}", lang)} for c in doubtful(known)],
        "off": say("off", lang, names=listed((mechanism_title(n, lang) for n in off), lang)) if off else "",
    }


def _about(c: Coefficient, lang: str) -> str:
    """What a coefficient means; of a choice also what the chosen form claims."""
    meant = c.doc.text(lang)
    return f"{meant}{say('colon', lang)}{c.option.zh if lang == 'zh' else c.option.en}" if c.option else meant


def _source(c: Coefficient, lang: str) -> str:
    return say("assumption", lang) if c.source == ASSUMPTION else c.source


def doubtful(known: list[Coefficient]) -> list[Coefficient]:
    """The most uncertain coefficients in the order of the catalogue: those that may affect the result most (a judgement)."""
    by_key = {c.key: c for c in known}
    return [by_key[key] for key in beginning("doubtful ") if key in by_key]


def doubtful_title(key: str, lang: str) -> str:
    """A short title of an uncertain assumption."""
    return say(f"doubtful {key}", lang).partition(say("colon", lang))[0]


def in_words(value: Any, unit: str, lang: str) -> str:
    """A coefficient's value with its unit; for plain factors and choices the value alone."""
    shown = _plain(value)
    if unit == CHOICE:
        return shown
    return say(f"value in {unit}", lang, value=shown) if has(f"value in {unit}") else f"{shown} {unit}"


def _row(c: Coefficient, lang: str) -> dict[str, str]:
    span = f"{_plain(c.low)}–{_plain(c.high)}" if c.low is not None and c.high is not None else ""
    return {"key": c.key, "value": in_words(c.value, c.unit, lang), "range": span}


def _plain(value: Any) -> str:
    return f"{value:g}" if isinstance(value, (int, float)) and not isinstance(value, bool) else str(value).lower()
