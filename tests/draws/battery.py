"""A battery of tests of random numbers with one false-alarm rate for all of them together.

What is tested is what the model does: it draws for many entities, week after week, in many streams, several times, under several seeds.
So the words of a source are laid out as sequences along each of these directions, and every test of `sequence_checks` looks at each;
then come tests of addresses: whether one bit of an address flips half of the bits of the word, and whether two addresses share their words;
and of tails, by which rare events are drawn, in more words: whether they are as full as they ought to be, alone and two by two.

The battery raises an alarm when its smallest p-value is below the rate divided by the number of tests (Bonferroni; Holm's first step).
So a sound source raises one with at most that chance, whatever the tests have in common.

What it cannot tell: the finaliser of splitmix64 stopped after its first multiplication passes, too, even in the long sequences. Such a
weakness shows in billions of words, which is what TestU01 is for; what the model draws was not tried there.
"""

from collections import Counter
from collections.abc import Callable
from itertools import product
from typing import NamedTuple

import numpy as np
from sequence_checks import BINOMIAL, BITS, SEQUENCE_CHECKS, bits_of, chi_square, chi_test, poisson_test, weight
from streams import streams_in_use

ALARM = 1e-4
"""Chance that the whole battery rejects a sound source."""
ENTITY_BITS = 25
TOP = np.uint32(2**BITS - 1)
SHORT, LONG = 1 << 16, 1 << 21
"""Words in a sequence."""
TAIL_WORDS, PIECE = 64, 1 << 20
"""Words whose tails are looked at, for every word of a sequence; and how many of them at a time."""
TAILS, TAILS_OF_TWO = (12, 14, 16, 18, 20), (6, 8, 10)
"""Tails that hold one word in 2 to the power of these; of two words, each."""


class Place(NamedTuple):
    """Where a battery begins: the coordinates that stand still while one moves."""

    seed: int = 1
    stream: int = 0
    week: int = 3
    draw: int = 0


