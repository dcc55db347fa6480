#!/usr/bin/env python3
"""Compares the forms in which a corpus and its pictures may come: the same posts give the same store, at what cost.

    formats.py stores --rows 100000      scores a CSV, JSON Lines and a compressed file, and compares the stores row by row
    formats.py plan --rows 1000000       time and peak memory of `clfa score --plan` for each form
    formats.py pictures --rows 20000     time of scoring with the pictures in a folder, a zip and a tar
    formats.py versions --rows 20000 --other OLD/clfa    time of scoring and planning a CSV with another version of clfa

The forms run in turn, --repeat times; each is compared with the first one of the same round. The posts are made up; their
pictures are those of the samples. Needs the standard library, and the program zstd.
"""

import argparse
import csv
import gzip
import itertools
import json
import os
import random
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tarfile
import time
import zipfile

from posts import LANGUAGES, WORDS

TABLES = [
    "SELECT record, key, state FROM entry ORDER BY record",
    "SELECT key, content_hash, text, knowledge, image, picture_hash, posted_at, extra FROM post ORDER BY key, content_hash",
    "SELECT key, prediction.label, confidence, probabilities FROM prediction JOIN post ON post.id = post_id ORDER BY key, content_hash",
    "SELECT key, source, label.label FROM label JOIN post ON post.id = post_id ORDER BY key, content_hash",
    "SELECT space, key, vector FROM embedding JOIN post ON post.id = post_id ORDER BY space, key, content_hash",
]


def write(options, share):
    """The posts as CSV and JSON Lines, both also compressed; `share` of them have a picture."""
    chance = random.Random(options.seed)
    with open(f"{options.samples}/posts.csv", newline="", encoding="utf-8") as file:
        pictures = [row["image"] for row in csv.DictReader(file) if row["image"]]
    forms = {name: f"{options.folder}/{name}" for name in ("posts.csv", "posts.jsonl", "posts.csv.gz", "posts.jsonl.zst")}
    with open(forms["posts.csv"], "w", newline="", encoding="utf-8") as table, \
            open(forms["posts.jsonl"], "w", encoding="utf-8") as lines:
        rows = csv.writer(table, lineterminator="\n")
        rows.writerow(["id", "text", "image", "label", "created", "user.name", "user.likes"])
        for number in range(options.rows):
            text = " ".join(chance.choices(WORDS, k=chance.randint(4, 30))) + chance.choice([" 😂", " \"really\"", "", " ü"])
            image = chance.choice(pictures) if chance.random() < share else ""
            post = {
                "id": 1_366_711_111_111_111_111 + number, "text": f"{text} {number}", "image": image or None,
                "label": chance.choice(["ironic", "sincere"]), "created": 1_539_202_764 + number * 60,
                "user": {"name": chance.choice(LANGUAGES), "likes": number % 1000},
            }
            rows.writerow([post["id"], post["text"], image, post["label"], post["created"], *post["user"].values()])
            lines.write(json.dumps(post, ensure_ascii=number % 2 == 0) + "\n")
    with open(forms["posts.csv"], "rb") as plain, gzip.open(forms["posts.csv.gz"], "wb", 6) as packed:
        shutil.copyfileobj(plain, packed)
    subprocess.run(["zstd", "-qf", forms["posts.jsonl"], "-o", forms["posts.jsonl.zst"]], check=True)
    return forms


def run(options, *arguments, clfa=None):
    """Runs clfa, or another program; its seconds and its peak memory in MB."""
    start = time.monotonic()
    with open(f"{options.folder}/output.txt", "wb") as output:
        process = subprocess.Popen([clfa or options.clfa, *arguments], stdout=output, stderr=output)
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        with open(f"{options.folder}/output.txt", encoding="utf-8") as output:
            raise SystemExit(f"formats.py: clfa {' '.join(arguments)}\n{output.read()}")
    return time.monotonic() - start, usage.ru_maxrss / 1024


def score(options, corpus, store, images, *more, clfa=None):
    for ending in ("", "-wal", "-shm"):
        if os.path.exists(store + ending):
            os.remove(store + ending)
    flags = [flag for place in images for flag in ("--images", place)]
    return run(options, "score", corpus, "--model", options.model, "--store", store, "--progress", "none", "--precision", "f32",
               "--date", "created", *flags, *more, clfa=clfa)


