"""Makes probability_goldens.json: what scikit-learn says about made-up probabilities, for EvaluationTests."""
import json
import sys

import numpy as np
from sklearn.metrics import average_precision_score, log_loss, roc_auc_score


def case(name, labels, n, seed, digits):
    random = np.random.default_rng(seed)
    truth = random.integers(0, labels, n)
    scores = random.normal(size=(n, labels)) + 1.5 * np.eye(labels)[truth]
    # Few digits make ties.
    p = np.round(np.exp(scores) / np.exp(scores).sum(1, keepdims=True), digits)
    p[:, -1] = 1 - p[:, :-1].sum(1)
    y = np.eye(labels)[truth]
    best, confidence = p.argmax(1), p.max(1)
    bins = np.clip(np.ceil(confidence * 15).astype(int) - 1, 0, 14)
    error = sum(
        abs((best[bins == b] == truth[bins == b]).mean() - confidence[bins == b].mean()) * (bins == b).mean()
        for b in range(15) if (bins == b).any())
    return {
        "name": name, "probabilities": p.tolist(), "truth": truth.tolist(),
        "auc": [float(roc_auc_score(y[:, k], p[:, k])) for k in range(labels)],
        "ap": [float(average_precision_score(y[:, k], p[:, k])) for k in range(labels)],
        "brier": float(((p - y) ** 2).sum(1).mean()), "log_loss": float(log_loss(truth, p, labels=range(labels))),
        "ece": float(error),
    }


text = json.dumps([
    case("two labels", 2, 120, 1, 6), case("two labels, ties", 2, 150, 2, 1), case("four labels", 4, 160, 3, 6),
    case("three labels, ties", 3, 140, 4, 2),
])
with open(f"{sys.argv[1]}/probability_goldens.json", "w") as file:
    file.write(text + "\n")
