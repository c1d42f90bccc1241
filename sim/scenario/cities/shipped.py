"""Folder of the shipped scenarios and cities."""

from importlib import resources
from pathlib import Path


def shipped_root() -> Path:
    """Folder of the shipped scenarios: ``scenarios`` beside the package, or ``sim/ready`` in an installed one."""
    package = Path(str(resources.files("sim")))
    beside = package.parent / "scenarios"
    return beside if (beside / "cities").is_dir() and (beside / "baseline.yaml").is_file() else package / "ready"
