"""The effect by district: a map and a table of its median over worlds, and of the worlds in which a district does better."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LinearSegmentedColormap, Normalize
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.analysis.real_size import EFFECTS, LEADING, total_factor
from sim.analysis.world_verdict import OPEN
from sim.experiments.comparisons.over_worlds import BY_DISTRICT
from sim.metrics import METRICS
from sim.report.compare.worlds import better_in, word_of
from sim.report.parts import leading, style
from sim.report.parts.experiments import LONGEST_IN_TWO, estimate_in_words, shortened, titles
from sim.report.parts.files import NOTHING, Shown, Table
from sim.report.parts.key import Entry, explain, line
from sim.report.parts.key import height as key_height
from sim.report.parts.maps import bare, name_circles
from sim.report.parts.numbers import amounts
from sim.report.parts.places import district_names
from sim.report.text.catalogue import say
from sim.report.text.labels import in_per_cent, metric_unit
from sim.scenario.cities.presets import preset_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.experiments.comparisons.over_worlds import WorldComparison

WORSE_TO_BETTER = LinearSegmentedColormap.from_list("worse to better", [style.VERMILLION, "#FFFFFF", style.BLUE])
OPEN_FILL = "#E9ECEF"
"""Colour of a district in which the effect is open."""
SATISFACTION = "satisfaction"
LARGEST = 420
"""Area of the marker of the largest district."""
MOST_ROWS, MOST_ROWS_OF_SEVERAL = 16, 6
"""Districts of a table; of more, those that gain and lose most. Of several scenarios compared with the first, fewer fit."""


def effects(result: "WorldComparison", label: str, metric: str) -> pd.DataFrame:
    """What is known of every district, those that do better in most worlds first.

    Returns
    -------
    DataFrame
        ``district, x, y, residents``, and the verdict as in `WorldComparison.districts`, with ``median``, ``low`` and ``high`` as totals of
        the real district where there are some; ``gain`` is the median, above 0 where it is better.
    """
    table = result.districts
    if table is None:
        return pd.DataFrame()
    rows = []
    for row in table[(table["scenario"] == label) & (table["metric"] == metric) & (table["n"] > 0)].to_dict("records"):
        place = next(one for one in preset_of(result.named[0].city).districts if one.name == row["district"])
        factor = total_factor(metric, place.population) if metric in LEADING else np.nan
        factor = factor if np.isfinite(factor) else 1.0
        ends = {key: row[key] * factor for key in ("median", "low", "high")}
        gain = ends["median"] * (-1.0 if METRICS[metric].better == "less" else 1.0)
        rows.append({**row, **ends, "gain": gain, "x": place.x, "y": place.y, "residents": place.population})
    found = pd.DataFrame(rows)
    return found.sort_values(["better", "gain"], ascending=False, kind="stable", ignore_index=True) if rows else found


def chosen(result: "WorldComparison") -> str:
    """The metric of the map where none is asked for: of the effects that hold or lean for the second scenario, the one that goes the same
    way in most worlds; satisfaction if there is none."""
    table = result.verdicts[(result.verdicts["scenario"] == result.batch.labels[1]) & (result.verdicts["word"] != OPEN)]
    table = table[table["metric"].isin([name for name in BY_DISTRICT if name in EFFECTS])]
    if not len(table):
        return SATISFACTION
    return str(table["metric"].iloc[int(table[["better", "worse"]].max(axis=1).to_numpy().argmax())])


def where_table(result: "WorldComparison", metric: str, lang: str) -> Table:
    """Districts with the effect of every scenario but the first, in the order of the second scenario's."""
    labels, shown = result.batch.labels[1:], titles(result.batch, lang)
    each = {label: effects(result, label, metric) for label in labels}
    first, names = each[labels[0]], district_names(result.named[0], lang)
    if not len(first):
        return Table([say("district", lang)], [])
    ends = [end(table["median"]) for end in (min, max) for table in each.values()]
    cells = {label: {row["district"]: _cells(row, ends, metric, lang) for row in table.to_dict("records")} for label, table in each.items()}
    if len(labels) == 1:
        head = [say(key, lang) for key in ("district", "worlds_median", "worlds_better_in", "verdict")]
        return Table(head, [[names(district), *own] for district, own in cells[labels[0]].items()])
    rows = [
        [names(district), *(say("semicolon", lang).join(cells[label].get(district, [NOTHING])) for label in labels)]
        for district in first["district"]
    ]
    return Table([say("district", lang), *(shown[label] for label in labels)], rows)


def _cells(row: dict, ends: list[float], metric: str, lang: str) -> list[str]:
    """Median, with as many digits as tell the districts apart; in how many worlds it is better; and the word."""
    values = row["median"], min(ends), max(ends)
    shown = amounts(values, lang, sign=True) if _counted(metric) else estimate_in_words(*values, metric)
    return [Shown(shown[0], row["median"]), better_in(row, lang), word_of(row, lang)]


