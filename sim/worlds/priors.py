"""What is believed of every uncertain coefficient before evidence: a distribution, derived from how the coefficient is declared.

A coefficient has a prior unless its source is a publication that names one value, or it is none of the world's facts: the switch of a
mechanism, an anchor (a level at which another coefficient is stated, `sim.spec.ANCHOR`), or set by a structural choice alone
(`sim.spec.FORM`). In this order:

- *interval*: the interval of its source, as declared;
- *fitted*: a quarter to four times the default, since it was chosen so that a rate comes out and must make room for all others;
- *sides*: it may be negative or positive, so its default is moved by its own size (by a quarter of its bounds if it is 0);
- *odds*: a share, whose odds are halved or doubled, so that neither the share nor its complement passes its bound;
- *half to double*: everything else, by its logarithm.

All are uniform on their scale (logarithm, odds, or plain) and end at the bounds of the coefficient. They are assumptions: a count over them
is no probability.
"""

import math
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from pydantic.fields import FieldInfo

from sim.mechanisms import MECHANISMS
from sim.mechanisms.base import Mechanism
from sim.spec import ANCHOR, FORM, bounds, extra_of, options_of

DOUBT, FITTED_DOUBT = 2.0, 4.0
"""Factors either way where nothing is known, and for coefficients that were fitted to rates."""
UNKNOWN = ("assumption", "fitted to", "no published size", "direction")
"""Words of a source that leave the size of a coefficient open; all others name a published one."""
LOG, ODDS, PLAIN = "log", "odds", "plain"
INTERVAL, FITTED, SIDES, SHARE, HALF_TO_DOUBLE = "interval", "fitted", "sides", "odds", "half to double"
SWITCH, ANCHORED, FORMED, PUBLISHED, ABSENT = "switch", "anchor", "form", "published", "absent"

TOGETHER: tuple[tuple[str, ...], ...] = (
    ("policing.visible", "procedural_justice.visible", "satisfaction.visible"),
    ("procedural_justice.voice_outside", "participation.voice_outside"),
    ("offending.spill", "collective_efficacy.spill"),
)
"""Correlated coefficients: the same fact used by several mechanisms. The others follow the first by the same position in their prior."""


class Prior(NamedTuple):
    """Distribution of one coefficient: uniform from `low` to `high` on a scale.

    Parameters
    ----------
    name : str
        As ``mechanism.parameter``.
    default, low, high : float
    scale : str
        `LOG`, `ODDS` or `PLAIN`.
    origin : str
        Which rule gave it, see this file's head.
    follows : str
        Coefficient whose position in its prior it takes; empty if it has its own.
    """

    name: str
    default: float
    low: float
    high: float
    scale: str
    origin: str
    follows: str = ""

    def value(self, position: float) -> float:
        """The value at a position from 0 (`low`) to 1 (`high`); six significant figures, so that files keep it exactly."""
        low, high = _onto(self.low, self.scale), _onto(self.high, self.scale)
        value = _back(low + position * (high - low), self.scale)
        return min(max(float(f"{math.copysign(value, self.high if self.scale == LOG else value):.6g}"), self.low), self.high)

    def position(self, value: float) -> float:
        """Where a value lies in the prior: 0 to 1, its ends included."""
        low, high, at = (_onto(one, self.scale) for one in (self.low, self.high, min(max(value, self.low), self.high)))
        return (at - low) / (high - low)


def _onto(value: float, scale: str) -> float:
    if scale == LOG:
        return math.log(abs(value))  # the sign is that of the whole prior
    return math.log(value / (1.0 - value)) if scale == ODDS else value


def _back(at: float, scale: str) -> float:
    if scale == LOG:
        return math.exp(at)
    return 1.0 / (1.0 + math.exp(-at)) if scale == ODDS else at


def priors(mechanisms: Mapping[str, Mechanism] = MECHANISMS) -> dict[str, Prior]:
    """The prior of every uncertain coefficient by its name, in the order of the week."""
    found: dict[str, Prior] = {}
    for mechanism in mechanisms.values():
        for key, field in numbers(mechanism).items():
            if fixed_by(mechanism, key) == "":
                prior = _prior(f"{mechanism.name}.{key}", field)
                found[prior.name] = prior
    for first, *others in TOGETHER:
        for name in others:
            if name in found and first in found:
                found[name] = found[name]._replace(follows=first)
    return found


@cache
def shipped() -> dict[str, Prior]:
    """The priors of the package's own mechanisms."""
    return priors()


def numbers(mechanism: Mechanism) -> dict[str, FieldInfo]:
    """The coefficients of a mechanism: its parameters without structural choices."""
    return {key: field for key, field in mechanism.parameters.model_fields.items() if not options_of(field)}


def fixed_by(mechanism: Mechanism, key: str) -> str:
    """Why a coefficient has no prior: `SWITCH`, `ANCHORED`, `FORMED`, `PUBLISHED` or `ABSENT`; empty if it has one."""
    field = mechanism.parameters.model_fields[key]
    extra, (low, high) = extra_of(field), bounds(field)
    if key in mechanism.null and extra["unit"] == "factor" and field.default == high:
        return SWITCH
    if extra.get("prior") == ANCHOR:
        return ANCHORED
    if extra.get("prior") == FORM:
        return FORMED
    if "prior" not in extra and not any(word in extra["source"] for word in UNKNOWN):
        return PUBLISHED
    if "prior" not in extra and field.default == 0.0 == low:
        return ABSENT  # an effect that the model does not have: a factor leaves it where it is
    return ""


def _prior(name: str, field: FieldInfo) -> Prior:
    default, (low, high), extra = float(field.default), bounds(field), extra_of(field)
    if "prior" in extra:
        first, last = extra["prior"]
        scale = LOG if first > 0 or last < 0 else PLAIN
        return Prior(name, default, float(first), float(last), scale, INTERVAL)
    fitted = "fitted to" in extra["source"]
    doubt, origin = (FITTED_DOUBT, FITTED) if fitted else (DOUBT, HALF_TO_DOUBLE)
    if low < 0.0 < high:
        size = abs(default) or 0.25 * (high - low)
        return Prior(name, default, max(low, default - size), min(high, default + size), PLAIN, SIDES)
    if extra["unit"] == "share" and 0.0 < default < 1.0 and low >= 0.0 and high <= 1.0:
        odds = default / (1.0 - default)
        first, last = (odds * factor / (1.0 + odds * factor) for factor in (1.0 / doubt, doubt))
        return Prior(name, default, max(low, first), min(high, last), ODDS, FITTED if fitted else SHARE)
    first, last = sorted((default / doubt, default * doubt))
    return Prior(name, default, max(low, first), min(high, last), LOG, origin)
