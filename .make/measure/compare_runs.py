#!/usr/bin/env python3
"""Compares two runs of the same posts: exports of clfa, or the output of reference.py.   A.csv B.csv [--label COLUMN]

Prints the posts in common, the labels that differ, the largest difference of a probability and of a confidence, and where
the column of true labels is filled, both macro-F1 and McNemar's exact test. Needs the standard library only.
"""

import argparse
import csv
from math import comb


def read(path):
    with open(path, newline="", encoding="utf-8-sig") as file:
        return {row["id"]: row for row in csv.DictReader(file) if row["clfa_label"]}


def macro_f1(pairs):
    """The unweighted mean of the labels' F1; `pairs` are (true, predicted)."""
    scores = []
    for name in {name for pair in pairs for name in pair}:
        hits = sum(true == predicted == name for true, predicted in pairs)
        named = sum((true == name) + (predicted == name) for true, predicted in pairs)
        scores.append(2 * hits / named)
    return sum(scores) / len(scores)


def mcnemar(b, c):
    """The exact two-sided p-value."""
    tail = sum(comb(b + c, k) for k in range(min(b, c) + 1)) / 2 ** (b + c)
    return min(1.0, 2 * tail)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("a")
    parser.add_argument("b")
    parser.add_argument("--label", default="label", help="the column of true labels")
    options = parser.parse_args()

    a, b = read(options.a), read(options.b)
    keys = [key for key in a if key in b]
    if not keys:
        raise SystemExit("compare_runs.py: no post is in both files")
    columns = [name for name in a[keys[0]] if name.startswith("clfa_p_") and name in b[keys[0]]]
    changed = sum(a[key]["clfa_label"] != b[key]["clfa_label"] for key in keys)
    values = [[(float(a[key][name]), float(b[key][name])) for name in columns] for key in keys]
    print(f"posts in both: {len(keys)}; only in one: {len(a) + len(b) - 2 * len(keys)}")
    print(f"labels that differ: {changed} ({changed / len(keys):.2%})")
    print(f"largest difference of a probability: {max(abs(x - y) for post in values for x, y in post):.2g}")
    confidences = (abs(max(x for x, _ in post) - max(y for _, y in post)) for post in values)
    print(f"largest difference of a confidence: {max(confidences):.2g}")
    judged = [key for key in keys if a[key].get(options.label)]
    if judged:
        true = {key: a[key][options.label] for key in judged}
        one, other = (macro_f1([(true[key], run[key]["clfa_label"]) for key in judged]) for run in (a, b))
        only = [sum(x[key]["clfa_label"] == true[key] != y[key]["clfa_label"] for key in judged) for x, y in ((a, b), (b, a))]
        print(f"macro-F1 of {len(judged)} labelled posts: {one:.4f} and {other:.4f} ({one - other:+.4f})")
        print(f"right in the first only: {only[0]}, in the second only: {only[1]}; McNemar's p = {mcnemar(*only):.2g}")


if __name__ == "__main__":
    main()
