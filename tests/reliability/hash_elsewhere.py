"""Live a few weeks in a process of its own and print the hash of all that happened. Run by test_determinism.py."""

from cities import small

from sim.simulation import Simulation


def lived(threads: int = 1, tile: int = 512, weeks: int = 30, seed: int = 17) -> Simulation:
    """The city that every test of determinism lives in."""
    scenario = small(weeks, residents=1800, districts=3, community_size=200).with_changes(
        {"stance.patrol_targeting": "reported", "budget": 1.3}
    )
    simulation = Simulation(scenario, seed, threads=threads, tile=tile)
    simulation.advance(weeks)
    return simulation


if __name__ == "__main__":
    print(lived().content_hash())
