"""Attribution: the contribution of each mechanism to the weekly change of each outcome; contributions add up to the change.

A verdict follows its target with a time constant, and the target is a sum of terms. Each mechanism's terms, followed with the same time
constant, are therefore that mechanism's part of the verdict, and its contribution in a week is the change of this part. Offences and
protest are split where they arise (`sim.attribution`), the wait of cases by flows and capacities. An index ``middle / (middle + value)``
changes by ``- before * after / middle`` times the change of its value, which leaves no residual.

Four accounts are added to the mechanisms: ``start`` (the decaying initial state of the city), ``limits`` (verdicts limited to 0 or 1),
``chance`` (deviations from expected values) and ``remainder`` (rounding, and what no other account explains).
"""

import numpy as np

from sim.attribution.accounts import ACCOUNTS, GRANTED, NUMBER, START, VERDICTS
from sim.metrics.definitions.stability import calm, order, resolution
from sim.metrics.formulas import sums, years
from sim.metrics.goalposts import GOALPOSTS
from sim.metrics.record import QUARTER, YEAR, Record

CHANCE, REMAINDER = "chance", "remainder"
NAMES = (*ACCOUNTS, CHANCE, REMAINDER)
PARTS = ("order", "calm", "resolution")
QUANTITIES = ("satisfaction", *VERDICTS, "legitimacy", "stability", *PARTS)
COLUMNS = ("week", "quantity", "mechanism", "moved")
ROUNDING = 1e-15
"""Contributions below this are rounding errors."""
USUAL_ARRIVALS = {"mediation": 10.6, "office": 80.0, "court": 9.3}
"""Assumed arrivals before the first week, in cases per 1,000 residents and year (mediation and court: evidence; office: assumption).
They are the same for every scenario, so they cancel in comparisons of scenarios."""
_START, _CHANCE, _REMAINDER = NUMBER[START], NAMES.index(CHANCE), NAMES.index(REMAINDER)
_RESOLUTION = NUMBER["resolution"]


def attribution_columns(simulation) -> dict[str, np.ndarray] | None:
    """`COLUMNS` by name, see `sim.metrics.attribution`; None for a run without attribution."""
    if simulation.attribution is None:
        return None
    parts: dict[str, list[np.ndarray]] = {name: [] for name in COLUMNS}
    for quantity, values in moved(simulation).items():
        weeks, columns = values.shape[0], np.flatnonzero(np.abs(values).max(axis=0) > ROUNDING)
        parts["week"].append(np.repeat(np.arange(weeks), len(columns)))
        parts["quantity"].append(np.full(weeks * len(columns), quantity, object))
        parts["mechanism"].append(np.tile(np.array(NAMES, object)[columns], weeks))
        parts["moved"].append(values[:, columns].ravel())
    return {name: np.concatenate(part) for name, part in parts.items()}


def moved(simulation) -> dict[str, np.ndarray]:
    """Contributions by quantity, each of shape (weeks, len(`NAMES`))."""
    r, recorded, scenario = Record(simulation), simulation.attribution, simulation.scenario
    by_verdict = _verdicts(recorded, r, scenario)
    parts = {"order": _order(recorded, r), "calm": _calm(recorded, r), "resolution": _resolution(recorded, r)}
    weights = scenario.weights
    out = {
        "satisfaction": _weighted(by_verdict, weights.satisfaction.model_dump()),
        **by_verdict,
        "legitimacy": _legitimacy(recorded, r),
        "stability": _weighted(parts, weights.stability.model_dump()),
        **parts,
    }
    return {quantity: out[quantity] for quantity in QUANTITIES}


def _weighted(moves: dict[str, np.ndarray], weights: dict[str, float]) -> np.ndarray:
    return np.sum([weight * moves[name] for name, weight in weights.items()], axis=0) / sum(weights.values())


def _settled(values: np.ndarray, opened: float, parts: np.ndarray) -> np.ndarray:
    """Contributions by account, with the unexplained part of the change of `values` in the last column."""
    changes = np.diff(np.concatenate([[opened], values]))
    out = np.zeros((len(values), len(NAMES)))
    out[:, : parts.shape[1]] = parts
    out[:, _REMAINDER] = changes - out.sum(axis=1)
    return out


# --- verdicts ---


def _verdicts(recorded, r: Record, scenario) -> dict[str, np.ndarray]:
    """Contributions to the verdicts. Belonging is computed first, since happiness depends on it, account by account."""
    settings = scenario.mechanisms["satisfaction"]
    pace = settings.strength / settings.weeks if settings.enabled else 0.0
    terms = recorded.terms[: r.weeks + 1].copy()
    known: dict[str, np.ndarray] = {}
    for v, name in enumerate(VERDICTS):
        if name == "happiness":
            held = known["belonging"]
            terms[:, v] += settings.happy_belonging * np.vstack([held[:1], held[:-1]])
            terms[:, v] -= settings.happy_grievance * _grievance(recorded, r)
        known[name] = _followed(terms[:, v], float(settings.enabled) * recorded.at_once[: r.weeks + 1, v], pace, recorded.at_start[name])
    return {name: _settled(r.mean(name)[:, 0], recorded.at_start[name], np.diff(known[name], axis=0)) for name in VERDICTS}


def _followed(terms: np.ndarray, at_once: np.ndarray, pace: float, opened: float) -> np.ndarray:
    """Accounts of a verdict week by week: each follows its terms; the initial excess over them decays."""
    accounts = terms.copy()
    accounts[0, _START] += opened - terms[0].sum()
    for week in range(1, len(terms)):
        accounts[week] = accounts[week - 1] + pace * (terms[week] - accounts[week - 1]) + at_once[week]
    return accounts


