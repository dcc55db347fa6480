#!/usr/bin/env python3
"""Writes a corpus of made-up posts, to measure how clfa handles many rows.   ROWS -o posts.csv

The columns are id, text, image, label and language. With --pictures SHARE --samples Samples, that share of the posts names
one of the samples' pictures (score with --images Samples). With --vectors WIDTH --store STORE, it writes random vectors of
WIDTH numbers, in the space `fused`, for every prediction of STORE instead. Needs the standard library only.

    posts.py 1000000 -o million.csv
    clfa score million.csv --model Samples/model --store million.sqlite --embeddings none --allow-missing picture
    posts.py --vectors 512 --store million.sqlite
    clfa similar million.sqlite --post 1 --limit 10
"""

import argparse
import csv
import os
import random
import sqlite3
import struct

WORDS = ("the train is late again what a day my coffee went cold nobody called we missed it honestly great news for all "
         "monday rain new phone old friends dinner tonight traffic sunshine boss weekend").split()
LANGUAGES = ["de", "en", "es", "fr", "ja"]


def write(options):
    chance = random.Random(options.seed)
    pictures = []
    if options.pictures:
        with open(f"{options.samples}/posts.csv", newline="", encoding="utf-8") as file:
            pictures = [row["image"] for row in csv.DictReader(file)]
        pictures = [path for path in pictures if path and os.path.exists(f"{options.samples}/{path}")]
    with open(options.output, "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["id", "text", "image", "label", "language"])
        for number in range(1, options.rows + 1):
            text = " ".join(chance.choices(WORDS, k=chance.randint(4, 12))) + f" {number}"
            picture = chance.choice(pictures) if pictures and chance.random() < options.pictures else ""
            out.writerow([number, text, picture, chance.choice(["ironic", "sincere"]), chance.choice(LANGUAGES)])


def widen(options):
    chance = random.Random(options.seed)
    store = sqlite3.connect(options.store)
    keys = store.execute("SELECT scorer_id, post_id FROM prediction ORDER BY scorer_id, post_id").fetchall()
    form = struct.Struct(f"<{options.vectors}f")
    store.execute("DELETE FROM embedding WHERE space = 'fused'")
    store.executemany(
        "INSERT INTO embedding (scorer_id, space, post_id, vector) VALUES (?, 'fused', ?, ?)",
        ((*key, form.pack(*(chance.uniform(-1, 1) for _ in range(options.vectors)))) for key in keys))
    store.commit()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="?", type=int)
    parser.add_argument("-o", "--output")
    parser.add_argument("--pictures", type=float, default=0.0, help="the share of posts with a picture")
    parser.add_argument("--samples", default="Samples")
    parser.add_argument("--vectors", type=int)
    parser.add_argument("--store")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if options.vectors and options.store:
        widen(options)
    elif options.rows and options.output:
        write(options)
    else:
        parser.error("give ROWS and -o, or --vectors and --store")


if __name__ == "__main__":
    main()
