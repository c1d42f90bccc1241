"""Budget: money becomes capacity, slowly and with losses.

Claim. An instrument's capacity saturates in its funding and follows it with a lag: staff must be hired, trained and trusted
before they deliver, and they do not leave in the week in which a budget is cut.

Equation. For the money x of an instrument (share of the reference budget per resident, after leakage) and its reference
share x0: K* = 2 x / (x + x0), so that K* = 1 at the reference; K moves to K* with a time constant of its own. Leakage = waste + what
officials take (see integrity). Rapid changes of levers are costly: upheaval U grows by reform * (sum of |change of shares| in a week)^2
/ (that + tolerated), decays with time constant `settling`, and takes the share U of all effort, at most .6.

Source. Saturation, time constants and costs of reorganising: assumptions. Studies of agencies find that frequent reorganisation
lowers performance.

Brings: capacity. Costs: money spent, leaked and left unspent, all counted exactly; effort lost to reorganising.
"""

import numpy as np

from sim.kernel import kernel
from sim.levers import DEFAULT_SPLITS, INSTRUMENT_ROWS, INSTRUMENTS, REFERENCE_SHARES
from sim.levers.rows import PACES
from sim.maths import clip, unit
from sim.mechanisms.base import Mechanism
from sim.spec import Spec, parameter


def _reference() -> tuple[np.float32, ...]:
    shares = []
    for name in INSTRUMENTS:
        lever, part = name.split(".")
        split = DEFAULT_SPLITS[lever]
        shares.append(REFERENCE_SHARES[lever] * split[part] / sum(split.values()))
    return tuple(np.float32(x) for x in shares)


REFERENCE = np.array(_reference(), np.float32)
PACE_CLASS = np.array([PACES.index(row.pace) for row in INSTRUMENT_ROWS.values()], np.int64)
UNIT = 10_000  # money is counted in ten-thousandths of a resident's reference budget of one week


class Parameters(Spec):
    strength: float = parameter(1.0, "speed of all capacities; 0 freezes them", unit="factor", low=0.0, high=1.0)
    waste: float = parameter(0.01, "share of spending lost to waste", unit="share", low=0.0, high=0.5)
    usual_loss: float = parameter(
        0.11, "leakage of the reference city, at which money buys the stated capacity", unit="share", low=0.0, high=0.5
    )
    reform: float = parameter(1.2, "effort lost when all shares change at once", unit="share", low=0.0, high=5.0)
    tolerated: float = parameter(0.05, "weekly change of shares that causes little upheaval", unit="share", low=0.001, high=1.0)
    settling: float = parameter(13.0, "time constant of upheaval", unit="weeks", low=1.0, high=104.0)
    policing_weeks: float = parameter(4.0, "time constant of policing", unit="weeks", low=1.0, high=520.0)
    media_weeks: float = parameter(8.0, "time constant of media", unit="weeks", low=1.0, high=520.0)
    mediation_weeks: float = parameter(13.0, "time constant of mediation", unit="weeks", low=1.0, high=520.0)
    institution_weeks: float = parameter(
        26.0, "time constant of councils, organisations, courts, oversight, services", unit="weeks", low=1.0, high=520.0
    )
    slow_weeks: float = parameter(104.0, "time constant of legislation and school", unit="weeks", low=1.0, high=520.0)


@kernel
def budget(world, week, p):
    """Spend one week's budget in every district and move capacities towards the level that it funds."""
    lever = world.levers[week]
    weeks = (p.policing_weeks, p.media_weeks, p.mediation_weeks, p.institution_weeks, p.slow_weeks)  # in the order of PACES
    account = world.city[0]
    money = world.history_money[week]
    account.upheaval = _upheaval(world, week, account.upheaval, p)
    worked = 1.0 - account.upheaval
    for d in range(len(world.districts)):
        district = world.districts[d]
        pot = np.int64(np.float64(district.residents) * np.float64(lever.budget) * UNIT)
        leak = unit(p.waste + district.corruption)
        kept = worked * (1.0 - leak) / (1.0 - p.usual_loss)
        given, lost = np.int64(0), np.int64(0)
        for j in range(len(REFERENCE)):
            part = np.int64(np.float64(pot) * np.float64(lever.share[j]))
            given += part
            lost += np.int64(np.float64(part) * np.float64(leak))
            x = lever.budget * lever.share[j] * kept
            steady = 2.0 * x / (x + REFERENCE[j])
            before = district.capacity[j]
            district.capacity[j] = before + p.strength * (steady - before) / weeks[PACE_CLASS[j]]
        given = min(given, pot)
        district.leakage = leak
        account.allotted += pot
        account.spent += given - lost
        account.leaked += lost
        account.unspent += pot - given
        money[0] += pot
        money[1] += given - lost
        money[2] += lost
        money[3] += pot - given


@kernel
def _upheaval(world, week, before, p):
    """Share of effort lost to reorganising: past upheaval decays, this week's changes add to it."""
    moved = np.float32(0.0)
    if week > 0:
        lever, earlier = world.levers[week], world.levers[week - 1]
        for j in range(len(REFERENCE)):
            step = lever.share[j] - earlier.share[j]
            moved += step if step > 0.0 else -step
    after = before * (1.0 - 1.0 / p.settling) + p.strength * p.reform * moved * moved / (moved + p.tolerated)
    return clip(after if after > 1e-6 else np.float32(0.0), np.float32(0.0), np.float32(0.6))


MECHANISM = Mechanism(
    name="budget",
    names={"en": "Budget and capacity", "zh": "预算与能力"},
    stage="plan",
    parameters=Parameters,
    reads=("levers.budget", "levers.share", "districts.corruption"),
    writes=("districts.capacity", "districts.leakage", "city.allotted", "city.spent", "city.leaked", "city.unspent", "city.upheaval"),
    brings="capacity of every instrument",
    costs="money, of which part leaks; effort lost when levers change fast",
    null={"strength": 0.0},
    plan=budget,
)
