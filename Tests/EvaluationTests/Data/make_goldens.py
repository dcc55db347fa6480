"""Makes goldens.json: what scikit-learn says about made-up labels, for EvaluationTests."""
import json
import sys

import numpy as np
from sklearn.metrics import (
    accuracy_score, balanced_accuracy_score, confusion_matrix, matthews_corrcoef, precision_recall_fscore_support)


def prf(truth, predicted, **options):
    p, r, f, _ = precision_recall_fscore_support(truth, predicted, zero_division=0, **options)
    return [float(p), float(r), float(f)]


def case(name, labels, truth, predicted, positive=None):
    rows = labels + list(dict.fromkeys(t for t in truth if t not in labels))
    p, r, f, s = precision_recall_fscore_support(truth, predicted, labels=rows, zero_division=0)
    positive = positive or (labels[-1] if len(labels) == 2 else None)
    return {
        "name": name, "labels": labels, "truth": truth, "predicted": predicted, "positive": positive,
        "rows": rows,
        "confusion": [row[:len(labels)] for row in confusion_matrix(truth, predicted, labels=rows).tolist()],
        "accuracy": float(accuracy_score(truth, predicted)),
        "balanced": float(balanced_accuracy_score(truth, predicted)), "mcc": float(matthews_corrcoef(truth, predicted)),
        "binary": prf(truth, predicted, labels=[positive], average="macro") if positive else None,
        "macro": prf(truth, predicted, average="macro"),
        "weighted": prf(truth, predicted, average="weighted"),
        "precision": p.tolist(), "recall": r.tolist(), "f1": f.tolist(), "support": s.tolist(),
    }


def drawn(name, labels, n, seed, noise=0.3, truths=None, positive=None, weights=None):
    random = np.random.default_rng(seed)
    truth = [str(t) for t in random.choice(truths or labels, n, p=weights)]
    predicted = [t if t in labels and random.random() > noise else str(random.choice(labels)) for t in truth]
    return case(name, labels, truth, predicted, positive)


two = ["not_sarcastic", "sarcastic"]
five = ["joy", "anger", "غضب", "悲しみ", "no opinion"]
cases = [
    drawn("two labels", two, 200, 1),
    drawn("two labels, rare positive", two, 300, 2, weights=[0.97, 0.03]),
    drawn("two labels, the first positive", two, 120, 3, positive="not_sarcastic"),
    drawn("three labels", ["negative", "neutral", "positive"], 150, 4),
    drawn("three labels, one against the rest", ["negative", "neutral", "positive"], 150, 5, positive="neutral"),
    drawn("five labels in three scripts", five, 400, 6, noise=0.6),
    drawn("truths the model does not know", two, 150, 7, truths=two + ["unsure", "spam"]),
    drawn("an unknown truth as positive", two, 90, 8, truths=two + ["unsure"], positive="unsure"),
    case("a label never predicted", two, ["sarcastic", "not_sarcastic"] * 5, ["not_sarcastic"] * 10),
    case("a label never true", two, ["not_sarcastic"] * 10, ["sarcastic", "not_sarcastic"] * 5),
    case("a label that never occurs", ["a", "b", "c"], ["a", "b", "b", "a"], ["a", "b", "a", "a"]),
    case("all wrong", two, ["sarcastic", "not_sarcastic"], ["not_sarcastic", "sarcastic"]),
    case("one post, one label", ["only"], ["only"], ["only"]),
]
text = json.dumps(cases, ensure_ascii=False, indent=None, separators=(",", ":")).replace('},{"name"', '},\n{"name"')
with open(f"{sys.argv[1]}/goldens.json", "w") as file:
    file.write(text + "\n")
