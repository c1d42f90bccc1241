"""What levers get where a scenario does not say it: what the staff of the city costs today."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from sim.city.staffing import Staffing
from sim.errors import UserError
from sim.levers import DEFAULT_SPLITS, LEVERS, REFERENCE_SHARES
from sim.scenario.cities.preset import Preset
from sim.scenario.cities.presets import SYNTHETIC, figures_of, load_preset
from sim.scenario.cities.staffing import staffing_of
from sim.scenario.schema.city import CitySpec, is_own
from sim.scenario.schema.policy import MOST_WEIGHT, forms_in
from sim.scenario.schema.spending import columns

NEAR = 1e-3
"""Relative difference up to which shares of a city's staff are those of the reference."""


class Today(NamedTuple):
    """Share of the budget and split of every lever for the staff that a city has."""

    shares: Mapping[str, float]
    splits: Mapping[str, Mapping[str, float]]


def completed(policy: Any, city: Any) -> Any:
    """The data of a policy with shares and splits where it does not give them; unchanged if it or the city is invalid.

    Figures that a scenario gives instead of those of its city do not change them: money is what it was, and pays for other staff.
    """
    preset = preset_in(city)
    if not isinstance(policy, dict) or preset is None:
        return policy
    found, usual = {}, today(preset)
    for lever in LEVERS:
        given = policy.get(lever, {})
        if not isinstance(given, dict):
            continue
        share = {} if forms_in(given) else {"share": usual.shares[lever]}
        split = {} if "split" in given else {"split": dict(usual.splits[lever])}
        found[lever] = {**share, **split, **given}
    return {**policy, **found}


def today(preset: Preset) -> Today:
    """Shares and splits of the staff of a city. Shares that agree with those of the reference are these, which are round numbers."""
    return _today(staffing_of(preset))


@lru_cache(maxsize=32)  # by identity: the staffing of a preset is kept with it
def _today(staffing: Staffing) -> Today:
    money = staffing.money_for(staffing.staff)
    shares, splits = {}, {}
    for lever, parts in LEVERS.items():
        own = money[columns(lever)]
        share, reference = float(own.sum()) / staffing.budget, REFERENCE_SHARES[lever]
        shares[lever] = reference if abs(share - reference) <= NEAR * reference else min(1.0, share)
        if own.any():
            scale = min(1.0, MOST_WEIGHT / float(own.max()))
            splits[lever] = {part: float(weight) * scale for part, weight in zip(parts, own, strict=True)}
        else:  # nobody is employed, so that any split is as good
            splits[lever] = DEFAULT_SPLITS[lever]
    return Today(shares, splits)


def preset_in(city: Any) -> Preset | None:
    """The preset of a city given as data or as a valid section; None if there is none."""
    if isinstance(city, CitySpec):
        return figures_of(city)
    if not isinstance(city, dict):
        return None
    if isinstance(city.get("definition"), Preset):
        return city["definition"]
    name = city.get("preset", SYNTHETIC if is_own(city) else CitySpec.model_fields["preset"].default)
    try:
        return load_preset(name) if isinstance(name, str) else None
    except UserError:
        return None
