"""Presets: the cities that the package ships."""

from sim.describe.fields import RESIDENTS, value_text
from sim.messages import Message, Words, language
from sim.scenario.cities.presets import list_presets, load_preset
from sim.text import localized, table

TERM = Message("preset")


def names() -> list[str]:
    """Every shipped preset."""
    return list_presets()


def row(name: str) -> tuple[Words, ...]:
    """Name, residents, districts and title."""
    preset = load_preset(name)
    size = Message("{residents:,} residents", residents=preset.population), Message("{count} districts", count=len(preset.districts))
    return name, *size, localized(preset.title)


def entry(name: str) -> str:
    """Numbers of a city, its districts and its sources."""
    preset, residents = load_preset(name), RESIDENTS[language()]
    rows: list[tuple[Words, ...]] = [
        (f"  {key}", f"{getattr(preset, key):g}") for key in ("nonlocal_share", "household_size", "subdistrict_units", "police_per_1000")
    ]
    if preset.budget_per_resident is not None:
        rows.append(("  budget_per_resident", f"{preset.budget_per_resident:,g} {preset.currency}, {preset.price_year}"))
    for mechanism, values in preset.mechanisms.items():
        rows += [(f"  mechanisms.{mechanism}.{key}", value_text(value)) for key, value in values.items()]
    districts = [(f"  {Message('district')}", residents), *((f"  {d.name} {d.name_zh}", f"{d.population:,}") for d in preset.districts)]
    sources = "\n".join(f"  {key}: {text}" for key, text in preset.sources.items())
    head = f"{name}: {localized(preset.title)}\n  {residents} {preset.population:,}"
    return f"{head}\n{table(rows)}\n\n{table(districts)}\n\n{Message('Sources')}\n{sources}"
