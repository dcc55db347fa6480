"""Makes weighted_goldens.json: what scikit-learn says about posts of a stratified sample, weighted by their strata."""
import json
import sys

import numpy as np
from sklearn.metrics import (
    accuracy_score, average_precision_score, balanced_accuracy_score, log_loss, matthews_corrcoef,
    precision_recall_fscore_support, roc_auc_score)


def case(labels, populations, drawn, outside, seed, digits):
    """Posts of strata with `populations` posts each, of which `drawn` are labelled; `outside` more labels are of no stratum."""
    random = np.random.default_rng(seed)
    stratum = np.concatenate([np.repeat(np.arange(len(drawn)), drawn), np.full(outside, -1)])
    stratum = random.permutation(stratum)
    n = len(stratum)
    weight = np.where(stratum >= 0, np.array(populations)[stratum] / np.array(drawn)[stratum], 0)
    truth = np.where(random.random(n) < 0.5, stratum % labels, random.integers(0, labels, n))
    scores = random.normal(size=(n, labels)) + 1.5 * np.eye(labels)[truth]
    # Few digits make ties.
    p = np.round(np.exp(scores) / np.exp(scores).sum(1, keepdims=True), digits)
    p[:, -1] = 1 - p[:, :-1].sum(1)
    # Single precision, as stores' probabilities are read.
    p = p.astype(np.float32).astype(float)
    predicted, confidence, y = p.argmax(1), p.max(1), np.eye(labels)[truth]
    names = list(range(labels))

    def scores_of(average):
        found = precision_recall_fscore_support(
            truth, predicted, labels=names, average=average, sample_weight=weight, zero_division=0)
        return np.transpose(found[:3]).tolist() if average is None else list(found[:3])

    bins = np.clip(np.ceil(confidence * 15).astype(int) - 1, 0, 14)
    right = (predicted == truth) * weight
    error = sum(abs((right - confidence * weight)[bins == b].sum()) for b in range(15)) / weight.sum()
    return {
        "populations": populations, "strata": stratum.tolist(), "truth": truth.tolist(), "probabilities": p.tolist(),
        "accuracy": float(accuracy_score(truth, predicted, sample_weight=weight)),
        "balancedAccuracy": float(balanced_accuracy_score(truth, predicted, sample_weight=weight)),
        "mcc": float(matthews_corrcoef(truth, predicted, sample_weight=weight)),
        "macro": scores_of("macro"), "weighted": scores_of("weighted"), "labels": scores_of(None),
        "auc": [float(roc_auc_score(y[:, k], p[:, k], sample_weight=weight)) for k in names],
        "ap": [float(average_precision_score(y[:, k], p[:, k], sample_weight=weight)) for k in names],
        "brier": float(np.average(((p - y) ** 2).sum(1), weights=weight)),
        "logLoss": float(log_loss(truth, p, labels=names, sample_weight=weight)), "ece": float(error),
    }


text = json.dumps([
    case(2, [900, 100], [60, 50], 0, 1, 6), case(3, [4000, 300, 70], [80, 40, 70], 25, 2, 2),
    case(4, [500, 500, 20], [70, 30, 10], 0, 3, 6),
])
with open(f"{sys.argv[1]}/weighted_goldens.json", "w") as file:
    file.write(text + "\n")
