#!/usr/bin/env python3
"""Gives each post of one corpus a picture from a folder.   CORPUS.csv FOLDER ROWS -o posts.csv

Corpora of tweets often come without their pictures. To measure speed on texts of real length and real photographs, the
first ROWS posts get the files of FOLDER in the order of their names, each its own. Columns id, text and knowledge are kept.
Score the result with --images FOLDER. Needs the standard library only.
"""

import argparse
import csv
from itertools import islice
from pathlib import Path


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus")
    parser.add_argument("folder", type=Path)
    parser.add_argument("rows", type=int)
    parser.add_argument("-o", "--output", required=True)
    options = parser.parse_args()
    pictures = sorted(path.name for path in options.folder.iterdir() if path.is_file())
    if len(pictures) < options.rows:
        parser.error(f"{options.folder} has {len(pictures)} files, {options.rows} are needed")
    with open(options.corpus, newline="", encoding="utf-8-sig") as file, \
            open(options.output, "w", newline="", encoding="utf-8") as output:
        out = csv.writer(output)
        out.writerow(["id", "text", "knowledge", "image"])
        for row, picture in zip(islice(csv.DictReader(file), options.rows), pictures):
            out.writerow([row["id"], row["text"], row.get("knowledge", ""), picture])


if __name__ == "__main__":
    main()
