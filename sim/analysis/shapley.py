"""Exact Shapley shares of a difference, with interactions shown separately.

A game gives every coalition S of players a value v(S). Its Harsanyi dividends m(S) are what a coalition brings beyond all its parts
(Harsanyi 1963, doi:10.2307/2525487): v(S) is the sum of the dividends of all coalitions within S. Hence, exactly:

- the main effect of a player is m({i}), its effect alone;
- the interaction of a pair is m({i, j}), their joint effect beyond the sum of both alone;
- the remainder is the sum of the dividends of three or more;
- the Shapley share divides every dividend evenly among its members (Shapley 1953, doi:10.1515/9781400881970-018).

Main effects, interactions and remainder sum to the total difference, and so do the Shapley shares.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np


@dataclass(frozen=True)
class Shares:
    """Parts of a difference; the trailing axes are those of the values.

    Parameters
    ----------
    shapley : ndarray, shape (players, ...)
        Sums to `total`.
    main : ndarray, shape (players, ...)
        Each player alone.
    pairs : dict of (int, int) to ndarray
        Interaction of two players; above 0 where they reinforce each other.
    remainder : ndarray
        Interactions of three or more, all together.
    total : ndarray
        Value of all players together minus that of none.
    """

    shapley: np.ndarray
    main: np.ndarray
    pairs: dict[tuple[int, int], np.ndarray]
    remainder: np.ndarray
    total: np.ndarray


def dividends(values: np.ndarray) -> np.ndarray:
    """Harsanyi dividends of every coalition; shapes as `shares`."""
    found = np.array(values, float)
    for player in range(players_of(found)):
        with_player = np.flatnonzero(np.arange(len(found)) >> player & 1)
        found[with_player] -= found[with_player ^ (1 << player)]
    return found


def shares(values: np.ndarray) -> Shares:
    """Divide a difference among the players.

    Parameters
    ----------
    values : ndarray of float, shape (2 ** players, ...)
        Value of every coalition: player i is in coalition number S if bit i of S is set. Trailing axes are separate games, such as seeds
        and metrics.

    Raises
    ------
    ValueError
        If the length of the first axis is not a power of two.
    """
    values = np.asarray(values, float)
    players, brought = players_of(values), dividends(values)
    number = np.arange(len(values))
    size = sum(number >> player & 1 for player in range(players)) if players else np.zeros(1, int)
    part = brought / np.maximum(size, 1).reshape(-1, *[1] * (values.ndim - 1))
    of_player = [part[number >> player & 1 == 1].sum(axis=0) for player in range(players)]
    pairs = {(i, j): brought[1 << i | 1 << j] for i, j in combinations(range(players), 2)}
    main = np.array([brought[1 << player] for player in range(players)])
    return Shares(np.array(of_player), main, pairs, brought[size >= 3].sum(axis=0), values[-1] - values[0])


def players_of(values: np.ndarray) -> int:
    """Number of players of a game, from its coalition values."""
    players = len(values).bit_length() - 1
    if len(values) != 1 << players:
        raise ValueError(f"a game has 2 ** players values; got {len(values)}")
    return players
