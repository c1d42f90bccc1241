"""Names of metrics, units and levers in English and Chinese.

Keys of metrics are the names of `sim.metrics`.
"""

from functools import lru_cache

from sim import plugin_registry
from sim.levers import NAMES
from sim.mechanisms import MECHANISMS
from sim.messages import LANGUAGES
from sim.metrics.catalogue import METRICS
from sim.report.text.catalogue import has, say

UNSPENT = "unspent"
"""Key of the unspent part of the budget."""


def metric_title(name: str, lang: str) -> str:
    """Title of a metric, or the name itself if there is no such metric."""
    return METRICS[name].title_in(lang) if name in METRICS else name


def in_per_cent(name: str) -> bool:
    """Whether a metric is shown in per cent, as a share of countable things; other shares are means of a scale from 0 to 1."""
    return name in METRICS and METRICS[name].share_of is not None


def metric_unit(name: str, lang: str) -> str:
    """Unit of a metric in the given language, if there is a text for it."""
    if name in METRICS and (whole := METRICS[name].share_of):
        return say("share_of", lang, whole=dict(zip(LANGUAGES, whole, strict=True))[lang])
    unit = unit_of(name)
    return say(f"unit {unit}", lang) if has(f"unit {unit}") else unit


def unit_of(name: str) -> str:
    """Unit of a metric as in `sim.metrics`; a mean of a scale from 0 to 1 is distinguished from a share."""
    unit = METRICS[name].unit if name in METRICS else ""
    return "mean" if unit == "share" and not in_per_cent(name) else unit


def lever_title(name: str, lang: str) -> str:
    """Name of a lever, instrument, stance or choice."""
    if name in plugin_registry.LEVERS:
        return plugin_registry.LEVERS[name].names[lang]
    if name in NAMES:
        return NAMES[name][lang]
    return say(name, lang) if name == UNSPENT else name.replace("_", " ")


def mechanism_title(name: str, lang: str) -> str:
    """Title of a mechanism as registered, or of another account of the attribution; the key as words if there is none."""
    return say(f"account_{name}", lang) if has(f"account_{name}") else _registered(name, lang)


@lru_cache(maxsize=256)
def _registered(name: str, lang: str) -> str:
    found = MECHANISMS.get(name) or plugin_registry.MECHANISMS.get(name)
    return found.names[lang] if found else name.replace("_", " ")


def small(title: str) -> str:
    """A title within a sentence."""
    return title[:1].lower() + title[1:]