def table(measured):
    """Prints the medians and, round by round, each form's time relative to the first form's."""
    first = next(iter(measured))
    print(f"{'':18}{'seconds':>9}{'peak MB':>9}   relative to {first}: median (range over rounds)")
    for name, rounds in measured.items():
        ratios = [own[0] / other[0] for own, other in zip(rounds, measured[first])]
        print(f"{name:18}{statistics.median(s for s, _ in rounds):9.2f}{max(m for _, m in rounds):9.0f}   "
              f"{statistics.median(ratios):.3f} ({min(ratios):.3f} to {max(ratios):.3f})")


def stores(options):
    forms = write(options, 0.5)
    paths = {}
    for name, corpus in forms.items():
        paths[name] = f"{options.folder}/{name}.sqlite"
        seconds, peak = score(options, corpus, paths[name], [options.samples])
        print(f"{name}: {seconds:.1f} s, {peak:.0f} MB")
    first, *others = paths
    end, is_equal = object(), True
    for other, sql in itertools.product(others, TABLES):
        a, b = (sqlite3.connect(paths[name]).execute(sql) for name in (first, other))
        pairs = enumerate(itertools.zip_longest(a, b, fillvalue=end), 1)
        rows, found = 0, None
        for rows, (x, y) in pairs:
            if x != y:
                found = f"row {rows} differs:\n  {x}\n  {y}"
                break
        print(f"{first}, {other}: {sql.split(' FROM ')[1].split()[0]}: {found or f'{rows} equal rows'}")
        is_equal = is_equal and not found
    if not is_equal:
        sys.exit(1)


def plan(options):
    forms = write(options, 0.0)
    measured = {name: [] for name in forms}
    for _ in range(options.repeat):
        for name, corpus in forms.items():
            measured[name].append(score(options, corpus, f"{options.folder}/none.sqlite", [], "--allow-missing", "picture", "--plan"))
    for name, corpus in forms.items():
        print(f"{name}: {os.path.getsize(corpus) / 1e6:.0f} MB")
    table(measured)


def pictures(options):
    forms = write(options, 1.0)
    names = sorted(os.listdir(f"{options.samples}/images"))
    places = {"folder": options.samples, "zip": f"{options.folder}/images.zip", "tar": f"{options.folder}/images.tar"}
    with zipfile.ZipFile(places["zip"], "w") as packed, tarfile.open(places["tar"], "w") as joined:
        for name in names:
            packed.write(f"{options.samples}/images/{name}", f"images/{name}")
            joined.add(f"{options.samples}/images/{name}", f"images/{name}")
    measured = {name: [] for name in places}
    for _ in range(options.repeat):
        for name, place in places.items():
            measured[name].append(
                score(options, forms["posts.csv"], f"{options.folder}/{name}.sqlite", [place], "--no-cache"))
    table(measured)


def versions(options):
    forms = write(options, 0.5)
    programs = {"other": options.other, "this": options.clfa}
    for more in (["--allow-missing", "picture", "--plan"], ["--no-cache"]):
        measured = {name: [] for name in programs}
        for _ in range(options.repeat):
            for name, program in programs.items():
                measured[name].append(score(
                    options, forms["posts.csv"], f"{options.folder}/{name}.sqlite", [options.samples], *more, clfa=program))
        print("clfa score", *more)
        table(measured)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["stores", "plan", "pictures", "versions"])
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--clfa", default=".build/release/clfa")
    parser.add_argument("--other", help="another clfa, for versions")
    parser.add_argument("--samples", default="Samples")
    parser.add_argument("--model", default="Samples/model")
    parser.add_argument("--folder", default="/tmp/clfa-formats", help="where files are written; overwritten")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if options.what == "versions" and not options.other:
        parser.error("versions needs --other")
    os.makedirs(options.folder, exist_ok=True)
    {"stores": stores, "plan": plan, "pictures": pictures, "versions": versions}[options.what](options)


if __name__ == "__main__":
    main()
