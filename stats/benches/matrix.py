"""The bootstrap with weights: means and kappa as one matrix product, the others by cumulative weights.

    matrix.py FOLDER REPLICATES

Reads what the benchmark left, prints one JSON object with seconds and the first metrics for comparison. NumPy only.
"""
import sys
import time

import numpy as np

from data import ARMS, BINS, Data

CHUNK = 125


def sums(data):
    """Per-patient sums: for every arm 7 values, 7 counts and 5 moments."""
    i, j = data.control, data.treated
    moments = np.stack([np.ones_like(i), (i - j) ** 2, i * i + j * j, i, j], axis=1)
    cases = np.concatenate([data.values, data.inside, moments], axis=1).reshape(ARMS * 19, -1)
    return np.add.reduceat(cases, data.first, axis=1).T


def linear(weights, columns):
    totals = (weights @ columns).reshape(len(weights), ARMS, 19)
    n, apart, squares, first, second = np.moveaxis(totals[:, :, 14:], 2, 0)
    kappa = 1 - n * apart / (n * squares - 2 * first * second)
    return totals[:, :, :7] / totals[:, :, 7:14], kappa


def calibration(drawn, gap):
    """What has been gathered of the gap is piecewise linear in the number taken, so bin ends can be interpolated."""
    taken = np.cumsum(drawn, axis=1)
    gathered = np.cumsum(drawn * gap, axis=1)
    errors = np.empty(len(drawn))
    for r, (count, sum_) in enumerate(zip(taken, gathered)):
        size = int(count[-1])
        ends = np.cumsum([size // BINS + (b < size % BINS) for b in range(BINS)])
        at = np.interp(ends, np.concatenate([[0], count]), np.concatenate([[0], sum_]))
        errors[r] = np.abs(np.diff(at, prepend=0)).sum() / size
    return errors


def risk(drawn, wrong, harmonic):
    taken = np.cumsum(drawn, axis=1)
    before = taken - drawn
    wrong_before = np.cumsum(drawn * wrong, axis=1) - drawn * wrong
    steps = harmonic[taken.astype(np.int64)] - harmonic[before.astype(np.int64)]
    return (wrong * drawn + (wrong_before - wrong * before) * steps).sum(axis=1) / taken[:, -1]


def main():
    data, wanted = Data(sys.argv[1]), int(sys.argv[2])
    results = np.empty((wanted, ARMS, 10))
    start = time.perf_counter()
    patients = len(data.first)
    weights = np.stack([np.bincount(draw, minlength=patients) for draw in data.draws[:wanted]]).astype(float)
    results[:, :, :7], results[:, :, 7] = linear(weights, sums(data))
    most = patients * int(np.bincount(data.patient).max())
    harmonic = np.concatenate([[0], np.cumsum(1 / np.arange(1, most + 1))])
    for arm in range(ARMS):
        order = np.argsort(data.confidence[arm], kind="stable")
        gap = (data.right - data.confidence)[arm, order]
        fall = order[::-1]
        for chunk in range(0, wanted, CHUNK):
            part = weights[chunk : chunk + CHUNK]
            results[chunk : chunk + CHUNK, arm, 8] = calibration(part[:, data.patient[order]], gap)
            results[chunk : chunk + CHUNK, arm, 9] = risk(part[:, data.patient[fall]], 1 - data.right[arm, fall], harmonic)
    np.quantile(results, [0.025, 0.975], axis=0)
    seconds = time.perf_counter() - start
    data.report(results, seconds)


if __name__ == "__main__":
    main()
