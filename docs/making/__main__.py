"""Writes docs/model and the numbers of other pages: everything, or the named parts, as in `python -m docs.making pages`."""

import argparse
from collections.abc import Callable
from pathlib import Path

from docs.making import (
    calibration,
    choices,
    curves,
    effects,
    findings,
    history,
    mechanisms,
    picture,
    priors,
    screening,
    source_map,
    specs,
    verdicts,
    walks,
    worlds,
)
from docs.making.markdown import MODEL, write


def pages() -> dict[str, str]:
    """Every page by its path below docs/model, from specs and from the tables that are there."""
    measured = {
        "rates.md": calibration.rates_text,
        "calibration.md": calibration.calibration_text,
        "history_matching.md": history.text,
        "source_map.md": source_map.text,
        "screening.md": screening.text,
        "priors.md": priors.text,
        "worlds.md": worlds.text,
    }
    return {
        **specs.pages(),
        **mechanisms.pages(),
        **choices.pages(),
        **verdicts.pages(),
        **{name: text() for name, text in measured.items()},
    }


def write_pages() -> None:
    """Write the study of all levers and all pages; remove pages of mechanisms that no longer exist."""
    screening.write_study()
    made = pages()
    for name, text in made.items():
        write(MODEL / name, text)
    findings.write_pages()
    verdicts.write_readme()
    for path in MODEL.glob("mechanisms/*.md"):
        if f"mechanisms/{path.name}" not in made:
            path.unlink()


def sweep() -> None:
    """Measure responses; print those that are not as expected."""
    for line in curves.measure():
        print("not as expected:", line)


PARTS: dict[str, Callable[[], None]] = {
    "effects": effects.measure,
    "rates": calibration.measure,
    "screening": screening.measure,
    "choices": choices.measure,
    "responses": sweep,
    "verdicts": verdicts.measure,
    "picture": picture.draw,
    "walks": walks.write_all,
    "pages": write_pages,
}
"""Parts in their order: pages read what the others measure."""


def main() -> None:
    """Make the requested parts."""
    parser = argparse.ArgumentParser(prog="python -m docs.making", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], metavar="part", help=f"any of {', '.join(PARTS)}; all by default")
    parser.add_argument(
        "--calibration", type=Path, metavar="DIR", help="take the tables of this calibration (results/baseline/calibration/KEY)"
    )
    parser.add_argument("--history", type=Path, metavar="DIR", help="take the tables of this match (results/baseline/history-match/KEY)")
    parser.add_argument("--worlds", type=Path, metavar="DIR", help="ship the set of worlds of this folder, with its honesty test")
    parser.add_argument("--ship", action="store_true", help="write the fitted values that are kept into the mechanisms, and stop")
    asked = parser.parse_args()
    if asked.calibration:
        if not (asked.calibration / "rates.csv").exists():
            parser.error(f"{asked.calibration}: no rates.csv there; write it with: sanzhi calibrate baseline")
        calibration.take(asked.calibration)
    if asked.history:
        if not (asked.history / "waves.csv").exists():
            parser.error(f"{asked.history}: no waves.csv there; write it with: sanzhi history-match baseline")
        history.take(asked.history)
    if asked.worlds:
        if not (asked.worlds / worlds.FILE).exists():
            parser.error(f"{asked.worlds}: no {worlds.FILE} there; write it with: sanzhi worlds make {asked.worlds}")
        worlds.take(asked.worlds)
    if asked.ship:
        print("\n".join(calibration.ship()) or "every fitted value ships already")
        return
    for name, make in PARTS.items():
        if not asked.parts or name in asked.parts:
            print(name, "...", flush=True)
            make()


if __name__ == "__main__":
    main()
