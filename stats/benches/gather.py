"""The bootstrap as it is usually written: gather the drawn cases, compute every metric on the copies.

    gather.py FOLDER REPLICATES

Reads what the benchmark left, prints one JSON object with seconds and the first metrics for comparison. NumPy only.
"""
import sys
import time

import numpy as np

from data import ARMS, BINS, Data


def calibration(confidence, right):
    """Equal-mass bins of a stable sort, arm by arm side by side."""
    order = np.argsort(confidence, axis=1, kind="stable")
    gap = np.take_along_axis(right - confidence, order, axis=1)
    size = gap.shape[1]
    edges = np.concatenate([[0], np.cumsum([size // BINS + (b < size % BINS) for b in range(BINS)])])
    return np.abs(np.add.reduceat(gap, edges[:-1], axis=1)).sum(axis=1) / size


def risk(confidence, right):
    """The mean risk among the k most confident; the data have no ties but copies, which stay together: both are alike."""
    order = np.argsort(-confidence, axis=1, kind="stable")
    wrong = np.cumsum(1 - np.take_along_axis(right, order, axis=1), axis=1)
    return (wrong / np.arange(1, wrong.shape[1] + 1)).mean(axis=1)


def kappa(control, treated):
    n = control.shape[1]
    observed = n * ((control - treated) ** 2).sum(axis=1)
    expected = n * (control**2 + treated**2).sum(axis=1) - 2 * control.sum(axis=1) * treated.sum(axis=1)
    return 1 - observed / expected


def replicate(data, cases):
    values, inside = data.values[:, :, cases], data.inside[:, :, cases]
    metrics = np.empty((ARMS, 10))
    metrics[:, :7] = values.sum(axis=2) / inside.sum(axis=2)
    metrics[:, 7] = kappa(data.control[:, cases], data.treated[:, cases])
    confidence, right = data.confidence[:, cases], data.right[:, cases]
    metrics[:, 8] = calibration(confidence, right)
    metrics[:, 9] = risk(confidence, right)
    return metrics


def main():
    data, wanted = Data(sys.argv[1]), int(sys.argv[2])
    results = np.empty((wanted, ARMS, 10))
    start = time.perf_counter()
    for r in range(wanted):
        results[r] = replicate(data, data.cases_of(data.draws[r]))
    seconds = time.perf_counter() - start
    data.report(results, seconds)


if __name__ == "__main__":
    main()
