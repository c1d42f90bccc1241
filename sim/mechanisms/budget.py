"""Budget: money pays for staff, and staff does work.

Claim. What an instrument does is the work of its staff. Staff costs money, and follows it with a lag: people must be hired and trained
before they deliver, and they do not leave in the week in which a budget is cut. Work is proportional to staff; diminishing returns come
only from where the world has them, in the mechanisms that use the work (finite demand, queues, reach).

Equation. For the money x of an instrument (currency per resident and year), the funded staff per 10,000 residents is S* = 10,000 x
staff_share / cost * (1 - leakage) / (1 - usual_loss); staff S moves to S* with the instrument's time constant `weeks`. Work per resident
and year = throughput * S / 10,000 * (S / S0)^(exponent * returns - 1) * (1 - U), where S0 is the staff at which the throughput was observed
(returns is 1 by default, exponent follows from the choice `returns`). Leakage = waste + what officials take (see integrity). Rapid changes
of money are costly: upheaval U grows by reform * m^2 / (m + tolerated), m the sum of |changes of money| in a week as a share of all money;
it decays with time constant `settling`, at most .6.

Source. Cost, throughput, time constants: the city's table of staff and costs, with a source for each figure or the word assumption.
Intense sequences of reorganisation raise absenteeism: Wynen, Verhoest, Kleizen 2019, Governance 32(4):695-713 (direction). Costs of
reorganising: assumptions.

Refuted by. Staff that changes in the week in which its money does; or cases closed that rise by less than half, or more than twice, as
much as judges or mediators do where queues never run dry. Tried: the books and the lag within the model, held (test_budget). Not tried:
returns to staff against data, on which studies disagree.

Brings: staff and their work. Costs: money spent, leaked and left unspent, all counted exactly; staff without work; effort lost to
reorganising.
"""

from typing import Literal

import numpy as np

from sim.kernel import kernel
from sim.levers import INSTRUMENTS
from sim.maths import clip, power, unit
from sim.mechanisms.base import Mechanism
from sim.spec import ANCHOR, FORM, Option, Spec, choice, parameter

COUNT = len(INSTRUMENTS)
UNIT = 100  # money is counted in 1/100 of the currency
WEEKS_A_YEAR = 52


class Parameters(Spec):
    strength: float = parameter(1.0, "speed at which staff follows its money; 0 freezes it", unit="factor", low=0.0, high=1.0)
    waste: float = parameter(0.01, "share of spending lost to waste", unit="share", low=0.0, high=0.5)
    usual_loss: float = parameter(
        0.11,
        "leakage that the costs of staff already contain, since they come from real accounts",
        unit="share",
        low=0.0,
        high=0.5,
        prior=ANCHOR,
    )
    reform: float = parameter(1.2, "effort lost when all money is moved at once", unit="share", low=0.0, high=5.0)
    tolerated: float = parameter(0.05, "weekly change of money that causes little upheaval", unit="share", low=0.001, high=1.0)
    settling: float = parameter(13.0, "time constant of upheaval", unit="weeks", low=1.0, high=104.0)
    returns: Literal["proportional", "diminishing"] = choice(
        "proportional",
        "how the work of staff grows with their number",
        {
            "proportional": Option(
                "twice the staff does twice the work, where there is as much to do", "人员增加一倍，只要有事可做，工作量也增加一倍"
            ),
            "diminishing": Option(
                "twice the staff does 1.4 times the work: productivity rises under pressure and falls with colleagues",
                "人员增加一倍，工作量只增至1.4倍：压力大时效率高，人手多时效率低",
                {"exponent": 0.5},
            ),
        },
        source="judges: doi:10.1016/j.irle.2004.10.006 (none), doi:10.36745/ijca.361 (not diminishing)",
    )
    exponent: float = parameter(
        1.0, "factor on the exponents of work in staff that the city's table has", unit="factor", low=0.0, high=1.5, prior=FORM
    )


