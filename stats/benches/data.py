"""What the benchmark left: made-up answers, the patients drawn, and its own results for the first replicates."""
import json
import pathlib
import resource

import numpy as np

ARMS, CASES, BINS, SHOWN = 60, 5811, 10, 64


class Data:
    def __init__(self, folder):
        def read(name):
            return np.fromfile(pathlib.Path(folder) / name, dtype="<f8")

        self.patient = read("patient").astype(np.int64)
        self.first = np.flatnonzero(np.diff(self.patient, prepend=-1))
        linear = read("linear").reshape(ARMS, 7, CASES)
        self.inside = (~np.isnan(linear)).astype(float)
        self.values = np.nan_to_num(linear)
        self.confidence = read("confidence").reshape(ARMS, CASES)
        self.right = read("right").reshape(ARMS, CASES)
        grades = read("grades").reshape(ARMS, 2, CASES)
        self.control, self.treated = grades[:, 0].copy(), grades[:, 1].copy()
        self.draws = read("draws").astype(np.int64).reshape(-1, len(self.first))
        self.shown = read("shown").reshape(ARMS, 10, SHOWN)
        self.last = np.append(self.first[1:], CASES)

    def cases_of(self, patients):
        """The cases of the drawn patients, in the order of the cases, as a stable sort wants them."""
        drawn = np.sort(patients)
        if len(self.first) == CASES:
            return drawn
        # Copies of a patient bring copies of each case; side by side, as equally confident answers have to stand.
        return np.sort(np.concatenate([np.arange(self.first[p], self.last[p]) for p in drawn]))

    def apart(self, results):
        """The largest difference from the benchmark's own results, relative to their size."""
        count = min(SHOWN, len(results))
        ours, theirs = self.shown[:, :, :count], np.moveaxis(results[:count], 0, 2)
        return float(np.max(np.abs(ours - theirs) / np.maximum(np.abs(ours), 1e-9)))

    def report(self, results, seconds):
        """Prints what a program took for its replicates, and how far its results are from the benchmark's own."""
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
        print(json.dumps({"replicates": len(results), "seconds": seconds, "apart": self.apart(results), "peak_mb": peak}))
