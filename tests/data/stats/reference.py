#!/usr/bin/env python3
"""Reference values for tests/unit/stats: python3 reference.py > reference.txt

Needs numpy, scipy and mpmath (made with 1.24, 1.10 and 1.2). A line is NAME | LIST | LIST … with the numbers of
each list separated by spaces: first what goes in, last what must come out.
"""
import math
import warnings

import mpmath
import numpy as np
from scipy import stats

warnings.simplefilter("ignore")
rng = np.random.default_rng(20240601)


def line(name, *lists):
    fields = [" ".join(repr(float(v)) for v in np.atleast_1d(part)) for part in lists]
    print(name, "|", " | ".join(fields))


def samples():
    """Hard sets: tiny, tied, constant, heavy-tailed, huge, minute, mixed in size."""
    yield np.array([7.0])
    yield np.array([3.0, 1.0])
    yield np.array([2.0, 2.0, 2.0, 2.0, 2.0])
    yield np.array([1.0, 1.0, 1.0, 2.0])
    yield np.array([0.0, -0.0, 1.0, -1.0, 5.0, 5.0])
    yield rng.standard_normal(21)
    yield rng.standard_cauchy(50)
    yield rng.integers(0, 4, 40).astype(float)
    yield rng.lognormal(0, 2, 33)
    yield rng.random(17) * 1e300
    yield rng.random(18) * 1e-300
    yield np.array([1e300, -1e300, 1.0, 1e-300, 0.0, 17.0, 3e299])
    yield np.concatenate([np.full(30, 10.0), [11.0]])
    yield np.sort(rng.standard_normal(200))
    yield np.sort(rng.standard_normal(200))[::-1]
    yield rng.pareto(0.5, 300)


def order():
    for x in samples():
        line("quantile", x, (p := [0, 0.05, 0.25, 0.5, 0.9, 0.95, 0.99, 1]), np.quantile(x, p))
        line("mad", x, [np.median(x), np.median(abs(x - np.median(x)))])
        line("summary", x, [x.min(), x.max(), math.fsum(x / len(x)),
                            *np.quantile(x, [0.5, 0.95, 0.99])])


def student_quantile(p, df):
    """SciPy's own is off by 2e-11 at one degree of freedom: polished with forty digits."""
    if p == 0.5:
        return 0.0
    with mpmath.workdps(40):
        tail = min(mpmath.mpf(p), 1 - mpmath.mpf(p))

        def rest(t):
            x = df / (df + t * t)
            upper = mpmath.betainc(mpmath.mpf(df) / 2, 0.5, 0, x, regularized=True) / 2
            return mpmath.log(upper / tail)

        t = mpmath.findroot(rest, abs(stats.t.ppf(p, df)))
        return float(-t if p < 0.5 else t)


