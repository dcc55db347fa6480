"""Makes share_goldens.json: shares, means, agreement and doubtful labels of made-up posts, as other packages compute them."""
import json
import sys

import krippendorff
import numpy as np
from cleanlab.filter import find_label_issues
from ppi_py import ppi_mean_ci, ppi_mean_pointestimate
from quapy.functional import clip
from quapy.method.aggregative import ACC
from scipy.optimize import brentq
from sklearn.metrics import cohen_kappa_score


def digits(values):
    return np.round(np.asarray(values, dtype=float), 12).tolist()


def powered(seed, posts, labelled, share, skill):
    random = np.random.default_rng(seed)
    truth = (random.random(posts) < share).astype(float)
    score = np.log(share / (1 - share)) + skill * (2 * truth - 1) + random.normal(size=posts)
    predicted = np.round(1 / (1 + np.exp(-score)), 4)
    known, rest = slice(0, labelled), slice(labelled, posts)
    low, high = ppi_mean_ci(truth[known], predicted[known], predicted[rest], alpha=0.05)
    value = ppi_mean_pointestimate(truth[known], predicted[known], predicted[rest])
    return {
        "truth": digits(truth[known]), "predicted": digits(predicted), "value": float(np.squeeze(value)),
        "low": float(np.squeeze(low)), "high": float(np.squeeze(high)),
    }


def mean(seed, posts, labelled, share, skill):
    """The mean number of the label's posts: the number for which ppi-python's mean of truth · (number − mean) is 0."""
    random = np.random.default_rng(seed)
    truth = (random.random(posts) < share).astype(float)
    score = np.log(share / (1 - share)) + skill * (2 * truth - 1) + random.normal(size=posts)
    predicted = np.round(1 / (1 + np.exp(-score)), 4)
    number = np.round(np.exp(2 + truth + 0.7 * random.normal(size=posts)))
    known, rest = slice(0, labelled), slice(labelled, posts)

    def values(centre):
        return truth[known] * (number[known] - centre), predicted[known] * (number[known] - centre), \
            predicted[rest] * (number[rest] - centre)

    def estimate(*sample, **options):
        return float(np.squeeze(ppi_mean_pointestimate(*sample, **options)))

    value = brentq(lambda centre: estimate(*values(centre)), number.min(), number.max(), xtol=1e-13, rtol=1e-14)
    sample = values(value)
    # The estimate is linear in the power, so the power that ppi-python chose follows from three estimates.
    none, full = estimate(*sample, lam=0), estimate(*sample, lam=1)
    power = (estimate(*sample) - none) / (full - none)
    whole = estimate(truth[known], predicted[known], predicted[rest], lam=power)
    low, high = (float(np.squeeze(end)) for end in ppi_mean_ci(*sample, alpha=0.05))
    return {
        "truth": digits(truth[known]), "predicted": digits(predicted), "numbers": digits(number), "value": value,
        "power": power, "low": value + low / whole, "high": value + high / whole,
    }


def adjusted(seed, labels, labelled):
    random = np.random.default_rng(seed)
    truth = random.integers(0, labels, labelled)
    answer = np.where(random.random(labelled) < 0.7, truth, random.integers(0, labels, labelled))
    confusion = np.zeros((labels, labels))
    np.add.at(confusion, (truth, answer), 1)
    predicted = random.integers(100, 4000, labels)
    rates = ACC.getPteCondEstim(list(range(labels)), truth, answer)
    solved = ACC.solve_adjustment(rates, predicted / predicted.sum(), method="inversion", solver="exact-raise")
    return {"confusion": digits(confusion), "predicted": predicted.tolist(), "shares": digits(clip(solved))}


def agreement(seed, labels, annotators, posts, missing):
    random = np.random.default_rng(seed)
    truth = random.integers(0, labels, posts)
    chosen = np.where(random.random((annotators, posts)) < 0.75, truth, random.integers(0, labels, (annotators, posts)))
    table = np.where(random.random((annotators, posts)) < missing, np.nan, chosen.astype(float))
    result = {
        "labels": labels,
        "posts": [[int(label) for label in column if not np.isnan(label)] for column in table.T],
        "alpha": float(krippendorff.alpha(reliability_data=table, level_of_measurement="nominal")),
    }
    if annotators == 2:
        both = ~np.isnan(table).any(0)
        result["kappa"] = float(cohen_kappa_score(*table[:, both].astype(int), labels=range(labels)))
    return result


def issues(seed, labels, posts, wrong):
    random = np.random.default_rng(seed)
    truth = random.integers(0, labels, posts)
    given = np.where(random.random(posts) < wrong, random.integers(0, labels, posts), truth)
    scores = random.normal(size=(posts, labels)) + 2 * np.eye(labels)[truth]
    probabilities = np.exp(scores) / np.exp(scores).sum(1, keepdims=True)
    # Single precision, as stores' probabilities are read.
    probabilities = probabilities.astype(np.float32).astype(float)
    found = find_label_issues(
        given, probabilities, filter_by="confident_learning", return_indices_ranked_by="self_confidence")
    return {"given": given.tolist(), "probabilities": probabilities.tolist(), "issues": found.tolist()}


text = json.dumps({
    "powered": [powered(1, 600, 80, 0.3, 1.5), powered(2, 900, 120, 0.1, 0.5), powered(3, 500, 60, 0.5, 0.0)],
    "means": [mean(12, 700, 90, 0.4, 1.5), mean(13, 900, 150, 0.2, 0.5), mean(14, 500, 80, 0.5, 0.0)],
    "adjusted": [adjusted(4, 2, 90), adjusted(5, 3, 120), adjusted(6, 5, 200)],
    "agreement": [agreement(7, 2, 2, 80, 0.1), agreement(8, 3, 2, 60, 0.0), agreement(9, 4, 5, 70, 0.4)],
    "issues": [issues(10, 2, 150, 0.2), issues(11, 4, 200, 0.15)],
})
with open(f"{sys.argv[1]}/share_goldens.json", "w") as file:
    file.write(text + "\n")
