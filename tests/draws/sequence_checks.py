"""Tests of one long sequence of 24-bit words that ought to be independent and uniform. Each gives a p-value.

After Knuth, The Art of Computer Programming 2 (3.3.2), Marsaglia's Diehard (1995) and L'Ecuyer, Simard 2007, doi:10.1145/1268776.1268777.
Two-sided throughout: draws that are too even fail too.
"""

import numpy as np
from scipy import special, stats

BITS = 24
WORDS = 1 << BITS
BINOMIAL = stats.binom(BITS, 0.5).pmf(np.arange(BITS + 1))
"""Chances of how many bits of a word are set."""


def chi_square(counts, expected) -> float:
    """Two-sided p-value of counts against what is expected of them, classes expected fewer than 20 times put together."""
    counts, expected = np.asarray(counts, np.float64).ravel(), np.asarray(expected, np.float64).ravel()
    if expected.sum() == 0:  # nothing to count where there should have been something
        return 0.0
    rare = expected < 20
    if rare.any():
        counts, expected = np.append(counts[~rare], counts[rare].sum()), np.append(expected[~rare], expected[rare].sum())
        if expected[-1] < 20:  # what is still rare joins the class before it
            counts, expected = np.append(counts[:-2], counts[-2:].sum()), np.append(expected[:-2], expected[-2:].sum())
    return chi_test(float(((counts - expected) ** 2 / expected).sum()), len(counts) - 1)


def chi_test(value: float, freedom: int) -> float:
    """Two-sided p-value of a sum of squares."""
    return float(min(1.0, 2.0 * min(special.chdtr(freedom, value), special.chdtrc(freedom, value))))


def normal_test(z: float) -> float:
    """Two-sided p-value of a standard normal number."""
    return float(2.0 * special.ndtr(-abs(z)))


def poisson_test(seen: int, mean: float) -> float:
    """Two-sided p-value of a count that ought to be Poisson."""
    return float(min(1.0, 2.0 * min(special.pdtr(seen, mean), special.pdtrc(seen - 1, mean) if seen else 1.0)))


def frequencies(words) -> float:
    """Are the leading 10 bits uniform?"""
    return chi_square(np.bincount(words >> 14, minlength=1 << 10), np.full(1 << 10, len(words) / (1 << 10)))


def low_bits(words) -> float:
    """Are the trailing 10 bits uniform?"""
    return chi_square(np.bincount(words & 1023, minlength=1 << 10), np.full(1 << 10, len(words) / (1 << 10)))


def distance_from_uniform(words) -> float:
    """Kolmogorov and Smirnov: how far is the distribution from the uniform one? (Too near is not tested: the law is one-sided.)"""
    return float(stats.kstest((words + 0.5) / WORDS, "uniform", mode="asymp").pvalue)


