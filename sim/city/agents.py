"""Mesa's side of the tables: an agent is a thin view of a row, made only when somebody asks for it."""

import mesa

from sim.city.columns import ColumnTable


class CityAgent(mesa.Agent):
    """View of one row of a table. Attributes that the class does not declare as columns are refused."""

    def __init__(self, model, table: ColumnTable, row: int):  # does not register with Mesa: the table is the register
        object.__setattr__(self, "model", model)
        object.__setattr__(self, "_table", table)
        object.__setattr__(self, "_row", row)
        object.__setattr__(self, "unique_id", table.first_id + row)

    def __setattr__(self, name: str, value) -> None:
        self._table.set(name, self._row, value)

    def __eq__(self, other) -> bool:
        return isinstance(other, CityAgent) and self._table is other._table and self._row == other._row

    def __hash__(self) -> int:
        return hash((id(self._table), self._row))