class Battery:
    """The tests of one source.

    Parameters
    ----------
    row : callable
        See `generators`.
    words : int
        Length of a sequence, a power of two from 2**16.
    seed : int
        Where it begins.

    Attributes
    ----------
    p : dict of str to float
        p-value of every test by name, after `run`.
    """

    def __init__(self, row: Callable[..., np.ndarray], words: int = SHORT, seed: int = 1):
        self.row, self.words = row, words
        self.p: dict[str, float] = {}
        self.streams = streams_in_use()
        self.here = Place(seed=seed, stream=next(iter(self.streams.values())))

    def run(self) -> "Battery":
        """Run every test."""
        for name, sequence in self.sequences():
            for check in SEQUENCE_CHECKS:
                self.p[f"{name}: {check.__name__}"] = check(sequence)
        for name, bits in (("seed", 62), ("stream", 64), ("week", 13), ("draw", 6)):
            self._avalanche(name, bits)
        self._avalanche_of_entities()
        self._addresses()
        self._tails()
        return self

    @property
    def line(self) -> float:
        """The p-value below which a single test raises the alarm."""
        return ALARM / len(self.p)

    @property
    def alarms(self) -> dict[str, float]:
        """The tests that raise the alarm."""
        return {name: p for name, p in self.p.items() if not p >= self.line}

    def _at(self, first: int = 0, many: int | None = None, **moved) -> np.ndarray:
        """Words of entities at the battery's place, with some coordinates moved."""
        return self.row(*self.here._replace(**moved), first, self.words if many is None else many)

    # --- sequences ---

    def sequences(self):
        """Names and words of sequences along every direction: the coordinate named moves fastest."""
        yield "entities", self._at()
        yield "entities far on", self._at(first=24_870_000)
        weeks, seeds = self._grid("week", range(512)), self._grid("seed", range(self.here.seed, self.here.seed + 512))
        draws, streams = self._grid("draw", range(64)), self._grid("stream", self.streams.values())
        yield "weeks against entities", np.stack([np.roll(row, -r) for r, row in enumerate(weeks)]).T.ravel()
        yield "changes from week to week", ((weeks[1:] - weeks[:-1]) & np.uint32(2**BITS - 1)).ravel()
        for name, grid in (("weeks", weeks), ("seeds", seeds), ("draws", draws), ("streams", streams)):
            self._between(name, grid)
            yield name, grid.T.ravel()

    def _grid(self, name: str, values) -> np.ndarray:
        """A row of entities for every value of one coordinate, as many words in all as a sequence has."""
        values = list(values)
        return np.stack([self._at(many=self.words // len(values), **{name: value}) for value in values])

    # --- addresses ---

    def _avalanche(self, name: str, bits: int) -> None:
        """One of the lower `bits` of a coordinate flipped."""
        many, usual = self.words // 32, self._at(many=self.words // 32)
        here = getattr(self.here, name)
        self._flipped(name, [usual ^ self._at(many=many, **{name: here ^ (1 << bit)}) for bit in range(bits)])

    def _avalanche_of_entities(self) -> None:
        """One bit of the entity flipped; of two residents who differ by it one is taken, since the other flips the same."""
        many, usual = self.words // 32, self._at(many=self.words // 32)
        inside, numbers = many.bit_length() - 1, np.arange(many)
        near = [(usual ^ usual[numbers ^ (1 << bit)])[(numbers >> bit) & 1 == 0] for bit in range(inside)]
        far = [usual ^ self._at(first=1 << bit, many=many) for bit in range(inside, ENTITY_BITS)]
        self._flipped("entity", near + far)

    def _flipped(self, name: str, flips: list[np.ndarray]) -> None:
        """Every bit of the word ought to flip half of the time, whatever the others do."""
        z = np.array([(2.0 * bits_of(flip).sum(axis=1, dtype=np.int64) - len(flip)) / np.sqrt(len(flip)) for flip in flips])
        self.p[f"flipped bits of {name}: each output bit"] = chi_test(float((z * z).sum()), z.size)
        seen = sum(np.bincount(weight(flip), minlength=BITS + 1) for flip in flips)
        self.p[f"flipped bits of {name}: how many at once"] = chi_square(seen, BINOMIAL * seen.sum())

    def _between(self, name: str, rows: np.ndarray) -> None:
        """No two rows ought to be correlated, entity by entity."""
        r = np.corrcoef(rows.astype(np.float64))[np.triu_indices(len(rows), 1)]
        self.p[f"correlation between {name}"] = chi_test(float((r * r).sum() * (rows.shape[1] - 1)), len(r))

    def _tails(self) -> None:
        """As many words as ought to be are very low or very high; and both words of a pair are, or the one low and the other high.

        The chances are 1 in 4,096 and less, so that a binomial count is a Poisson one.
        """
        here = self.here
        moved = {
            "draw": here._replace(draw=here.draw + 1),
            "week": here._replace(week=here.week + 1),
            "seed": here._replace(seed=here.seed + 1),
            "stream": here._replace(stream=list(self.streams.values())[1]),
        }
        many = TAIL_WORDS * self.words
        seen: Counter[str] = Counter()
        for first in range(0, many, PIECE):
            usual = self.row(*here, first, PIECE)
            seen += _in_tails("entities", usual) + _both_in_tails("the next entity", usual[:-1], usual[1:])
            for name, place in moved.items():
                other = self.row(*place, first, PIECE)
                seen += _in_tails(f"the next {name}", other) + _both_in_tails(f"the next {name}", usual, other)
                seen += _both_in_tails(f"the next {name}, the entity before", usual[1:], other[:-1])
        for source in ("entities", *(f"the next {name}" for name in moved)):
            for end, power in product(("lowest", "highest"), TAILS):
                name = f"tail of {source}: {end} 2**-{power}"
                self.p[name] = poisson_test(seen[name], many / 2.0**power)
        steps = ["the next entity", *(f"the next {name}{also}" for name in moved for also in ("", ", the entity before"))]
        for step, end, power in product(steps, ("low", "high"), TAILS_OF_TWO):
            name = f"tails of an entity and {step}: low and {end}, 2**-{power} each"
            pairs = many if step.endswith(tuple(moved)) else many - many // PIECE
            self.p[name] = poisson_test(seen[name], pairs / 2.0 ** (2 * power))

    def _addresses(self) -> None:
        """No two addresses ought to share the words of two neighbours: 48 bits of seed, stream, week, draw and entity."""
        shared = []
        for seed, stream, week, draw in product(range(self.here.seed, self.here.seed + 8), self.streams.values(), range(16), range(8)):
            shared.append(self.row(seed, stream, week, draw, 0, 12))
        words = np.array(shared).astype(np.int64)
        marks = np.sort(((words[:, :-1] << BITS) | words[:, 1:]).ravel())
        again = int((np.diff(marks) == 0).sum())
        self.p["addresses that share their words"] = poisson_test(again, len(marks) ** 2 / 2.0 ** (2 * BITS + 1))


def _in_tails(source: str, words: np.ndarray) -> Counter[str]:
    """How many words are in each tail."""
    ends = {"lowest": words[words < 1 << (BITS - TAILS[0])], "highest": TOP - words[words > TOP - (1 << (BITS - TAILS[0]))]}
    return Counter(
        {f"tail of {source}: {end} 2**-{k}": np.count_nonzero(far < 1 << (BITS - k)) for end, far in ends.items() for k in TAILS}
    )


def _both_in_tails(step: str, words: np.ndarray, others: np.ndarray) -> Counter[str]:
    """How many pairs have a low word and a low or a high one."""
    low = words < 1 << (BITS - TAILS_OF_TWO[0])
    words, others = words[low], others[low]
    return Counter(
        {
            f"tails of an entity and {step}: low and {end}, 2**-{k} each": np.count_nonzero(
                (words < 1 << (BITS - k)) & (other < 1 << (BITS - k))
            )
            for end, other in (("low", others), ("high", TOP - others))
            for k in TAILS_OF_TWO
        }
    )
