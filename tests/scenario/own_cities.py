"""Cities of one's own for tests: tables, and what is read of them or refused."""

from pathlib import Path

import pytest
from processes import CPU_SECONDS, processor_seconds

from sim.city.layout import lay_out
from sim.errors import ScenarioError
from sim.scenario import load_scenario
from sim.scenario.cities.own_communities import read_communities
from sim.scenario.parsing.sources import Source

EXAMPLE = Path(__file__).parents[2] / "scenarios" / "cities" / "example"
TABLE = "community,district,subdistrict,population,hardship,nonlocal_share,x,y\n"
SMALL = f"{TABLE}A,North,N1,900,0.2,0.5,0,0\nB,South,S1,800,0.6,0.1,1,0\nC,North,N1,700,0.3,0.2,0,2\n"


def city(folder: Path, text: str | bytes, edges: str | None = None, more: str = ""):
    (folder / "my.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    if edges is not None:
        (folder / "edges.csv").write_text(edges)
        more += ", adjacency: edges.csv"
    file = folder / "mine.yaml"
    file.write_text(f"city: {{communities: my.csv{more}}}\nhorizon: 6\n")
    return load_scenario(file)


def reported(folder: Path, *args, **kwargs) -> list[str]:
    """What is wrong, as ``file:line:column: key: got ...``."""

    def read():
        with pytest.raises(ScenarioError) as caught:
            city(folder, *args, **kwargs)
        return caught.value

    error, seconds = processor_seconds(read)
    assert seconds < CPU_SECONDS
    lines = [line.removeprefix(f"{folder}/") for line in str(error).split("\n")]
    assert all(line.isprintable() for line in lines)
    return lines


def rows(text: str):
    communities, problems = read_communities(Source(text, "my.csv"))
    assert not problems, [str(problem) for problem in problems]
    return communities.rows


def layout(scenario, seed=1):
    return lay_out(scenario.city_plan, 512, seed)