def _counted(metric: str) -> bool:
    """Whether a metric is told as a total."""
    return metric in LEADING and bool(np.isfinite(total_factor(metric, 1.0)))


def cut(table: Table, most: int, lang: str) -> Table:
    """The first and the last rows of a table of districts, with a row that says how many are left out between them."""
    left = len(table.rows) - most
    if left <= 0:
        return table
    first = most // 2
    between = [say("brief_districts_left", lang, count=left), *[NOTHING] * (len(table.head) - 1)]
    return Table(table.head, [*table.rows[:first], between, *table.rows[first + left :]])


def draw_where(result: "WorldComparison", metric: str, lang: str = "en", narrow: bool = False) -> "Figure":
    """A map for each scenario but the first: districts by size, coloured by the median of the effect where it holds or leans; where it is
    open they are grey, because its median may be luck."""
    labels, shown = result.batch.labels[1:], titles(result.batch, lang)
    found = {label: effects(result, label, metric) for label in labels}
    most = max(told_gain(table) for table in found.values())
    entries: list[Entry] = [(line(marker="o", mfc=OPEN_FILL, mec=style.GREY, mew=0.6, ms=7), say("brief_key_open", lang))]
    if most:
        entries.insert(0, (line(marker="o", mfc=style.BLUE, mec=style.INK, mew=1.2, ms=7), say("brief_key_told", lang)))
    several = len(labels) > 1
    columns = 1 if narrow else len(labels)
    rows = len(labels) if narrow else 1
    with style.look():
        wide = style.NARROW if narrow else style.WIDE if several else 4.6
        figure = style.new_figure(wide, (2.1 if several else 3.9) * rows + 0.5 + key_height(entries, True))
        grid = list(figure.subplots(rows, columns, squeeze=False).flat)
        for axes, label in zip(grid, labels, strict=True):
            _map(axes, found[label], most, 0.5 if several else 0.8)
            if several:
                axes.set_title(shortened(shown[label], LONGEST_IN_TWO), pad=18)  # above the name of the district at the top
        if most:
            _scale(figure, grid, metric, most, lang)
        explain(figure, entries, True)
        names = district_names(result.named[0], lang)
        figure.draw_without_rendering()  # names are placed where circles will be
        for axes, label in zip(grid, labels, strict=True):
            table = found[label]
            name_circles(axes, table, _areas(table, 0.5 if several else 0.8), names)
        return figure


def told_gain(table: pd.DataFrame) -> float:
    """The largest size of an effect that holds or leans in a district; 0 where it is open in all."""
    told = table.loc[table["word"] != OPEN, "gain"].abs()
    return float(told.max()) if len(told) else 0.0


def _areas(table: pd.DataFrame, size: float) -> np.ndarray:
    return np.maximum(30.0, size * LARGEST * table["residents"] / table["residents"].max()).to_numpy(float)


def _map(axes: "Axes", table: pd.DataFrame, most: float, size: float) -> None:
    told = (table["word"] != OPEN).to_numpy()
    scale = Normalize(-most, most) if most else Normalize(-1.0, 1.0)
    fills = [WORSE_TO_BETTER(scale(gain)) if known else OPEN_FILL for gain, known in zip(table["gain"], told, strict=True)]
    edges, widths = np.where(told, style.INK, style.GREY).tolist(), np.where(told, 1.2, 0.6).tolist()
    axes.scatter(table["x"], table["y"], s=_areas(table, size), color=fills, edgecolors=edges, linewidths=widths)
    bare(axes)


def _scale(figure: "Figure", grid: list, metric: str, most: float, lang: str) -> None:
    """The colours: worse on the left, better on the right, with the numbers of the effect."""
    sign = -1.0 if METRICS[metric].better == "less" else 1.0
    bar = figure.colorbar(ScalarMappable(Normalize(-most, most), WORSE_TO_BETTER), ax=grid, orientation="horizontal", aspect=40, pad=0.02)
    bar.ax.xaxis.set_major_locator(MaxNLocator(4, symmetric=True))
    bar.ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _tick(sign * value, metric, lang)))
    bar.ax.tick_params(labelsize=7.5)
    bar.outline.set_visible(False)
    unit = leading.title(metric, lang) if _counted(metric) else metric_unit(metric, lang)
    bar.set_label(say("brief_scale", lang, unit=unit), fontsize=7.5)


def _tick(value: float, metric: str, lang: str) -> str:
    if _counted(metric):
        return amounts([value], lang, sign=True)[0] if value else "0"
    shown = 100 * value if in_per_cent(metric) else value
    return f"{shown:+.3g}".replace("-", "−") if value else "0"
