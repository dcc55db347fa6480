"""Makes curve_goldens.json: what scikit-learn says about made-up scores, for EvaluationTests."""
import json
import sys

import numpy as np
from sklearn.calibration import calibration_curve
from sklearn.metrics import auc, average_precision_score, precision_recall_curve, roc_curve


def case(name, n, seed, digits, share=0.5):
    random = np.random.default_rng(seed)
    truth = (random.random(n) < share).astype(int)
    # Few digits make ties.
    score = np.round(1 / (1 + np.exp(-(random.normal(size=n) + 2 * truth - 1))), digits)
    x, y, _ = roc_curve(truth, score, drop_intermediate=False)
    precision, recall, _ = precision_recall_curve(truth, score)
    # By rising recall, without the point (0, 1) that stands for no threshold, and only where recall rises.
    order = [(r, p) for r, p in zip(recall[::-1], precision[::-1])][1:]
    rising = [order[i] for i in range(len(order)) if order[i][0] > (order[i - 1][0] if i else 0)]
    right, confidence = calibration_curve(truth, score, n_bins=15)
    counts = np.bincount(np.searchsorted(np.linspace(0, 1, 16)[1:-1], score), minlength=15)
    return {
        "name": name, "truth": truth.tolist(), "score": score.tolist(),
        "fpr": x.tolist(), "tpr": y.tolist(), "auc": float(auc(x, y)),
        "recall": [float(r) for r, _ in rising], "precision": [float(p) for _, p in rising],
        "ap": float(average_precision_score(truth, score)),
        "accuracy": right.tolist(), "confidence": confidence.tolist(), "counts": counts.tolist(),
    }


text = json.dumps([
    case("as many of both", 120, 1, 6), case("ties", 200, 2, 1), case("few positives", 300, 3, 4, 0.05),
    case("two positives", 20, 9, 3, 0.05),
])
with open(f"{sys.argv[1]}/curve_goldens.json", "w") as file:
    file.write(text + "\n")
