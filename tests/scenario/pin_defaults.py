"""Write down the defaults of this version of the model, see `test_hash`."""

import json
from pathlib import Path

from sim.scenario import Scenario
from sim.version import MODEL_VERSION

if __name__ == "__main__":
    content = {"model": MODEL_VERSION, "defaults": Scenario(name="defaults").canonical()}
    Path(__file__).with_name("defaults.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
