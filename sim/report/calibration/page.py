"""The page of a calibration to the figures of a city: what was fitted, what the figures do not tell, and the misfit of every district."""

from functools import partial
from pathlib import Path
from typing import Any

from sim.experiments.calibration.calibrate import Calibration
from sim.experiments.worlds.own_rates import Fit
from sim.files import os_errors_as
from sim.messages import speaking
from sim.report.calibration.figures import draw_misfit, panels_of
from sim.report.parts import style
from sim.report.parts.drawing import picture
from sim.report.parts.experiments import span
from sim.report.parts.files import Shown, Table
from sim.report.parts.html import write_page
from sim.report.parts.numbers import number, together
from sim.report.text.catalogue import listed, say
from sim.report.text.labels import metric_title
from sim.scenario import Scenario
from sim.version import VERSION


def write_calibration_page(
    found: Calibration,
    scenario: Scenario,
    figures: str,
    folder: str | Path,
    lang: str = "en",
    command: str = "",
    worlds: Fit | None = None,
) -> Path:
    """Write ``report.html`` and ``figures/`` into the folder of a calibration.

    Parameters
    ----------
    found : Calibration
        One that was fitted to figures.
    scenario : Scenario
        The scenario that was fitted.
    figures : str
        Name of the file of figures.
    folder : path
    lang : str
        Language in which the page opens, ``"en"`` or ``"zh"``.
    command : str
        The command as typed, for the page.
    worlds : Fit, optional
        Plausible worlds that fit the figures, too.

    Returns
    -------
    Path
        The page.
    """
    with os_errors_as("cannot write into {folder}", folder=folder):
        return write_page(folder, "study.html.jinja", lang, partial(_context, found, scenario, figures, command, worlds))


def _context(
    found: Calibration, scenario: Scenario, file: str, command: str, worlds: Fit | None, lang: str, figures: Path | None
) -> dict[str, Any]:
    districts = found.districts
    assert districts is not None
    caption = say("fit_c_misfit", lang)
    draw = partial(draw_misfit, districts, scenario)
    drawn = picture("misfit", draw, lang, caption, _districts(found, lang), figures) | {"caption": caption, "numbers": 0}
    inside, count = int(districts["inside"].sum()), len(districts)
    said = [say("fit_figures_inside", lang, inside=len(found.rates) - len(found.missed), count=len(found.rates))]
    said.append(say("fit_districts_inside", lang, inside=inside, count=count))
    worst = districts.loc[districts["misfit"].abs().idxmax()] if count else None
    if worst is not None and not worst["inside"]:
        side = say("fit_higher" if worst["misfit"] > 0 else "fit_lower", lang)
        said.append(say("fit_worst_misfit", lang, district=worst["district"], rate=metric_title(worst["rate"], lang), side=side))
    if worlds is not None:
        said += [line.text(lang) + say("sentence_end", lang) for line in worlds.said]
    with speaking(lang):
        settings = [str(message) for message in found.settings_told]
    fitted = {"title": say("fit_t_fitted", lang), "note": say("fit_n_fitted", lang), "table": _fitted(found, lang)}
    rates = {"title": say("fit_t_fitted_to", lang), "note": say("fit_n_fitted_to", lang), "table": _rates(found, lang)}
    untold = listed(found.untold, lang) if found.untold else say("fit_none_untold", lang)
    sections = [
        {
            "id": "misfit",
            "title": say("fit_h_misfit", lang),
            "said": [say("fit_misfit_said", lang)],
            "figures": [drawn] if panels_of(districts) else [],
        },
        {"id": "fitted", "title": say("fit_h_fitted", lang), "said": [], "figures": [], "tables": [fitted, rates]},
        {"id": "untold", "title": say("fit_h_untold", lang), "said": [say("fit_untold_said", lang), untold, *settings], "figures": []},
    ]
    first, count = found.settings["first_seed"], found.settings["seeds"]
    warning = [say("no_font", lang)] if lang == "zh" and style.figure_language(lang) != "zh" else []
    return {
        "t": partial(say, lang=lang),
        "over": say("calibration_top", lang),
        "title": say(
            "calibration_title", lang, name=scenario.title.get("zh" if lang == "zh" else "en") or scenario.name, file=Path(file).name
        ),
        "question": say("calibration_question", lang),
        "notices": warning,
        "findings": said,
        "small": "",
        "sections": sections,
        "facts": [
            (say("data", lang), file),
            (say("residents_simulated", lang), f"{found.settings['residents']:,}"),
            (say("seeds", lang), f"{first}–{first + count - 1} ({count})"),
            *([(say("command", lang), command)] if command else []),
        ],
        "method": say("calibration_method", lang),
        "scope": say("scope", lang),
        "version": VERSION,
    }


def _fitted(found: Calibration, lang: str) -> Table:
    head = [say(f"k_fit_{key}", lang) for key in ("coefficient", "before", "after", "determined", "moves")]
    rows = [
        [
            row["coefficient"],
            Shown(f"{row['before']:.4g}", row["before"]),
            Shown(f"{row['after']:.4g}", row["after"]),
            Shown(f"{row['determined']:.0%}", row["determined"]),
            listed([metric_title(rate, lang) for rate in row["moves"].split()], lang),
        ]
        for row in found.coefficients.to_dict("records")
    ]
    return Table(head, rows)


def _rates(found: Calibration, lang: str) -> Table:
    head = [say(f"k_fit_{key}", lang) for key in ("rate", "range", "before", "after", "misfit")]
    rows = [
        [
            metric_title(row["rate"], lang),
            span(*together([row["low"], row["high"]], row["rate"])),
            number(row["before"], row["rate"]),
            number(row["after"], row["rate"]),
            Shown(f"{row['misfit']:+.2f}", row["misfit"]),
        ]
        for row in found.rates.to_dict("records")
    ]
    return Table(head, rows)


def _districts(found: Calibration, lang: str) -> Table:
    head = [say(f"k_fit_{key}", lang) for key in ("district", "rate", "year", "given", "range", "simulated", "misfit")]
    rows = []
    for row in [] if found.districts is None else found.districts.to_dict("records"):
        given, low, high, simulated = together([row[key] for key in ("given", "low", "high", "simulated")], row["rate"])
        misfit = Shown(f"{row['misfit']:+.2f}", row["misfit"])
        title = metric_title(row["rate"], lang)
        rows.append([row["district"], title, str(row["year"]), given, span(low, high), simulated, misfit])
    return Table(head, rows)
