"""README's picture: the two indices of the baseline, as `sanzhi run baseline` draws them. Its metadata name the run."""

import shutil
import tempfile
from pathlib import Path

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from sim.experiments.runs.simulate import simulate
from sim.report.run.page import write_report
from sim.results import write_run
from sim.scenario import load_scenario

PICTURE = Path(__file__).parents[1] / "images" / "baseline.png"


def draw() -> None:
    """Run the baseline and take the figure out of its report."""
    scenario = load_scenario("baseline")
    folder = Path(tempfile.mkdtemp())
    try:
        run = write_run(simulate(scenario, scenario.seed, scenario.replicates), folder / "run")
        write_report(run, folder / "run")
        said = PngInfo()
        said.add_text("sanzhi run", scenario.run_key(scenario.seed, scenario.replicates))
        said.add_text("sanzhi content hash", run.content_hash)
        with Image.open(folder / "run" / "figures" / "indices.png") as picture:
            picture.save(PICTURE, pnginfo=said, optimize=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def said() -> dict[str, str]:
    """Run key and content hash of the run that the picture shows."""
    with Image.open(PICTURE) as picture:
        told = {str(name): str(text) for name, text in picture.info.items()}
    return {name.removeprefix("sanzhi "): text for name, text in told.items() if name.startswith("sanzhi ")}
