"""Figures of staff and costs that a scenario gives instead of those of its city.

They stand in ``city: {staffing: {LEVER: {INSTRUMENT: {FIGURE: number}}}}``.
"""

from typing import Any

from pydantic import Field, create_model

from sim.levers import BUDGET_LEVERS, INSTRUMENT_ROWS
from sim.scenario.cities.staffing_rows import BOUNDS, Bounds
from sim.scenario.schema.section import Section


def _figure(bounds: Bounds) -> Any:
    low: dict[str, Any] = {"gt" if bounds.above else "ge": bounds.low}
    extra: Any = {"unit": bounds.unit, "source": "the city's table of staff and costs"}
    return Field(default=None, le=bounds.high, description=bounds.doc.text("en"), json_schema_extra=extra, **low)


_FIGURES: dict[str, Any] = {name: (float | None, _figure(bounds)) for name, bounds in BOUNDS.items()}
InstrumentFigures: Any = create_model("InstrumentFigures", __base__=Section, __doc__="Figures of one instrument.", **_FIGURES)


def _lever(name: str) -> type[Section]:
    """Section of the instruments of one lever."""
    fields: dict[str, Any] = {}
    for part in BUDGET_LEVERS[name].instruments:
        doc = INSTRUMENT_ROWS[f"{name}.{part}"].doc["en"]
        fields[part] = (InstrumentFigures, Field(default_factory=InstrumentFigures, description=doc))
    title = f"{name.title().replace('_', '')}Figures"
    return create_model(title, __base__=Section, __module__=__name__, __doc__="Figures of the instruments of one lever.", **fields)


_SECTIONS: dict[str, type[Section]] = {name: _lever(name) for name in BUDGET_LEVERS}
globals().update({section.__name__: section for section in _SECTIONS.values()})  # by name, so that they can be pickled
_LEVERS: dict[str, Any] = {
    name: (section, Field(default_factory=section, description=BUDGET_LEVERS[name].doc["en"])) for name, section in _SECTIONS.items()
}
_Levers: Any = create_model("_Levers", __base__=Section, **_LEVERS)


class StaffingFigures(_Levers):
    """Staff, costs and throughput of single instruments; the city's own table has the figures that are not given."""

    @property
    def values(self) -> dict[tuple[str, str], float]:
        """The given figures by instrument (``lever.instrument``) and figure."""
        if not self.model_fields_set:
            return {}
        return {
            (f"{lever}.{part}", figure): value
            for lever, section in self
            for part, figures in section
            for figure, value in figures
            if value is not None
        }

    def as_data(self) -> dict[str, Any]:
        """The given figures as plain data, as in a file."""
        found: dict[str, Any] = {}
        for (name, figure), value in self.values.items():
            lever, part = name.split(".")
            found.setdefault(lever, {}).setdefault(part, {})[figure] = value
        return found
