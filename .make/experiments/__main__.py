"""Trains and compares many small models on generated posts, with and without alignment.

    python3 .make/experiments CLFA IRONY MINILM FOLDER [PART ...]

Each part is a list of trainings. What was trained stays in FOLDER, so that the same command continues after an
interruption, and a part that needs another's models takes them from there. First it prints what is left to do and how
long that will take; at the end of each part it prints its tables, which are also written to FOLDER/PART.md.

The part `real` needs posts of one's own: MVSA=FOLDER with train.csv, validation.csv and teacher.safetensors, and
ENCODERS=FOLDER with a text encoder in `minilm`, a picture encoder in `vit-s14` and a lexicon in `lexicon.tsv`.
"""
import os
import sys
import time

import data
import plan
import tables
from runs import Laboratory


def main(clfa, irony, minilm, folder, *names):
    unknown = [name for name in names if name not in plan.PARTS]
    if unknown:
        sys.exit(f"no part {', '.join(unknown)}; there are {', '.join(plan.PARTS)}")
    names = names or [name for name in plan.PARTS if name != "real" or os.environ.get("MVSA")]
    os.makedirs(folder, exist_ok=True)
    laboratory = Laboratory(clfa, folder)
    sources = data.Sources(clfa, irony, minilm, folder, laboratory)
    estimate(laboratory, sources, names)
    for name in names:
        began = time.monotonic()
        plan.PARTS[name](laboratory, sources)
        text = tables.TABLES[name](laboratory)
        with open(f"{folder}/{name}.md", "w", encoding="utf-8") as file:
            file.write(text)
        print(f"\n# {name} ({(time.monotonic() - began) / 60:.0f} min)\n\n{text}", flush=True)


def estimate(laboratory, sources, names):
    """Prints how many trainings each part has left and, by the rate of trainings here, how long they take."""
    laboratory.is_counting = True
    print(f"{'part':14}{'trainings':>10}{'left':>6}{'minutes left':>14}")
    left = 0.0
    for name in names:
        laboratory.counted = []
        plan.PARTS[name](laboratory, sources)
        seconds = sum(laboratory.expected_seconds(run) for run in laboratory.counted if not laboratory.is_done(run))
        missing = sum(not laboratory.is_done(run) for run in laboratory.counted)
        left += seconds
        print(f"{name:14}{len(laboratory.counted):10}{missing:6}{seconds / 60:14.0f}")
    laboratory.is_counting = False
    print(f"about {left / 60:.0f} minutes left, {laboratory.rate_source}", flush=True)


if __name__ == "__main__":
    if len(sys.argv) < 5:
        sys.exit(__doc__)
    main(*sys.argv[1:])