def distributions():
    for z in (-37, -30, -12.5, -8, -5, -3, -1.96, -1, -1e-9, 0, 0.3, 1, 2.5, 5, 8, 20, 37):
        line("normal", z, [stats.norm.cdf(z), stats.norm.sf(z)])
    for p in (1e-300, 1e-100, 1e-20, 1e-9, 1e-5, 0.001, 0.024, 0.1, 0.3, 0.5, 0.6, 0.9, 0.99, 1 - 1e-9):
        line("normal_quantile", p, stats.norm.ppf(p))
    for df in (1, 2, 3, 4, 5, 9, 19, 19.5, 49, 100, 999, 1e5, 1e7):
        for t in (-40, -8, -3, -1, -0.01, 0, 1e-6, 0.5, 1, 2, 3.3, 7, 25, 1000):
            line("student", [t, df], [stats.t.cdf(t, df), stats.t.sf(t, df)])
        for p in (1e-12, 1e-6, 0.001, 0.025, 0.1, 0.4, 0.5, 0.75, 0.975, 0.9999):
            line("student_quantile", [p, df], student_quantile(p, df))
    for df in (4, 9, 19):
        for t in (-5, -1, 0, 0.5, 1, 2, 3, 5, 10, 50):
            line("student_score", [t, df], stats.norm.isf(stats.t.sf(t, df)))
    for a, b in ((0.5, 0.5), (1, 3), (2.5, 0.5), (10, 20), (500, 600), (1e4, 0.5)):
        for x in (1e-8, 0.01, 0.2, 0.45, 0.5, 0.9, 0.999):
            line("beta", [x, a, b], stats.beta.cdf(x, a, b))
    for n, p in ((1, 0.5), (6, 0.5), (20, 0.5), (20, 0.01), (101, 0.3), (5000, 0.5)):
        for k in sorted({0, 1, n // 4, n // 2 - 1, n // 2, n - 1, n}):
            line("binomial", [k, n, p], [stats.binom.pmf(k, n, p), stats.binom.cdf(k, n, p)])


def median_interval(x, level=0.95):
    """Hettmansperger & Sheather 1986, written from the paper with SciPy's binomial."""
    x, n = np.sort(x), len(x)

    def coverage(k):
        return 1 - 2 * stats.binom.cdf(k - 1, n, 0.5)

    k = max(k for k in range(1, n // 2 + 1) if coverage(k) >= level)
    low, high = x[k - 1], x[n - k]
    if k + 1 <= n - k:
        inner = 1 - 2 * stats.binom.cdf(k, n, 0.5)
        i = (coverage(k) - level) / (coverage(k) - inner)
        lam = (n - k) * i / (k + (n - 2 * k) * i)
        low = (1 - lam) * low + lam * x[k]
        high = (1 - lam) * high + lam * x[n - k - 1]
    return [low, high, coverage(k)]


def intervals():
    for n in (6, 7, 8, 9, 10, 11, 15, 20, 21, 50, 100, 1000):
        x = rng.standard_normal(n)
        line("interval", np.sort(x), median_interval(x))
    line("interval", np.full(8, 3.0), [3, 3, 1 - 2 / 2**8])
    tied = np.array([1, 1, 1, 2, 2, 2, 2, 9, 9, 9.0])
    line("interval", tied, median_interval(tied))


def mann_whitney(a, b, method):
    return [stats.mannwhitneyu(b, a, alternative="greater", method=method).statistic] + [
        stats.mannwhitneyu(b, a, alternative=side, method=method).pvalue
        for side in ("greater", "less", "two-sided")]


def ranks():
    for n, m in ((1, 1), (1, 5), (2, 2), (3, 3), (4, 4), (3, 9), (8, 20), (20, 5), (20, 20), (50, 50), (1, 700)):
        for shift in (0, 1.5):
            a, b = np.sort(rng.standard_normal(n)), np.sort(rng.standard_normal(m) + shift)
            line("rank", a, b, mann_whitney(a, b, "exact") + [1])
    low, high = np.arange(9.0), np.arange(9.0) + 100
    line("rank", low, high, mann_whitney(low, high, "exact") + [1])
    tied = [np.array([1, 1, 2, 3.0]), np.array([1, 2, 2, 4, 4.0]), np.full(5, 2.0)]
    for a in tied:
        for b in tied:
            if len(set(a) | set(b)) > 1:
                line("rank", a, b, mann_whitney(a, b, "asymptotic") + [0])
    for n, m in ((60, 60), (300, 20), (200, 300)):
        a, b = np.sort(rng.standard_cauchy(n)), np.sort(rng.standard_cauchy(m) + 0.3)
        line("rank", a, b, mann_whitney(a, b, "asymptotic") + [0])
    a, b = np.sort(rng.random(9) * 1e300), np.sort(rng.random(7) * 1e300 + 2e299)
    line("rank", a, b, mann_whitney(a, b, "exact") + [1])


def null_distribution(n, m):
    """Counts of U by Mann & Whitney's recursion in Python's exact integers."""
    memo = {}

    def count(i, j, u):
        if u < 0:
            return 0
        if i == 0 or j == 0:
            return int(u == 0)
        key = (i, j, u)
        if key not in memo:
            memo[key] = count(i - 1, j, u - j) + count(i, j - 1, u)
        return memo[key]

    return [count(n, m, u) for u in range(n * m + 1)]


def shift_interval(a, b, level=0.95):
    differences = np.sort(np.subtract.outer(b, a).ravel())
    n, m = len(a), len(b)
    pairs = n * m
    if pairs <= 2500:
        counts = null_distribution(n, m)
        total = sum(counts)
        k = 0
        while 2 * sum(counts[: k + 1]) <= (1 - level) * total:
            k += 1
    else:
        sigma = math.sqrt(pairs * (n + m + 1) / 12)
        k = math.floor(pairs / 2 + 0.5 + stats.norm.ppf((1 - level) / 2) * sigma)
    shift = np.median(differences)
    if k < 1:
        return [shift, 0]
    return [shift, 1, differences[k - 1], differences[pairs - k]]


def shifts():
    for n, m in ((1, 1), (2, 2), (3, 3), (4, 4), (3, 5), (2, 8), (5, 5), (8, 20), (15, 12), (60, 60), (100, 40)):
        a, b = np.sort(rng.lognormal(0, 1, n)), np.sort(rng.lognormal(0.5, 1, m))
        line("shift", a, b, shift_interval(a, b))
    a, b = np.full(6, 100.0), np.full(6, 125.0)
    line("shift", a, b, shift_interval(a, b))
    a, b = np.sort(rng.integers(0, 3, 12)), np.sort(rng.integers(0, 3, 11))
    line("shift", a, b, shift_interval(a, b))
    a, b = np.sort(rng.random(8) * 1e300), np.sort(rng.random(8) * 1e-300)
    line("shift", a, b, shift_interval(a, b))


def trend(y):
    """Mann–Kendall, Theil–Sen and Hamed & Rao written plainly, O(n²)."""
    n = len(y)
    s = sum(np.sign(y[i + 1:] - y[i]).sum() for i in range(n))
    _, ties = np.unique(y, return_counts=True)
    variance = (n * (n - 1) * (2 * n + 5) - (ties * (ties - 1) * (2 * ties + 5)).sum()) / 18
    slope = stats.theilslopes(y)[0]
    rest = y - slope * np.arange(n)
    # rounding splits ties that detrending should leave alone; the same happens in C
    ranks = stats.rankdata(rest) - (n + 1) / 2
    squares = (ranks**2).sum()
    widening = 1.0
    if squares > 0 and variance > 0:
        bound = stats.norm.ppf(0.975) / math.sqrt(n)
        rho = [(ranks[: n - k] * ranks[k:]).sum() / squares for k in range(n)]
        if abs(rho[1]) > bound:
            total = sum((n - k) * (n - k - 1) * (n - k - 2) * rho[k]
                        for k in range(1, min(int(10 * math.log10(n)), n - 3) + 1)
                        if abs(rho[k]) > bound)
            widening = max(1.0, 1 + 2 / (n * (n - 1) * (n - 2)) * total)
    z = (s - np.sign(s)) / math.sqrt(variance * widening) if variance > 0 else 0.0
    return [s, z, stats.norm.sf(z), widening, slope, np.median(rest)]


def ar1(n, rho):
    y = rng.standard_normal(n)
    for i in range(1, n):
        y[i] += rho * y[i - 1]
    return y


def trends():
    line("trend", np.full(12, 4.0), trend(np.full(12, 4.0)))
    line("trend", np.arange(10.0), trend(np.arange(10.0)))
    line("trend", [1, 2, 1], trend(np.array([1, 2, 1.0])))
    for n in (10, 11, 30, 101, 400):
        line("trend", (y := rng.standard_normal(n)), trend(y))
        line("trend", (y := rng.standard_normal(n) + 0.05 * np.arange(n)), trend(y))
        line("trend", (y := rng.integers(0, 5, n).astype(float)), trend(y))
        line("trend", (y := ar1(n, 0.6)), trend(y))
        line("trend", (y := rng.standard_cauchy(n) - 0.2 * np.arange(n)), trend(y))
    line("trend", (y := rng.random(30) * 1e300), trend(y))
    line("trend", (y := np.concatenate([np.zeros(40), np.ones(50)])), trend(y))


def adjust(p):
    p = np.asarray(p, float)
    order = np.argsort(p)
    n = len(p)
    scaled = p[order] * n / np.arange(1, n + 1)
    least = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1)
    out = np.empty(n)
    out[order] = least
    return out


def discoveries():
    for p in ([0.03], [0.01, 0.02, 0.03, 0.04, 0.05], [0.5, 0.5, 0.001, 1.0], rng.random(40),
              np.concatenate([rng.random(30), rng.random(10) * 0.002]), [0.0, 1e-300, 1.0]):
        line("discovery", p, adjust(p))


def mad_correction(n):
    """mad_factor.py's table, then Park, Kim & Wang's formula."""
    table = [1.19544, 1.48697, 1.36056, 1.21663, 1.18935, 1.13751, 1.12755, 1.10192, 1.0955, 1.08025,
             1.07646, 1.06603, 1.06364, 1.05636, 1.05466, 1.0492, 1.04778, 1.04341, 1.0425]
    return table[n - 2] if n <= 20 else 1 / (1 - 0.76213 / n - 0.86413 / n**2)


def baseline(x, resolution, warning, min_change):
    n, m = len(x), np.median(x)
    s = np.median(abs(x - m)) / stats.norm.ppf(0.75) * mad_correction(n)
    s = max(s, resolution / math.sqrt(12), 0.001 * abs(m))
    low, high = median_interval(x)[:2] if n >= 6 else (math.nan, math.nan)
    h = stats.t.ppf(0.975, n - 1) * 1.2533 * s / math.sqrt(n)
    change = warning / 100 * abs(m) or max(min_change, resolution)
    c = min(n, 20) / 20 * max(0, 1 - h / change) if h > 0 else min(n, 20) / 20
    return [m, s, low, high, c]


def baselines():
    for n in (5, 6, 10, 15, 20, 60):
        for cv in (0.01, 0.03, 0.1, 0.5):
            x = 100 * (1 + cv * rng.standard_normal(n))
            line("baseline", x, (r := [1e-6, 10, 0]), baseline(x, *r))
    for x in (np.full(20, 3000.0), np.zeros(20), np.array([1.0, 1, 1, 1, 2]), np.full(6, -5.0),
              rng.poisson(40, 20).astype(float), np.concatenate([np.full(15, 10.0), [13, 17, 9, 8, 30]])):
        for r in ([1, 10, 0], [0, 5, 2]):
            line("baseline", x, r, baseline(x, *r))


def scores():
    for n in (5, 10, 20, 100):
        for ratio in (-3, 0, 0.5, 1, 2, 3, 4.5, 8, 30):
            t = ratio / math.sqrt(1 + 1.571 / n)
            line("score", [n, ratio], [stats.norm.isf(stats.t.sf(t, n - 1)),
                                       stats.norm.isf(stats.t.sf(ratio, n - 1))])


order()
distributions()
intervals()
ranks()
shifts()
trends()
discoveries()
baselines()
scores()
