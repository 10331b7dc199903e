"""Writes vectors.json: known answers for the crate in stats/.

    python3 -m venv /tmp/v && /tmp/v/bin/pip install numpy scipy statsmodels && /tmp/v/bin/python make_vectors.py

Where scipy or statsmodels has the method, they answer. Where they have not (patient-adjusted proportions, MOVER,
MOVER-R, Newcombe 10, Tango, rank-biased overlap, sample size on the saw), the answer comes from an implementation here
that starts from the definition and shares no closed form with the Rust code: likelihoods are maximised, limits are
found as roots, sums are summed. The same holds for max-T, the exact signed-rank test with ties, and the expected order
of equally confident answers in the risk-coverage curve, which is averaged over random orders exactly (all permutations
of small groups) rather than by a formula.
"""

import itertools
import json
import math
import pathlib
import platform
import types

import numpy as np
import scipy
import statsmodels
import statsmodels.api as sm
from scipy import stats
from scipy.optimize import brentq, isotonic_regression
from scipy.spatial.distance import jensenshannon
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.inter_rater import cohens_kappa
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

VECTORS = []
TAIL = 0.025


def add(function, expected, **inputs):
    VECTORS.append({"function": function, **inputs, "expected": [float(value) for value in expected]})


def special_functions():
    for p in (0.025, 0.5, 0.975):
        for a, b in ((1, 24), (0.5, 19.5), (3.5, 110.25), (14.2, 226.1), (250, 40), (5000.5, 12000)):
            add("beta_quantile", [stats.beta.ppf(p, a, b)], args=[p, a, b])
    add("beta_quantile", [stats.beta.ppf(0.001, 0.25, 80)], args=[0.001, 0.25, 80])
    add("beta_quantile", [stats.beta.ppf(0.9, 0.5, 0.5)], args=[0.9, 0.5, 0.5])
    for x in (0.01, 0.1, 0.35):
        for a, b in ((1, 40), (6.3, 230.7), (15, 226), (0.4, 2), (900.5, 3000)):
            add("beta_tails", [stats.beta.cdf(x, a, b), stats.beta.sf(x, a, b)], args=[x, a, b])
    for p in (0.6, 0.975, 0.995):
        for freedom in (1, 2, 19, 39, 119, 719):
            add("t_quantile", [stats.t.ppf(p, freedom)], args=[p, freedom])
    for p in (0.025, 0.5001, 0.9, 0.975, 0.999999):
        add("normal_quantile", [stats.norm.ppf(p)], args=[p])
    for k, n, p in ((0, 24, 0.1), (1, 120, 0.05), (5, 120, 0.1), (14, 240, 0.1), (33, 240, 0.1), (20, 20, 0.9),
                    (10, 20, 0.5), (100, 1000, 0.08), (0, 183, 0.02), (700, 6500, 0.11)):
        add("binomial", [stats.binom.cdf(k, n, p), stats.binom.sf(k - 1, n, p), stats.binom.pmf(k, n, p)],
            args=[k, n, p])


def clopper_pearson(x, n, tail=TAIL):
    lower = 0.0 if x <= 0 else stats.beta.ppf(tail, x, n - x + 1)
    upper = 1.0 if x >= n else stats.beta.isf(tail, x + 1, n - x)
    return lower, upper


def single_proportions():
    for x, n in ((0, 24), (1, 24), (5, 120), (14, 240), (34, 240), (240, 240), (239, 240), (3, 7), (650, 6500)):
        add("clopper_pearson", proportion_confint(x, n, alpha=0.05, method="beta"), args=[x, n, TAIL])
        add("wilson", proportion_confint(x, n, alpha=0.05, method="wilson"), args=[x, n, TAIL])
    for x, n in ((0.4, 12.25), (3.75, 77.1), (38.2, 38.9), (0.01, 5), (120.5, 800.25)):
        add("clopper_pearson", clopper_pearson(x, n), args=[x, n, TAIL])
    add("wilson", proportion_confint(9, 80, alpha=0.1, method="wilson"), args=[9, 80, 0.05])


def paired_tests():
    for b, c in ((64, 62), (82, 45), (10, 2), (5, 0), (6, 0), (7, 7), (1, 1), (0, 1), (3, 9), (250, 300), (40, 12),
                 (900, 1000)):
        exact = mcnemar([[0, b], [c, 0]], exact=True).pvalue
        fewer, n = min(b, c), b + c
        point = math.comb(n, fewer) / 2**n
        below = sum(math.comb(n, k) for k in range(fewer)) / 2**n
        mid = 1 - point / 2 if b == c else 2 * (below + point / 2)
        add("mcnemar", [exact, mid], args=[b, c])


def corrections():
    rng = np.random.default_rng(11)
    lists = [[0.01, 0.04, 0.03, 0.005], [0.5], [0.02, 0.02, 0.9, 0.001, 0.6], list(rng.random(20) ** 3),
             [1.0, 0.0, 0.3]]
    for raw in lists:
        raw = [float(p) for p in raw]
        add("holm", multipletests(raw, method="holm")[1], args=raw)
        add("benjamini_hochberg", multipletests(raw, method="fdr_bh")[1], args=raw)