def _tuples(values, base: int, size: int) -> float:
    """Are `size` neighbours, each one of `base` values, any tuple equally often?"""
    whole = values[: len(values) // size * size].reshape(-1, size).astype(np.int64)
    cells = whole @ (base ** np.arange(size))
    return chi_square(np.bincount(cells, minlength=base**size), np.full(base**size, len(whole) / base**size))


def pairs(words) -> float:
    """Are neighbours independent, two by two, in their leading 5 bits?"""
    return _tuples(words >> 19, 32, 2)


def triples(words) -> float:
    """Are neighbours independent, three by three, in their leading 3 bits?"""
    return _tuples(words >> 21, 8, 3)


def low_pairs(words) -> float:
    """Are neighbours independent, two by two, in their trailing 5 bits?"""
    return _tuples(words & 31, 32, 2)


def low_octets(words) -> float:
    """Are the trailing bits of eight neighbours any octet equally often?"""
    return _tuples(words & 1, 2, 8)


def runs(words) -> float:
    """Are there as many runs up and down as there should be?"""
    rises = np.diff(words.astype(np.int64)) > 0
    seen, n = 1 + np.count_nonzero(rises[1:] != rises[:-1]), len(words)
    return normal_test((seen - (2 * n - 1) / 3) / np.sqrt((16 * n - 29) / 90))


def gaps(words) -> float:
    """Are the waiting times for a rare event (1 in 16) geometric?"""
    waits = np.diff(np.flatnonzero(words < WORDS // 16)) - 1
    most = 64
    expected = np.append((1 / 16) * (15 / 16) ** np.arange(most), (15 / 16) ** most) * len(waits)
    return chi_square(np.bincount(np.minimum(waits, most), minlength=most + 1), expected)


def birthday_spacings(words) -> float:
    """Do as many distances between neighbours among 2**16 birthdays in a year of 2**48 days occur twice as should?"""
    return _spacings((words[::2][: len(words) // 2].astype(np.int64) << BITS) | words[1::2][: len(words) // 2], 1 << 16, 48)


def small_spacings(words) -> float:
    """The same of 2**8 birthdays in a year of 2**24 days, for what shows in single words only."""
    return _spacings(words.astype(np.int64), 1 << 8, BITS)


def _spacings(days, many: int, bits: int) -> float:
    born = np.sort(days[: len(days) // many * many].reshape(-1, many), axis=1)
    spaced = np.sort(np.diff(born, axis=1), axis=1)
    return poisson_test(int((np.diff(spaced, axis=1) == 0).sum()), len(born) * many * (many - 1) * (many - 2) / 2.0 ** (bits + 2))


def collisions(words) -> float:
    """Do as many of 2**14 words fall on one that was there before as should?"""
    many = 1 << 14
    thrown = np.sort(words[: len(words) // many * many].reshape(-1, many), axis=1)
    mean = many - WORDS * -np.expm1(many * np.log1p(-1.0 / WORDS))
    return poisson_test(int((np.diff(thrown, axis=1) == 0).sum()), len(thrown) * mean)


def autocorrelation(words) -> float:
    """Is the sequence uncorrelated with itself at 40 lags?"""
    x = (words + 0.5) / WORDS - 0.5
    lags = [*range(1, 33), 48, 52, 60, 64, 104, 128, 256, 512]
    power = np.abs(np.fft.rfft(x, 2 * len(x))) ** 2  # padded with as many zeros, so that nothing wraps around
    r = 12.0 * np.fft.irfft(power)[lags] / np.sqrt(len(x) - np.array(lags))
    return chi_test(float((r * r).sum()), len(lags))


def spectrum(words) -> float:
    """Does any frequency stand out? The largest of the powers, each of them exponential."""
    x = (words[: 1 << 17] + 0.5) / WORDS - 0.5
    power = 12.0 / len(x) * np.abs(np.fft.rfft(x)[1:-1]) ** 2
    return float(-np.expm1(len(power) * np.log1p(-np.exp(-power.max()))))


def evenness_of_the_spectrum(words) -> float:
    """Are the powers of all frequencies exponential?"""
    x = (words[: 1 << 17] + 0.5) / WORDS - 0.5
    power = 12.0 / len(x) * np.abs(np.fft.rfft(x)[1:-1]) ** 2
    return chi_square(np.bincount(np.minimum(-np.expm1(-power) * 256, 255).astype(np.int64), minlength=256), np.full(256, len(power) / 256))


def fair_bits(words) -> float:
    """Is each of the 24 bits one half of the time?"""
    z = (2.0 * bits_of(words).sum(axis=1, dtype=np.int64) - len(words)) / np.sqrt(len(words))
    return chi_test(float((z * z).sum()), BITS)


def unrelated_bits(words) -> float:
    """Is no bit related to another of the same word?"""
    signs = (1 - 2 * bits_of(words)).astype(np.float32)
    z = (signs @ signs.T)[np.triu_indices(BITS, 1)].astype(np.float64) / np.sqrt(len(words))
    return chi_test(float((z * z).sum()), len(z))


def bits_of_neighbours(words) -> float:
    """Is no bit related to any bit of the next word?"""
    signs = (1 - 2 * bits_of(words)).astype(np.float32)
    z = (signs[:, 1:] @ signs[:, :-1].T).astype(np.float64) / np.sqrt(len(words) - 1)
    return chi_test(float((z * z).sum()), z.size)


def bits_of(words) -> np.ndarray:
    """Bits of every word, shape (24, words), 0 or 1."""
    return ((words[None, :] >> np.arange(BITS, dtype=np.uint32)[:, None]) & np.uint32(1)).astype(np.int8)


def weight(words) -> np.ndarray:
    """How many bits of each word are set."""
    return np.bitwise_count(words.astype(np.uint32)).astype(np.int64)


def weights(words) -> float:
    """Are the weights (bits set) binomial?"""
    return chi_square(np.bincount(weight(words), minlength=BITS + 1), BINOMIAL * len(words))


def weights_of_neighbours(words) -> float:
    """Are light, middling and heavy words independent of their neighbours?"""
    kind = np.digitize(weight(words), [10, 12, 13, 15])
    share = np.add.reduceat(BINOMIAL, [0, 10, 12, 13, 15])
    half = len(kind) // 2
    seen = np.bincount(kind[: 2 * half : 2] * 5 + kind[1 : 2 * half : 2], minlength=25)
    return chi_square(seen, np.outer(share, share) * half)


def matrix_ranks(words) -> float:
    """Do 24 neighbours, as a matrix of bits, have full rank as often as they should?"""
    return _ranks(words[: len(words) // BITS * BITS].reshape(-1, BITS))


def low_matrix_ranks(words) -> float:
    """The same of matrices made of the trailing bit of 576 neighbours."""
    bits = (words[: len(words) // BITS**2 * BITS**2] & 1).reshape(-1, BITS, BITS).astype(np.int64)
    return _ranks(bits @ (1 << np.arange(BITS)))


def _ranks(rows) -> float:
    """Chi-square of the ranks 24, 23 and less of matrices over two elements, a row per number."""
    rows, many = rows.astype(np.int64).copy(), len(rows)
    rank, everyone = np.zeros(many, np.int64), np.arange(many)
    for bit in range(BITS):
        has = ((rows >> bit) & 1).astype(bool) & (np.arange(BITS) >= rank[:, None])
        found, pivot = has.any(axis=1), has.argmax(axis=1)
        top = np.minimum(rank, BITS - 1)
        chosen, moved = rows[everyone, pivot], rows[everyone, top]
        rows[everyone[found], pivot[found]] = moved[found]
        rows[everyone[found], top[found]] = chosen[found]
        below = (np.arange(BITS) > top[:, None]) & (((rows >> bit) & 1) == 1) & found[:, None]
        rows ^= np.where(below, chosen[:, None], 0)
        rank += found
    expected = np.array([_chance_of_rank(BITS), _chance_of_rank(BITS - 1), 0.0])
    expected[2] = 1.0 - expected.sum()
    seen = np.bincount(np.minimum(BITS - rank, 2), minlength=3)
    return chi_square(seen, expected * many)


def _chance_of_rank(r: int) -> float:
    """Chance of rank `r` of a random square matrix of bits."""
    i = np.arange(r)
    return float(2.0 ** (r * (2 * BITS - r) - BITS**2) * np.prod((1 - 2.0 ** (i - BITS)) ** 2 / (1 - 2.0 ** (i - r))))


SEQUENCE_CHECKS = (
    frequencies,
    low_bits,
    distance_from_uniform,
    pairs,
    triples,
    low_pairs,
    low_octets,
    runs,
    gaps,
    birthday_spacings,
    small_spacings,
    collisions,
    autocorrelation,
    spectrum,
    evenness_of_the_spectrum,
    fair_bits,
    unrelated_bits,
    bits_of_neighbours,
    weights,
    weights_of_neighbours,
    matrix_ranks,
    low_matrix_ranks,
)
"""Every test of a sequence."""
