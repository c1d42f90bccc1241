"""Five scenarios, scaled down, whose content hashes are kept in hashes.json. Run as a script, it prints them as they come out there.

::

    python tests/reliability/five.py            # what this machine gives
    python tests/reliability/five.py --keep     # `make rebase-hashes`: keep that, after a deliberate change of results
"""

import json
import os
import sys
from pathlib import Path

import sim
from sim.rules import CONSENT
from sim.version import MODEL_VERSION

HERE = Path(__file__).parent
KEPT = HERE / "hashes.json"
SEEDS = (1, 2)
FIVE = {
    "baseline": ("baseline", {"city.scale": 0.001, "horizon": 104}),  # enough residents for two threads
    "lean": ("lean_self_governance", {"city.scale": 0.0003, "horizon": 156}),
    "shocks": ("factory_closures", {"city.scale": 0.0003, "horizon": 120}),
    "targets": ("targets_and_gaming", {"city.scale": 0.0003}),
    "town": (str(HERE / "town" / "town.yaml"), {}),
}
"""What each starts from, a name or a file, and what is changed."""


def scenario(name: str):
    """One of the five."""
    source, changes = FIVE[name]
    return sim.load_scenario(source).with_changes(changes)


def content_hash(name: str, seed: int) -> str:
    """What the engine gives."""
    from sim.simulation import Simulation

    lived = Simulation(scenario(name), seed)
    lived.advance(lived.horizon)
    return lived.content_hash()


def hashes() -> dict[str, dict[str, str]]:
    """What the engine gives: by scenario and seed."""
    os.environ[CONSENT] = "1"
    return {name: {str(seed): content_hash(name, seed) for seed in SEEDS} for name in FIVE}


def kept() -> dict:
    """What is kept: the version of the model; by name, hashes of the scenarios and of what came out."""
    return json.loads(KEPT.read_text(encoding="utf-8"))


def keep(found: dict[str, dict[str, str]]) -> None:
    """Keep hashes; refused where the same scenario gives other results under the same version of the model."""
    before = kept() if KEPT.exists() else {"model": None, "scenarios": {}, "hashes": {}}
    scenarios = {name: scenario(name).hash for name in FIVE}
    same = [name for name in FIVE if before["scenarios"].get(name) == scenarios[name]]
    moved = [name for name in same if before["hashes"][name] != found[name]]
    if moved and before["model"] == MODEL_VERSION:
        sys.exit(
            f"{', '.join(moved)}: other results under model version {MODEL_VERSION}: raise it in sim/version.py, say why in CHANGELOG.md"
        )
    text = json.dumps({"model": MODEL_VERSION, "scenarios": scenarios, "hashes": found}, indent=1)
    KEPT.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    found = hashes()
    if "--keep" in sys.argv:
        keep(found)
    print(json.dumps(found))