def kappas():
    rng = np.random.default_rng(12)
    for size, scale, spread in ((12, 3, 1), (40, 4, 1), (100, 4, 2), (240, 5, 1), (30, 2, 1), (500, 4, 3)):
        control = rng.integers(0, scale, size)
        treated = np.clip(control + rng.integers(-spread, spread + 1, size), 0, scale - 1)
        counts = np.zeros((scale, scale))
        for i, j in zip(control, treated):
            counts[i, j] += 1
        kappa = cohens_kappa(counts, wt="fc", return_results=False)
        add("weighted_kappa", [kappa], pairs=[[int(i), int(j)] for i, j in zip(control, treated)])


def jackknifed_agreements():
    """Kappa by statsmodels, of everybody and of everybody but each patient; Student's t on Fisher's z."""
    rng = np.random.default_rng(23)
    for patients, each, moves, level in ((40, 1, 0.4, 0.95), (45, 3, 0.2, 0.95), (60, 2, 0.1, 0.9), (120, 1, 0.15, 0.95),
                                         (80, 3, 0.6, 0.8), (40, 1, 0.0, 0.95), (39, 1, 0.5, 0.95)):
        rows = []
        for patient in range(patients):
            for _ in range(1 + patient % each):
                one = int(rng.integers(0, 4))
                rows.append([patient, one, int(np.clip(one + rng.choice([-1, 1, 2]), 0, 3)) if rng.random() < moves else one])

        def kappa(left_out=None):
            counts = np.zeros((4, 4))
            for patient, one, other in rows:
                counts[one, other] += patient != left_out
            return cohens_kappa(counts, wt="fc", return_results=False)

        point = kappa()
        if moves == 0 or patients < 40:
            add("agreement", [point], triples=rows, args=[level])
            continue
        without = np.arctanh([kappa(patient) for patient in range(patients)])
        error = math.sqrt((patients - 1) * without.var())
        half = stats.t.ppf((1 + level) / 2, patients - 1) * error
        add("agreement", [point, math.tanh(math.atanh(point) - half), math.tanh(math.atanh(point) + half)],
            triples=rows, args=[level])


def cluster_products(patients, one, other):
    """G/(G-1) * sum over patients of the product of their summed residuals, over n squared."""
    total, names = 0.0, sorted(set(patients))
    for name in names:
        inside = [i for i, patient in enumerate(patients) if patient == name]
        total += sum(one[i] - np.mean(one) for i in inside) * sum(other[i] - np.mean(other) for i in inside)
    return len(names) / (len(names) - 1) * total / len(one) ** 2


def adjusted(patients, values, tail=TAIL):
    """The patient-adjusted proportion: rate, lower, upper, n*, x*."""
    n, groups, p = len(values), len(set(patients)), float(np.mean(values))
    none = clopper_pearson(0, groups, tail)
    only = clopper_pearson(groups, groups, tail)
    if p == 0:
        return 0.0, *none, groups, 0.0
    if p == 1:
        return 1.0, *only, groups, groups
    if groups == 1:
        size = 1.0
    else:
        effect = cluster_products(patients, values, values) / (p * (1 - p) / (n - 1))
        t = stats.t.ppf(1 - tail, n - 1) / stats.t.ppf(1 - tail, groups - 1)
        size = n if effect < 1e-20 else min(n, n / effect * t**2)
    lower, upper = clopper_pearson(size * p, size, tail)
    return p, min(lower, only[0]), max(upper, none[1]), size, size * p


def clustered_events(rng, patients, each, rate, shared=0.55):
    names, values = [], []
    for patient in range(patients):
        own = rng.random() < rate
        for _ in range(each):
            names.append(patient)
            values.append(float(own if rng.random() < shared else rng.random() < rate))
    return names, values


def observations(patients, values):
    return [[int(patient), float(value)] for patient, value in zip(patients, values)]


