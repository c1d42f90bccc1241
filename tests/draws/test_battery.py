"""The battery passes what the model draws and NumPy's Philox, and finds every bad source out: otherwise passing it would mean nothing."""

import generators
import numpy as np
import pytest
from battery import ALARM, LONG, SHORT, Battery
from scipy import stats

RATE = f"no alarm of a battery that rejects a sound source with a chance of {ALARM:g}"
PART = "Random draws"


def verdict(battery) -> str:
    """What the battery found, in words."""
    least = min(battery.p, key=battery.p.get)
    alarms = f", {len(battery.alarms)} alarms" if battery.alarms else ""
    return f"smallest of {len(battery.p)} p-values {battery.p[least]:.2g} ({least}); alarm below {battery.line:.1g}{alarms}"


def test_what_the_model_draws_is_uniform_and_independent(finding):
    battery, philox = Battery(generators.ours).run(), Battery(generators.philox).run()
    finding(
        f"draws across residents, weeks, streams, draws and seeds ({SHORT:,} words a sequence)",
        part=PART,
        kind="promise",
        wanted=RATE,
        found=verdict(battery),
        reached=not battery.alarms,
        null=f"NumPy's Philox: {verdict(philox)}",
        seeds="1",
    )
    assert not philox.alarms


def test_every_bad_source_is_found_out(finding):
    found = {source.__name__.replace("_", " "): Battery(source).run() for source in generators.BAD}
    passed = [name for name, battery in found.items() if not battery.alarms]
    finding(
        "sources known to be bad that the battery rejects",
        part=PART,
        kind="promise",
        wanted=f"all {len(found)}",
        found=f"{len(found) - len(passed)} of {len(found)}: "
        + ", ".join(f"{name} ({len(battery.alarms)} of {len(battery.p)} tests)" for name, battery in found.items()),
        reached=not passed,
    )


@pytest.mark.soak
@pytest.mark.parametrize("seed", [1, 20_000, 2**61 + 7])
def test_what_the_model_draws_is_uniform_and_independent_in_long_sequences(finding, seed):
    battery = Battery(generators.ours, words=LONG, seed=seed).run()
    finding(
        f"draws in long sequences ({LONG:,} words each), seed {seed}",
        part=PART,
        kind="promise",
        wanted=RATE,
        found=verdict(battery),
        reached=not battery.alarms,
        seeds=str(seed),
    )


@pytest.mark.soak
def test_the_battery_passes_philox_in_long_sequences():
    battery = Battery(generators.philox, words=LONG).run()
    assert not battery.alarms, verdict(battery)


@pytest.mark.soak
def test_the_battery_raises_no_more_false_alarms_than_it_says(finding):
    """With the rate set to one in five: over 60 seeds of Philox, as many alarms, and one p-value in twenty below .05, or fewer."""
    rate, often, seeds = 0.2, 0.05, 60
    found = [Battery(generators.philox, seed=1000 * n).run().p for n in range(1, seeds + 1)]
    names, p = list(found[0]), np.array([list(values.values()) for values in found])
    alarms = int((p.min(axis=1) < rate / p.shape[1]).sum())
    below = (p < often).sum(axis=0)
    loose = [names[n] for n in np.flatnonzero(stats.binom.sf(below - 1, seeds, often) < ALARM / p.shape[1])]
    finding(
        "false alarms of the battery on a sound source, its rate set to 0.2",
        part=PART,
        kind="checked",
        wanted=f"at most 0.2 of {seeds} (rejected with a chance of {ALARM:g})",
        found=f"{alarms} of {seeds}; {(p < often).mean():.3f} of single p-values below {often}" + f", but too often {loose}" * bool(loose),
        reached=stats.binom.sf(alarms - 1, seeds, rate) > ALARM and not loose,
        seeds=f"1000 to {1000 * seeds}",
    )
