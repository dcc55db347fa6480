#!/usr/bin/env python3
"""Measures whether words look at the emoji that they name.   CLFA IRONY MODEL [--posts N]

Draws the samples' test posts with `irony draw --places`, scores them, and asks `clfa explain` for the attention and the
cosines of the first N English posts whose picture shows the topic of the text. In each post, the words of the topic, the
words of the mood and all other words are taken together: the mean over their pieces, and for attention over the layers,
without the picture's class token. A patch belongs to an emoji if half of it lies in the box around the emoji. The share is
that of the posts in which the patch with the highest value (every one, if several are equal) belongs to the emoji; chance
is the mean share of the patches that belong to it. Intervals are Wilson's, as if no two posts had a text in common.

A word of the mood occurs in at least ten English texts, all of the same mood; posts without such a word are not counted
for it. In sincere posts the picture shows the mood of the words, in ironic posts the opposite. Needs the standard library
only.

    .make/measure/attention.py .build/release/clfa .build/release/irony Samples/model
"""

import argparse
import csv
import json
import re
import subprocess
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from statistics import NormalDist

SIDE = 96  # of a picture, in pixels


def wilson(hits, n):
    z = NormalDist().inv_cdf(0.975)
    middle, spread = hits + z * z / 2, z * (hits * (n - hits) / n + z * z / 4) ** 0.5
    return (middle - spread) / (n + z * z), (middle + spread) / (n + z * z)


def patches(box, count):
    """The patches, count × count, of which half lies in a box."""
    left, top, right, bottom = map(int, box.split())
    cell = SIDE / count

    def overlap(low, high, number):
        return max(0, min(high, (number + 1) * cell) - max(low, number * cell)) / cell

    return {row * count + column for row in range(count) for column in range(count)
            if overlap(left, right, column) * overlap(top, bottom, row) >= 0.5}


def mood_words(rows):
    """The words that only texts of one mood have. The mood of a text follows from its picture's and the label."""
    counts = Counter()
    for row in rows:
        is_good = ("wonderful" in row["seen"]) == (row["label"] == "sincere")
        counts.update((word, is_good) for word in set(re.findall(r"[a-z]+", row["text"].lower())))
    return {word for word, mood in counts if counts[word, mood] >= 10 and not counts[word, not mood]}


def looks(computed, chosen):
    """By map, the best patches of the words that are chosen; nothing without such a word."""
    pieces = [piece for word in computed["words"] if chosen(word["word"])
              for piece in range(word["first_piece"], word["first_piece"] + word["pieces"])]
    count = computed["patches_a_side"] ** 2
    found = {}
    for name, layers in [("attention", computed["attention"]), ("cosine", [computed["cosines"]])]:
        sums = [sum(layer[piece][-count + patch] for layer in layers for piece in pieces) for patch in range(count)]
        if pieces:
            found[name] = {patch for patch in range(count) if sums[patch] == max(sums)}
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("clfa", "irony", "model"):
        parser.add_argument(name)
    parser.add_argument("--posts", type=int, default=500)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        corpus, store = f"{folder}/corpus", f"{folder}/test.sqlite"

        def run(*arguments):
            return subprocess.run(arguments, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout

        run(options.irony, "draw", "-o", corpus, "--train", "0", "--validation", "0", "--test", "2000", "--places")
        run(options.clfa, "score", f"{corpus}/test.csv", "--model", options.model, "--store", store, "--precision", "f32")
        with open(f"{corpus}/test.csv", newline="", encoding="utf-8") as file:
            rows = [row for row in csv.DictReader(file) if row["language"] == "en"]
        moods = mood_words(rows)
        rows = [row for row in rows if row["shows"] == "same"][: options.posts]

        def explained(row):
            command = ("explain", store, row["id"], "--model", options.model, "--images", corpus, "--format", "json")
            return json.loads(run(options.clfa, *command))["computed"]

        with ThreadPoolExecutor(2) as pool:
            posts = list(zip(rows, pool.map(explained, rows)))

    hits, counts, areas = Counter(), Counter(), {"topic": [], "mood": []}
    for row, computed in posts:
        topic = set(row["topic"].split())
        places = {name: patches(row[f"{name}_place"], computed["patches_a_side"]) for name in areas}
        for name, place in places.items():
            areas[name].append(len(place) / computed["patches_a_side"] ** 2)
        mood = "mood, as shown" if row["label"] == "sincere" else "mood, opposite"
        for words, chosen in [("topic", topic.__contains__), (mood, moods.__contains__),
                              ("other", lambda word: word not in topic | moods)]:
            for kind, best in looks(computed, chosen).items():
                for name, place in places.items():
                    counts[kind, words, name] += 1
                    hits[kind, words, name] += best <= place
    print("map        words           emoji  posts  share   95 %            chance")
    for kind, words, name in sorted(counts):
        n, share = counts[kind, words, name], hits[kind, words, name]
        low, high = wilson(share, n)
        print(f"{kind:9}  {words:14}  {name:5}  {n:5}  {share / n:5.1%}  {low:5.1%} to {high:5.1%}"
              f"   {sum(areas[name]) / len(areas[name]):5.1%}")


if __name__ == "__main__":
    main()