def _grievance(recorded, r: Record) -> np.ndarray:
    """Stock of grievance by the account that added it; decay reduces all stocks in proportion. Shape (weeks + 1, accounts)."""
    level = np.concatenate([[recorded.at_start["grievance"]], r.mean("grievance")[:, 0]])
    stock = np.zeros((len(level), len(ACCOUNTS)))
    stock[0, _START] = level[0]
    for week in range(1, len(level)):
        filled = stock[week - 1] + recorded.inflow[week]
        total = filled.sum()
        stock[week] = filled * (level[week] / total) if total > 0.0 else 0.0
    return stock


def _legitimacy(recorded, r: Record) -> np.ndarray:
    moves = np.zeros((r.weeks, len(ACCOUNTS)))
    moves[:, [NUMBER[name] for name in GRANTED]] = np.diff(recorded.granted[: r.weeks + 1], axis=0)
    return _settled(r.mean("legitimacy")[:, 0], recorded.at_start["legitimacy"], moves)


# --- stability ---


def _order(recorded, r: Record) -> np.ndarray:
    """Contributions to order: expected offences by account, and chance."""
    usual = r.residents[0] * GOALPOSTS["order"].middle / YEAR
    expected = recorded.expected[: r.weeks + 1]
    by_account = np.zeros((r.weeks, len(NAMES)))
    by_account[:, : len(ACCOUNTS)] = np.cumsum(recorded.offences[1 : r.weeks + 1], axis=0)
    by_account[:, _START] += expected[0] - usual
    by_account[:, _CHANCE] = r["offences"][:, 0] - usual - by_account.sum(axis=1)
    return _moved("order", order(r)[:, 0], _beyond(by_account, QUARTER, r, "order"))


def _calm(recorded, r: Record) -> np.ndarray:
    """Contributions to calm: protesters by account."""
    by_account = np.cumsum(recorded.protest[1 : r.weeks + 1], axis=0)
    by_account[:, _START] -= r.residents[0] * GOALPOSTS["calm"].middle / YEAR
    return _moved("calm", calm(r)[:, 0], _beyond(by_account, YEAR, r, "calm"))


def _beyond(by_account: np.ndarray, window: int, r: Record, part: str) -> np.ndarray:
    """Changes of an estimated rate by account, where `by_account` is what each adds in a week beyond events at the middle of the scale.

    The estimate exceeds the middle by the events beyond it in the window, divided by the exposure and the weight of the prior.
    """
    exposure = GOALPOSTS[part].weight + years(r, window)[:, 0]
    return np.diff(sums(by_account, window) / exposure[:, None], axis=0, prepend=0.0)


def _moved(part: str, index: np.ndarray, added: np.ndarray, opened: float = 0.5) -> np.ndarray:
    """Contributions to the index of a part, where `added` splits the change of its value; before the first week it is one half."""
    before = np.concatenate([[opened], index[:-1]])
    return _settled(index, opened, -(index * before / GOALPOSTS[part].middle)[:, None] * added)


def log_mean(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Logarithmic mean of positive numbers, (a - b) / (log a - log b), or a where they are equal; 0 where one is 0."""
    a, b = np.broadcast_arrays(np.asarray(a, np.float64), np.asarray(b, np.float64))
    positive = (a > 0.0) & (b > 0.0)
    logs = np.log(np.where(positive, a, 1.0)) - np.log(np.where(positive, b, 1.0))
    close = np.abs(logs) < 1e-6
    mean = np.where(close, 0.5 * (a + b), (a - b) / np.where(close, 1.0, logs))
    return np.where(positive, mean, 0.0)


def _resolution(recorded, r: Record) -> np.ndarray:
    """Contributions to resolution: changes in the wait of each channel from arrivals, capacity and the remainder.

    Cases waiting = arrivals * wait (Little's law), with the wait proportional to arrivals / capacity and to a remainder. Half a case is
    added to arrivals, because a small city may have none in a quarter. What the prior adds is in the account of resolution.
    """
    weighed = GOALPOSTS["resolution"].weight + sums(r["formal_closed"], QUARTER)[:, 0]
    capacity = _smoothed(recorded.capacities[: r.weeks + 1])
    longer = np.zeros((r.weeks, len(ACCOUNTS)))
    index = resolution(r)[:, 0]
    value = GOALPOSTS["resolution"].middle * (1.0 / index - 1.0)
    for stage, (name, usual) in enumerate(USUAL_ARRIVALS.items()):
        usual = usual / 1000.0 / YEAR
        arrivals = np.append(usual * QUARTER * r.residents[0], r.recent(f"to_{name}", QUARTER, before=usual)[:, 0])
        wait = sums(r[f"open_{name}"], QUARTER)[:, 0] / weighed
        weight = log_mean(wait, np.append(wait[:1], wait[:-1]))
        longer -= weight[:, None] * np.diff(capacity[:, stage], axis=0)
        longer[:, NUMBER["disputes"]] += weight * np.diff(np.log(arrivals + 0.5))
    longer[:, _RESOLUTION] += _change(value) - longer.sum(axis=1)
    return _moved("resolution", index, longer, opened=float(index[0]))


def _change(values: np.ndarray) -> np.ndarray:
    """Changes from week to week, 0 in the first."""
    return np.diff(np.append(values[:1], values))


def _smoothed(rows: np.ndarray) -> np.ndarray:
    """Means over the last 13 rows; the first row is repeated before the start."""
    padded = np.concatenate([np.repeat(rows[:1], QUARTER - 1, axis=0), rows])
    total = np.cumsum(np.concatenate([np.zeros((1, *rows.shape[1:])), padded]), axis=0)
    return (total[QUARTER:] - total[:-QUARTER]) / QUARTER
