"""How rare something is by chance: natural logarithms of exact tails, since what is looked for is very rare."""

import math
from collections.abc import Callable

_ENOUGH = 1e-12
_MOST_TERMS = 10_000


def gamma_poisson_tail(count: int, shape: float, odds: float) -> float:
    """ln P(X >= count) of a Poisson number whose rate is known from `shape` events seen before, where as many as
    `odds` for each of them are due now: a negative binomial. With a large shape it is the plain Poisson tail."""
    if count <= 0:
        return 0.0
    rate = odds / (1 + odds)
    first = (
        math.lgamma(count + shape)
        - math.lgamma(count + 1)
        - math.lgamma(shape)
        - shape * math.log1p(odds)
        + count * math.log(rate)
    )
    return min(0.0, first + _sum_of_ratios(lambda k: rate * (k + shape) / (k + 1), count))


def binomial_tail(hits: int, of: int, rate: float) -> float:
    """ln P(X >= hits) of so many tries that each hit with this probability."""
    if hits <= 0:
        return 0.0
    first = (
        math.lgamma(of + 1)
        - math.lgamma(hits + 1)
        - math.lgamma(of - hits + 1)
        + hits * math.log(rate)
        + (of - hits) * math.log1p(-rate)
    )
    odds = rate / (1 - rate)
    return min(0.0, first + _sum_of_ratios(lambda k: odds * (of - k) / (k + 1), hits))


def regular_tail(gaps: int, spread: float) -> float:
    """ln of a bound on the chance that so many gaps between random arrivals are as even as this: their standard
    deviation is `spread` times their mean.

    Gaps between random arrivals are a random point of a simplex, and even ones lie in a ball about its centre: the
    bound is the ball's volume as a part of the simplex's, exact while the ball lies inside.
    """
    if spread <= 0.0:
        return -math.inf
    dimensions = gaps - 1
    ball = (
        dimensions / 2 * math.log(math.pi)
        - math.lgamma(dimensions / 2 + 1)
        + dimensions * math.log(spread / math.sqrt(gaps))
    )
    simplex = math.log(gaps) / 2 - math.lgamma(gaps)
    return min(0.0, ball - simplex)


def _sum_of_ratios(ratio: Callable[[int], float], start: int) -> float:
    """ln(1 + r(start) + r(start) r(start + 1) + …)."""
    term = total = 1.0
    for k in range(start, start + _MOST_TERMS):
        term *= ratio(k)
        total += term
        if term < total * _ENOUGH:
            break
    return math.log(total)