def proportions():
    rng = np.random.default_rng(13)
    samples = [clustered_events(rng, patients, each, rate)
               for patients, each, rate in ((40, 3, 0.1), (24, 3, 0.1), (100, 3, 0.05), (60, 2, 0.4), (30, 4, 0.9),
                                            (240, 1, 0.06), (20, 1, 0.3))]
    samples.append(([i // 3 for i in range(72)], [0.0] * 72))
    samples.append(([i // 3 for i in range(72)], [1.0] * 72))
    samples.append(([i // 3 for i in range(120)], [1.0] + [0.0] * 119))
    samples.append(([i // 3 for i in range(120)], [1.0, 1.0, 1.0] + [0.0] * 117))
    samples.append(([0] * 5, [1.0, 0.0, 0.0, 0.0, 1.0]))
    uneven = [patient for patient in range(35) for _ in range(1 + patient % 4)]
    samples.append((uneven, [float(value) for value in rng.integers(0, 7, len(uneven)) / 6]))
    samples.append((uneven, [float(value) for value in rng.random(len(uneven)) ** 4]))
    samples.append(([i // 2 for i in range(60)], [float(i % 2) for i in range(60)]))
    for patients, values in samples:
        add("proportion", adjusted(patients, values), observations=observations(patients, values), args=[0.95])
    for patients, values in samples[:9]:
        for bound in (0.1,):
            add("claim_p", claim_p(patients, values, bound), observations=observations(patients, values),
                args=[0.95, bound])
    patients, values = samples[0]
    add("proportion", adjusted(patients, values, 0.05), observations=observations(patients, values), args=[0.90])


def claim_p(patients, values, bound):
    """At-most and at-least p of a claim, never below that of no contrary event in as many patients."""
    groups = len(set(patients))
    _, _, _, n, x = adjusted(patients, values)
    at_most = 1.0 if x == n else stats.beta.sf(bound, x + 1, n - x)
    at_least = 1.0 if x == 0 else stats.beta.cdf(bound, x, n - x + 1)
    return max(at_most, (1 - bound) ** groups), max(at_least, bound**groups)


def arms(patients, before, after):
    one, other = adjusted(patients, before), adjusted(patients, after)
    v = cluster_products(patients, before, before)
    w = cluster_products(patients, after, after)
    if v < 1e-20 or w < 1e-20:
        return one, other, 0.0
    r = cluster_products(patients, before, after) / math.sqrt(v * w)
    if r > 0:
        p, q = one[0], other[0]
        r = max(0.0, r - 1 / (2 * min(one[3], other[3]) * math.sqrt(p * (1 - p) * q * (1 - q))))
    return one, other, r


def mover(after, before, r):
    (p, pl, pu), (q, ql, qu) = after, before
    lower = math.sqrt((p - pl) ** 2 + (qu - q) ** 2 - 2 * r * (p - pl) * (qu - q))
    upper = math.sqrt((pu - p) ** 2 + (q - ql) ** 2 - 2 * r * (pu - p) * (q - ql))
    return p - q, p - q - lower, p - q + upper


def uptake(after, before, r):
    """1 less the ratio of those who stayed clear; the limits of the ratio are roots of MOVER's own inequality."""
    (p, pl, pu), (q, ql, qu) = after, before
    top, top_low, top_high = 1 - p, 1 - pu, 1 - pl
    bottom, bottom_low, bottom_high = 1 - q, 1 - qu, 1 - ql

    def reach(a, b):
        return math.sqrt(max(0.0, a * a + b * b - 2 * r * a * b))

    def lower(ratio):
        return top - ratio * bottom - reach(top - top_low, ratio * (bottom_high - bottom))

    def upper(ratio):
        return top - ratio * bottom + reach(top_high - top, ratio * (bottom - bottom_low))

    ratio = top / bottom
    low = 0.0 if lower(0.0) <= 0 else brentq(lower, 0.0, ratio, xtol=1e-16, rtol=1e-14)
    high = brentq(upper, ratio, 1e6, xtol=1e-16, rtol=1e-14)
    return (p - q) / (1 - q), 1 - high, 1 - low


def pair_samples():
    rng = np.random.default_rng(14)
    samples = []
    for patients, each, rate, change in ((40, 3, 0.6, 0.2), (100, 3, 0.8, 0.1), (24, 2, 0.3, 0.5), (240, 1, 0.7, 0.15),
                                         (30, 4, 0.1, 0.9), (60, 1, 0.5, 0.5)):
        names, before = clustered_events(rng, patients, each, rate)
        after = [1 - value if rng.random() < change else value for value in before]
        samples.append((names, before, after))
    names = [i // 3 for i in range(90)]
    shares = [float(value) for value in rng.integers(0, 4, 90) / 3]
    lower = [float(max(0.0, value - rng.integers(0, 2) / 3)) for value in shares]
    samples.append((names, shares, lower))
    samples.append((names, lower, [0.0] * 90))
    samples.append((names, [0.0] * 90, [float(i % 7 == 0) for i in range(90)]))
    samples.append((names, lower, [1 - value for value in lower]))
    samples.append((names, [0.25 + value / 2 for value in lower], [0.2 + value / 4 for value in shares]))
    return samples


def differences():
    for names, before, after in pair_samples():
        pairs = [[int(g), float(a), float(b)] for g, a, b in zip(names, before, after)]
        one, other, r = arms(names, before, after)
        add("difference", mover(other[:3], one[:3], r), pairs=pairs, args=[0.95])
        add("uptake", uptake(other[:3], one[:3], r), pairs=pairs, args=[0.95])


def differences_between():
    """Groups: independent, of clustered patients, and with patients in both (the samples of pairs, one arm cut short)."""
    rng = np.random.default_rng(77)
    for size, each, rate, other_size, other_rate in ((60, 1, 0.2, 50, 0.1), (40, 3, 0.3, 30, 0.3), (100, 2, 0.05, 20, 0.4)):
        one, other = clustered_events(rng, size, each, rate), clustered_events(rng, other_size, each, other_rate)
        group_of_rates(one, ([1000 + g for g in other[0]], other[1]))
    for names, before, after in pair_samples()[:3]:
        group_of_rates((names, after), (names[: 2 * len(names) // 3], before[: 2 * len(names) // 3]))


def group_of_rates(one, other):
    (names, values), (others, second) = one, other
    p, q = adjusted(names, values), adjusted(others, second)
    both = sorted(set(names) & set(others))
    r = 0.0
    if both:
        centred = lambda g, v, m: {k: sum(x - m for n, x in zip(g, v) if n == k) for k in set(g)}
        a, b = centred(names, values, p[0]), centred(others, second, q[0])
        raw = sum(a[k] * b[k] for k in both) / (len(values) * len(second))
        covariance = min(raw * g / (g - 1) for g in (len(set(names)), len(set(others))))
        spread = lambda d, n: len(d) / (len(d) - 1) * sum(x * x for x in d.values()) / n**2
        r = max(-1.0, min(1.0, covariance / math.sqrt(spread(a, len(values)) * spread(b, len(second)))))
        if r > 0:
            product = p[0] * (1 - p[0]) * q[0] * (1 - q[0])
            r = max(0.0, r - 1 / (2 * min(p[3], q[3]) * math.sqrt(product)))
    rows = lambda g, v: [[int(k), float(x)] for k, x in zip(g, v)]
    add("difference_between", mover(p[:3], q[:3], r), one=rows(names, values), other=rows(others, second), args=[0.95])


def newcombe(both, before, after, neither):
    n = both + before + after + neither
    one, other = both + before, both + after
    limits = [proportion_confint(count, n, alpha=0.05, method="wilson") for count in (one, other)]
    margins = one * (n - one) * other * (n - other)
    phi = 0.0
    if margins > 0:
        cross = both * neither - before * after
        if cross > n / 2:
            cross -= n / 2
        elif cross >= 0:
            cross = 0
        phi = cross / math.sqrt(margins)
    (l1, u1), (l2, u2) = limits
    return mover((other / n, l2, u2), (one / n, l1, u1), phi)


def likeliest(before, after, concordant, delta):
    """The rate of 'before only' that maximises the likelihood when 'after only' is delta more frequent."""
    offset = max(0.0, -delta)
    room = (1 - abs(delta)) / 2

    def slope(step):
        total = -concordant / (room - step)
        total += before / (step + offset) if before else 0.0
        return total + (after / (step + max(0.0, delta)) if after else 0.0)

    margin = 1e-15 * room
    if slope(margin) <= 0:
        return offset
    if concordant == 0:
        return offset + room
    return offset + brentq(slope, margin, room - margin, xtol=1e-18, rtol=1e-15)


def tango(both, before, after, neither):
    n, z = both + before + after + neither, stats.norm.ppf(0.975)

    def score(delta):
        q = likeliest(before, after, both + neither, delta)
        variance = n * (2 * q + delta * (1 - delta))
        return (after - before - n * delta) / math.sqrt(variance)

    d = (after - before) / n
    gap = 1e-9
    low = -1.0 if d == -1 else brentq(lambda delta: score(delta) - z, -1 + gap, d - gap, xtol=1e-15, rtol=1e-14)
    high = 1.0 if d == 1 else brentq(lambda delta: score(delta) + z, d + gap, 1 - gap, xtol=1e-15, rtol=1e-14)
    return d, low, high


def score_intervals():
    for table in ((1, 7, 1, 12), (36, 2, 12, 0), (20, 10, 9, 61), (100, 3, 0, 40), (0, 5, 8, 30), (10, 0, 0, 30),
                  (3, 40, 2, 5), (170, 25, 8, 37), (0, 0, 6, 20)):
        add("newcombe", newcombe(*table), args=[*table, 0.95])
        add("tango", tango(*table), args=[*table, 0.95])


def continuous():
    rng = np.random.default_rng(15)
    for patients, each in ((20, 1), (25, 3), (39, 2), (32, 5)):
        names = [patient for patient in range(patients) for _ in range(each)]
        own = rng.normal(size=patients)
        values = np.array([own[patient] + rng.normal() for patient in names])
        fit = sm.OLS(values, np.ones(len(values))).fit(
            cov_type="cluster", cov_kwds={"groups": np.array(names), "df_correction": True}, use_t=True)
        low, high = fit.conf_int(0.05)[0]
        add("cluster_t", [fit.params[0], low, high], observations=observations(names, values), args=[0.95])
    for patients, each in ((20, 1), (24, 3), (31, 2), (39, 1), (28, 4), (22, 2)):
        names = [patient for patient in range(patients) for _ in range(1 + patient % each)]
        tail = rng.exponential(size=patients)
        values = np.array([(-1) ** each * tail[patient] + rng.normal() / 4 for patient in names])
        for level in (0.95, 0.9):
            add("cluster_skew_t", hall_hull(names, values, level), observations=observations(names, values), args=[level])


def few_who_differ(rng):
    for patients, each, some in ((30, 1, 3), (24, 2, 6), (60, 1, 12)):
        names = [patient for patient in range(patients) for _ in range(each)]
        own = np.where(np.arange(patients) < some, rng.choice([-1.0, 1.0, 0.5], patients), 0.0)
        values = np.array([own[patient] for patient in names])
        add("cluster_skew_t", hall_hull(names, values, 0.95), observations=observations(names, values), args=[0.95])


def hall_hull(names, values, level):
    """The mean; the hull of t and of the limits for which Hall's cubic of the studentised mean (1992) is the quantile."""
    fit = sm.OLS(values, np.ones(len(values))).fit(
        cov_type="cluster", cov_kwds={"groups": np.array(names), "df_correction": True}, use_t=True)
    mean, error, groups = fit.params[0], fit.bse[0], sorted(set(names))
    skew = stats.skew([sum(v - mean for g, v in zip(names, values) if g == group) for group in groups])
    n = len(groups)

    def cubic(t):
        return t + skew / math.sqrt(n) * (t**2 / 3 + 1 / 6) + skew**2 * t**3 / (27 * n)

    means = [np.mean([v for g, v in zip(names, values) if g == group]) for group in groups]
    commonest = max(sum(abs(mean - other) < 1e-9 for other in means) for mean in means)
    reach = stats.t.ppf((1 + level) / 2, n - commonest)
    inverse = [brentq(lambda t: cubic(t) - y, -500, 500, xtol=1e-14, rtol=1e-14) for y in (reach, -reach)]
    low, high = (mean - t * error for t in (max(reach, inverse[0]), min(-reach, inverse[1])))
    return mean, low, high


def overlap_by_definition(one, other, p):
    """Sums p^(d-1) times the extrapolated agreement at depth d until nothing is left."""
    short, long = sorted((one, other), key=len)
    s, l = len(short), len(long)

    def shared(depth):
        return len(set(short[:depth]) & set(long[:depth]))

    def agreement(depth):
        if depth <= s:
            return shared(depth) / depth
        if depth <= l:
            return (shared(depth) + shared(s) * (depth - s) / s) / depth
        return agreement(l)

    return math.fsum((1 - p) * p ** (depth - 1) * agreement(depth) for depth in range(1, 2000))


def ranked_lists():
    lists = [("ABC", "ABC"), ("ABC", "ACB"), ("ABC", "BAC"), ("ABC", "ADE"), ("ABC", "DEF"), ("AB", "ABCDE"),
             ("ABCDE", "BXA"), ("A", "BA"), ("ABCDE", "EDCBA"), ("XYZAB", "ABC"), ("ABCDEFGHIJ", "ACEGI")]
    for one, other in lists:
        for p in (0.7, 0.9):
            add("rank_biased_overlap", [overlap_by_definition(one, other, p)],
                lists=[[ord(entry) for entry in one], [ord(entry) for entry in other]], args=[p])


def sizes():
    """Walks through every n: the first with the power, and the first after the last without it."""
    for bound, rate, power in ((0.05, 0.0125, 0.8), (0.05, 0.025, 0.8), (0.1, 0.025, 0.8), (0.1, 0.05, 0.8),
                               (0.02, 0.005, 0.8), (0.2, 0.1, 0.9), (0.3, 0.2, 0.8), (0.1, 0.0, 0.8)):
        enough, k = [], -1
        for n in range(1, 2000):
            while k + 1 < n and clopper_pearson(k + 1, n)[1] <= bound:
                k += 1
            enough.append(k >= 0 and stats.binom.cdf(k, n, rate) >= power)
        first = enough.index(True) + 1
        every = len(enough) - enough[::-1].index(False) + 1
        assert every < 1500, "look further"
        add("needed", [first, every], args=[bound, rate, power])


def plans():
    """Every count of events is looked at: which limits lie inside the bound, which beyond it, and how likely are they?"""
    for n, patients in ((40, 40), (100, 100), (240, 240), (75, 30), (120, 60)):
        guard = clopper_pearson(0, patients)[1]
        for bound, rates in ((0.05, (0.0, 0.02, 0.15)), (0.1, (0.03, 0.1, 0.25)), (0.3, (0.1, 0.5))):
            limits = [clopper_pearson(k, n) for k in range(n + 1)]
            limits[0] = (0.0, guard)
            low = clopper_pearson(patients, patients)[0]
            limits[n] = (low, 1.0)
            limits = [(min(a, low), max(b, guard)) for a, b in limits]
            holds = [k for k in range(n + 1) if limits[k][1] <= bound]
            breaks = [k for k in range(n + 1) if limits[k][0] > bound]
            found = [max(holds, default=-1), min(breaks, default=-1)]
            add("thresholds", found, args=[n, patients, bound])
            for rate in rates:
                pmf = stats.binom.pmf(range(n + 1), n, rate)
                add("chances", [math.fsum(pmf[k] for k in holds), math.fsum(pmf[k] for k in breaks)],
                    args=[n, patients, bound, rate])
    for bound in (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 0.9):
        fewest = next(n for n in range(1, 2000) if (1 - bound) ** n <= TAIL)
        add("fewest_to_hold", [fewest], args=[bound])


def players():
    """Shapley's values from their definition: the mean of what a player adds, over every order of joining."""
    rng = np.random.default_rng(24)
    for n in (1, 2, 3, 5, 6):
        values = [float(v) for v in rng.normal(size=2**n)]
        paid = np.zeros(n)
        orders = list(itertools.permutations(range(n)))
        for order in orders:
            inside = 0
            for player in order:
                paid[player] += values[inside | 1 << player] - values[inside]
                inside |= 1 << player
        everybody = 2**n - 1
        out = [values[everybody] - values[everybody ^ 1 << i] for i in range(n)]
        alone = [values[1 << i] - values[0] for i in range(n)]
        add("shapley", [*(paid / len(orders)), *out, *alone], args=values)


def sums():
    rng = np.random.default_rng(25)
    for size in (1, 7, 400):
        terms = [float(v) for v in rng.exponential(size=size)]
        add("sum", [math.fsum(terms)], args=terms)
    for z in (-3.2, -1.0, 0.0, 0.7, 2.5):
        add("normal_share", [stats.norm.cdf(z)], args=[z])


def replicates():
    """Numbers of whole arms of every replicate, each computed from the answers that it draws, copied as often as drawn."""
    rng = np.random.default_rng(26)
    for patients, each, decimals in ((12, 2, 9), (20, 3, 1), (9, 4, 9)):
        names = np.repeat(np.arange(patients), each)
        confidence = np.round(rng.beta(4, 2, len(names)), decimals)
        right = (rng.random(len(names)) < confidence - 0.1).astype(float)
        indices = rng.integers(0, patients, (6, patients))
        areas, errors = [], []
        for drawn in indices:
            inside = np.concatenate([np.flatnonzero(names == patient) for patient in drawn])
            areas.append(expected_area(confidence[inside], right[inside]))
            errors.append(calibration_error(confidence[np.sort(inside)], right[np.sort(inside)], 10))
        expected = areas if decimals < 9 else [*areas, *errors]
        add("replicates", expected, answers=[[int(g), float(c), float(r)] for g, c, r in zip(names, confidence, right)],
            indices=indices.tolist(), args=[])


def expected_area(confidence, right):
    """The area with every tied group in expected order: a hypergeometric mean at every depth."""
    risks, wrong, above = [], 0.0, 0
    for level in sorted(set(confidence), reverse=True):
        group = right[confidence == level]
        size, bad = len(group), int((1 - group).sum())
        risks += [(wrong + stats.hypergeom(size, bad, k).mean()) / (above + k) for k in range(1, size + 1)]
        above, wrong = above + size, wrong + bad
    return float(np.mean(risks))


def tails():
    for z in (0.0, 0.3, 1.96, 4.5, 8.0, -1.2):
        add("normal_tail", [stats.norm.sf(z)], args=[z])
    for freedom in (1, 2.5, 19, 39, 240):
        for value in (-2.3, 0.2, 1.7, 12.0):
            add("t_tails", [stats.t.cdf(value, freedom), stats.t.sf(value, freedom)], args=[value, freedom])


def all_signs(differences):
    """The two-sided exact signed-rank p by looking at every pattern of signs; for few differences."""
    kept = [d for d in differences if d != 0]
    ranks = stats.rankdata(np.abs(kept))
    observed = sum(rank for rank, d in zip(ranks, kept) if d > 0)
    sums = [sum(rank for rank, on in zip(ranks, pattern) if on)
            for pattern in itertools.product((False, True), repeat=len(kept))]
    below = sum(total <= observed for total in sums) / len(sums)
    above = sum(total >= observed for total in sums) / len(sums)
    return observed, min(1.0, 2 * min(below, above))


def signed_ranks():
    rng = np.random.default_rng(16)
    for size in (5, 9, 20, 35, 50):
        values = rng.normal(0.3, 1, size)
        p = stats.wilcoxon(values, method="exact").pvalue
        ranks = stats.rankdata(np.abs(values))
        add("wilcoxon", [ranks[values > 0].sum(), p], args=[float(v) for v in values])
    for size in (60, 120, 300):
        for decimals in (9, 1):
            values = np.round(rng.normal(0.15, 1, size), decimals)
            p = stats.wilcoxon(values, zero_method="wilcox", correction=False, method="asymptotic").pvalue
            kept = values[values != 0]
            ranks = stats.rankdata(np.abs(kept))
            add("wilcoxon", [ranks[kept > 0].sum(), p], args=[float(v) for v in values])
    for size in (4, 8, 11, 13):
        values = [float(v) for v in rng.integers(-3, 5, size)]
        add("wilcoxon", all_signs(values), args=values)


def sign_flips():
    rng = np.random.default_rng(17)
    for patients, each in ((6, 1), (9, 2), (12, 3), (14, 1), (10, 4)):
        names = [patient for patient in range(patients) for _ in range(each)]
        values = [float(v) for v in rng.normal(0.4, 1, len(names))]
        sums = np.array([sum(v for g, v in zip(names, values) if g == patient) for patient in range(patients)])
        test = stats.permutation_test((sums,), lambda x, axis=-1: np.abs(np.sum(x, axis=axis)), vectorized=True,
                                      permutation_type="samples", n_resamples=np.inf, alternative="greater")
        add("sign_flip", [test.pvalue], observations=observations(names, values), args=[])
    lost = mcnemar([[0, 9], [3, 0]], exact=True).pvalue
    switches = [-1.0] * 9 + [1.0] * 3
    add("sign_flip", [lost], observations=observations(range(12), switches), args=[])


def max_t():
    """Westfall and Young 1993, algorithm 4.1, test by test: successive maxima over the hypotheses still in play."""
    rng = np.random.default_rng(18)
    for tests, resamples, shared in ((4, 199, 0.8), (6, 99, 0.0), (3, 499, 0.5), (5, 60, 0.95)):
        common = rng.normal(size=(resamples, 1))
        null = math.sqrt(shared) * common + math.sqrt(1 - shared) * rng.normal(size=(resamples, tests))
        observed = rng.normal(1.5, 1, tests)
        falling = sorted(range(tests), key=lambda j: -abs(observed[j]))
        adjusted, highest = [0.0] * tests, 0.0
        for place, j in enumerate(falling):
            in_play = falling[place:]
            reached = sum(max(abs(row[k]) for k in in_play) >= abs(observed[j]) for row in null)
            highest = max(highest, (1 + reached) / (1 + resamples))
            adjusted[j] = highest
        add("max_t", adjusted, args=[float(v) for v in observed],
            resamples=[[float(v) for v in row] for row in null])


def equivalences():
    rng = np.random.default_rng(19)
    for patients, each in ((20, 1), (25, 1), (39, 1), (120, 1), (24, 3), (60, 2)):
        names = [patient for patient in range(patients) for _ in range(each)]
        own = rng.normal(size=patients)
        values = np.array([0.05 + 0.3 * (own[patient] + rng.normal()) for patient in names])
        fit = sm.OLS(values, np.ones(len(values))).fit(
            cov_type="cluster", cov_kwds={"groups": np.array(names), "df_correction": True}, use_t=True)
        for low, high in ((-0.2, 0.2), (-0.05, 0.3)):
            t = [(fit.params[0] - margin) / fit.bse[0] for margin in (low, high)]
            above, below = stats.t.sf(t[0], patients - 1), stats.t.cdf(t[1], patients - 1)
            if each == 1:
                p, first, second = sm.stats.DescrStatsW(values).ttost_mean(low, high)
                assert np.allclose([first[1], second[1], p], [above, below, max(above, below)], rtol=1e-9)
                above, below = first[1], second[1]
            add("equivalence", [above, below, max(above, below)], observations=observations(names, values),
                args=[low, high])
        fit = sm.OLS(values, np.ones(len(values))).fit(
            cov_type="cluster", cov_kwds={"groups": np.array(names), "df_correction": True}, use_t=False)
        add("cluster_normal", [fit.params[0], *fit.conf_int(0.05)[0]], observations=observations(names, values),
            args=[0.95])


def bootstraps():
    """Percentile and BCa by scipy, on given indices: scipy takes the replicates and makes the intervals of them."""
    rng = np.random.default_rng(22)
    for patients, each, replicates, level in ((40, 1, 150, 0.95), (55, 2, 99, 0.95), (41, 3, 200, 0.9), (60, 1, 64, 0.95),
                                              (48, 4, 120, 0.8)):
        names = [patient for patient in range(patients) for _ in range(1 + patient % each)]
        values = rng.exponential(size=len(names)) + rng.normal(size=patients)[names]
        sums = np.bincount(names, weights=values)
        counts = np.bincount(names).astype(float)
        indices = rng.integers(0, patients, (replicates, patients))
        means = np.array([np.mean(np.concatenate([values[np.equal(names, g)] for g in drawn])) for drawn in indices])

        def mean(total, count, axis=-1):
            return np.sum(total, axis=axis) / np.sum(count, axis=axis)

        limits = []
        reach = math.sqrt(patients / (patients - 1)) * stats.t.ppf((1 + level) / 2, patients - 1)
        for method, nominal in (("percentile", level), ("BCa", level), ("BCa", 1 - 2 * stats.norm.sf(reach))):
            interval = stats.bootstrap((sums, counts), mean, paired=True, vectorized=True, confidence_level=nominal,
                                       n_resamples=0, method=method,
                                       bootstrap_result=types.SimpleNamespace(bootstrap_distribution=means))
            limits += [interval.confidence_interval.low, interval.confidence_interval.high]
        add("bootstrap", [values.mean(), *limits, *sorted(means)], observations=observations(names, values),
            args=[level], indices=indices.tolist())


def sets():
    for one, other in (("ABC", "BCD"), ("ABCDE", "EDXYA"), ("A", "A"), ("AAB", "BC"), ("ABC", "XYZ")):
        ids = [[ord(entry) for entry in one], [ord(entry) for entry in other]]
        for k in (1, 3, 5):
            a, b = set(one[:k]), set(other[:k])
            add("jaccard", [len(a & b) / len(a | b)], lists=ids, args=[k])
        add("coverage", [len(set(one) & set(other)) / len(set(other))], lists=ids, args=[])


def distributions():
    rng = np.random.default_rng(20)
    lists = [rng.dirichlet([0.7] * size, 2) for size in (2, 3, 5, 8)]
    lists += [np.array([[0.5, 0.5, 0.0], [0.0, 0.2, 0.8]]), np.array([[3.0, 1.0], [1.0, 1.0]])]
    for p, q in lists:
        both = [[float(v) for v in p], [float(v) for v in q]]
        add("jensen_shannon", [jensenshannon(p, q, base=2) ** 2], lists=both)
        add("total_variation", [np.abs(p / p.sum() - q / q.sum()).sum() / 2], lists=both)
    for p, right in ((0.9, 1), (0.9, 0), (0.3, 1), (0.0, 0), (0.55, 0)):
        add("brier", [(p - right) ** 2], args=[p, right])
    for p, truth in (([0.6, 0.3, 0.1], 0), ([0.6, 0.3, 0.1], 2), ([0.5, 0.2], -1), ([1.0], 0), ([0.2] * 5, 4)):
        y = [float(k == truth) for k in range(len(p))] + [float(truth == -1)]
        add("brier_of_all", [sum((a - b) ** 2 for a, b in zip([*p, 0.0], y))], args=[truth, *p])


def calibration_error(confidence, right, bins):
    """Runs of ceil(n/B), then floor(n/B), of a stable sort, as numpy splits an array."""
    order = np.argsort(confidence, kind="stable")
    runs = np.array_split(order, bins)
    return sum(len(run) / len(order) * abs(right[run].mean() - confidence[run].mean()) for run in runs if len(run))


def risk_coverage_area(confidence, right):
    """The mean over every order that keeps the more confident first: averages over all permutations of each tied group."""
    groups = [[r for c, r in zip(confidence, right) if c == level] for level in sorted(set(confidence), reverse=True)]
    expected, wrong, above = [], 0.0, 0
    for group in groups:
        orders = list(itertools.permutations(group)) if len(group) <= 7 else None
        for k in range(1, len(group) + 1):
            if orders:
                inside = np.mean([k - sum(order[:k]) for order in orders])
            else:
                inside = stats.hypergeom(len(group), len(group) - sum(group), k).mean()
            expected.append((wrong + inside) / (above + k))
        above, wrong = above + len(group), wrong + len(group) - sum(group)
    return float(np.mean(expected))


def confidences():
    rng = np.random.default_rng(21)
    for size, decimals in ((7, 2), (23, 9), (60, 1), (100, 2), (240, 9), (31, 1)):
        confidence = np.round(rng.beta(4, 2, size), decimals)
        right = (rng.random(size) < confidence - 0.1).astype(float)
        answers = [[float(c), float(r)] for c, r in zip(confidence, right)]
        for bins in (1, 10, 15):
            add("calibration_error", [calibration_error(confidence, right, bins)], answers=answers, args=[bins])
        add("risk_coverage_area", [risk_coverage_area(confidence.tolist(), right.tolist())], answers=answers)


def doses():
    """Shapes of dose responses by scipy and numpy; the rise on given indices, each replicate's slope by scipy."""
    rng = np.random.default_rng(30)
    grids = [[0.5, 1, 2, 3, 6], [-0.5, -1, -1.5, -2], [80, 60, 40, 20, 10], [6500, 4700, 3400], [1, 2], [0, 25, 50, 75, 100, 130]]
    for place, grid in enumerate(grids):
        rates = np.round(np.sort(rng.random(len(grid))) + 0.2 * rng.normal(size=len(grid)), 2 if place % 2 else 6)
        weights = rng.integers(20, 240, len(grid)).astype(float)
        add("theil_sen", [stats.theilslopes(rates, grid)[0]], lists=[grid, rates.tolist()])
        add("kendall", [stats.kendalltau(grid, rates).statistic], lists=[grid, rates.tolist()])
        add("isotonic", isotonic_regression(rates, weights=weights).x, lists=[rates.tolist(), weights.tolist()])
        add("trapezoids", [np.trapezoid(rates, grid) / (grid[-1] - grid[0])], lists=[grid, rates.tolist()])
        fit = isotonic_regression(rates, increasing=False).x
        value = float(0.3 * fit[0] + 0.7 * fit[-1])
        where = np.interp(value, fit[::-1], np.array(grid, float)[::-1]) if len(set(fit)) == len(fit) else None
        if where is not None:
            add("down_to", [where], lists=[grid, fit.tolist()], args=[value])
    for grid, falling in (([0, 1, 2, 4], [0.9, 0.8, 0.5, 0.1]), ([5, 3, 2], [0.7, 0.4, 0.2]), ([-1, -2, -4], [1, 0.5, 0.3])):
        for value in (0.6, 0.45):
            where = np.interp(value, falling[::-1], np.array(grid, float)[::-1])
            add("down_to", [where], lists=[grid, falling], args=[value])
    add("kendall", [stats.kendalltau([1, 2, 3, 4, 5], [0.1, 0.1, 0.3, 0.2, 0.3]).statistic],
        lists=[[1, 2, 3, 4, 5], [0.1, 0.1, 0.3, 0.2, 0.3]])
    for patients, grid in ((40, [0.5, 1, 2, 6]), (55, [6500, 4700, 3400]), (44, [-0.5, -2])):
        owners = np.concatenate([np.arange(patients), rng.integers(0, patients, patients // 2)])
        values = (rng.random((len(owners), len(grid))) < np.linspace(0.05, 0.4, len(grid))).astype(float)
        indices = rng.integers(0, patients, (60, patients))
        slope = lambda rates: stats.theilslopes(rates, grid)[0] * (grid[-1] - grid[0])
        rises = [slope(np.concatenate([values[owners == g] for g in row]).mean(0)) for row in indices]
        tail = stats.norm.sf(math.sqrt(patients / (patients - 1)) * stats.t.ppf(1 - TAIL, patients - 1))
        add("rise", [slope(values.mean(0)), *np.quantile(rises, [tail, 1 - tail])],
            cases=[[int(g), *row.tolist()] for g, row in zip(owners, values)], lists=[grid], indices=indices.tolist(),
            args=[0.95])


def differing():
    few_who_differ(np.random.default_rng(32))


def ratios():
    """What is left of a share is 1 less the uptake of the complements."""
    rng = np.random.default_rng(31)
    for size, each, before, after in ((60, 1, 0.8, 0.6), (40, 3, 0.9, 0.7), (120, 2, 0.5, 0.55), (240, 1, 0.95, 0.9)):
        patients = np.repeat(np.arange(size), each)
        b = (rng.random(size * each) < before).astype(float)
        a = np.round(np.where(rng.random(size * each) < 0.6, b, rng.random(size * each) < after) * 0.75 + 0.25 * b, 6)
        one, other, r = arms(patients, 1 - b, 1 - a)
        found = uptake(other[:3], one[:3], r)
        add("ratio", [1 - found[0], 1 - found[2], 1 - found[1]],
            pairs=[[int(g), float(x), float(y)] for g, x, y in zip(patients, b, a)], args=[0.95])


def main():
    for write in (special_functions, single_proportions, paired_tests, corrections, kappas, proportions, differences, differences_between,
                  score_intervals, continuous, ranked_lists, sizes, tails, signed_ranks, sign_flips, max_t, equivalences,
                  bootstraps, sets, distributions, confidences, jackknifed_agreements, plans, players, sums,
                  replicates, doses, ratios, differing):
        write()
    versions = {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__,
                "statsmodels": statsmodels.__version__}
    lines = ",\n".join(json.dumps(vector) for vector in VECTORS)
    text = f'{{"versions": {json.dumps(versions)},\n"vectors": [\n{lines}\n]}}\n'
    pathlib.Path(__file__).with_name("vectors.json").write_text(text)
    print(len(VECTORS), "vectors")


if __name__ == "__main__":
    main()