@kernel
def plan_budget(world, week, p):
    """Spend one week's budget in every district; staff moves towards what is funded, and does its work."""
    account = world.city[0]
    money = world.history_money[week]
    account.upheaval = _upheaval(world, week, account.upheaval, p)
    for d in range(len(world.districts)):
        district, lever = world.districts[d], world.policies[week, world.policy_of[d]]
        pot = _week_of(district.residents, lever.budget)
        leak = unit(p.waste + district.corruption)
        kept = (1.0 - leak) / (1.0 - p.usual_loss)
        given, lost = np.int64(0), np.int64(0)
        for j in range(COUNT):
            part = _week_of(district.residents, lever.money[j])
            given += part
            lost += np.int64(np.float64(part) * np.float64(leak))
            before = district.staff[j]
            staff = before + p.strength * (lever.staff[j] * kept - before) / account.weeks[j]
            district.staff[j] = staff
            work = _work(staff, account.observed[j], account.throughput[j], p.exponent * account.returns[j])
            district.work[j] = (1.0 - account.upheaval) * work
            district.used[j] = 1.0
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
def _week_of(residents, yearly):
    """Money of a week in 1/100 of the currency, from currency per resident and year."""
    return np.int64(np.float64(residents) * np.float64(yearly) * UNIT / WEEKS_A_YEAR)


@kernel
def _work(staff, observed, throughput, returns):
    """Units of work per resident and year of the staff per 10,000 residents."""
    work = throughput * staff / 10_000.0
    if (returns == 1.0) | (observed <= 0.0):
        return work
    return work * power(staff / observed, returns - 1.0) if staff > 0.0 else np.float32(0.0)


@kernel
def _upheaval(world, week, before, p):
    """Share of effort lost to reorganising: past upheaval decays, this week's changes add to it."""
    moved = np.float32(0.0)
    if week > 0:
        moved, people = _moved(world, week, 0), np.float32(0.0)
        for d in range(len(world.districts)):
            people += np.float32(world.districts[d].residents)
        for d in range(len(world.districts)):  # the mean over residents, which leaves it as it is where all districts have one policy
            if world.policy_of[d] > 0:
                share = np.float32(world.districts[d].residents) / people
                moved += share * (_moved(world, week, world.policy_of[d]) - _moved(world, week, 0))
    after = before * (1.0 - 1.0 / p.settling) + p.strength * p.reform * moved * moved / (moved + p.tolerated)
    return clip(after if after > 1e-6 else np.float32(0.0), np.float32(0.0), np.float32(0.6))


@kernel
def _moved(world, week, policy):
    """Sum of the changes of money of a policy in a week, as a share of its money."""
    lever, earlier = world.policies[week, policy], world.policies[week - 1, policy]
    moved, total = np.float32(0.0), np.float32(1e-6)
    for j in range(COUNT):
        step = lever.money[j] - earlier.money[j]
        moved += step if step > 0.0 else -step
        total += max(lever.money[j], earlier.money[j])
    return moved / total


@kernel
def close_budget(world, week, p):
    """Record the city's staff of the week, and how much of it had no work."""
    people = np.float64(0.0)
    for d in range(len(world.districts)):
        people += np.float64(world.districts[d].residents)
    for d in range(len(world.districts)):
        district = world.districts[d]
        share = np.float64(district.residents) / people
        for j in range(COUNT):
            staff = np.float64(district.staff[j]) * share
            world.history_staff[week, 0, j] += staff
            world.history_staff[week, 1, j] += staff * (1.0 - np.float64(district.used[j]))


MECHANISM = Mechanism(
    name="budget",
    names={"en": "Budget and staff", "zh": "预算与人员"},
    stage="plan",
    parameters=Parameters,
    reads=("levers.budget", "levers.money", "levers.staff", "districts.corruption", "districts.used"),
    writes=(
        "districts.staff districts.work districts.used districts.leakage city.allotted city.spent city.leaked city.unspent city.upheaval"
    ).split(),
    brings="staff of every instrument, and their work",
    costs="money, of which part leaks; staff without work; effort lost when money moves fast",
    null={"strength": 0.0},
    plan=plan_budget,
    close=close_budget,
)
