#!/usr/bin/env python3
"""Gives a teacher vectors for a stream of features that a column describes in words, in one space with texts and pictures.

    stream_teacher.py rows TRAIN.csv VALIDATION.csv … --image seen --stream sound=heard -o described.csv
    clfa teach described.csv --teacher MiniLM --image-column described --centre --whiten 32 -o described.safetensors
    stream_teacher.py join described.safetensors --stream sound -o teacher.safetensors

The first command writes each post twice: with the words for its picture, and, under an id of its own, with those for its
stream. So one run of `clfa teach` centres and whitens both together. The last one makes of the second vectors a matrix with
the name of the stream. A post without words for the stream gets a row of zeros: no vector. Needs the standard library only.
"""
import argparse
import csv
import json
import struct

MARK = "\u241f"


def rows(options):
    stream, column = options.stream.split("=")
    with open(options.output, "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["id", "text", "described"])
        for path in options.files:
            with open(path, newline="", encoding="utf-8") as source:
                for row in csv.DictReader(source):
                    out.writerow([row["id"], row["text"], row[options.image]])
                    if row[column]:
                        out.writerow([row["id"] + MARK + stream, row["text"], row[column]])


def join(options):
    with open(options.files[0], "rb") as file:
        size = struct.unpack("<Q", file.read(8))[0]
        header = json.loads(file.read(size))
        data = file.read()
    ids = header["__metadata__"]["ids"]
    ids = json.loads(ids) if ids.startswith("[") else ids.split(",")
    places = {name: place for place, name in enumerate(ids)}
    width = 4 * header["image"]["shape"][1]

    def vector(side, place):
        start = header[side]["data_offsets"][0] + place * width
        return data[start : start + width]

    posts = [name for name in ids if MARK not in name]
    matrices = {side: b"".join(vector(side, places[name]) for name in posts) for side in ("text", "image")}
    twins = [places.get(name + MARK + options.stream) for name in posts]
    matrices[options.stream] = b"".join(bytes(width) if twin is None else vector("image", twin) for twin in twins)
    made, end = {"__metadata__": {**header["__metadata__"], "ids": json.dumps(posts)}}, 0
    for name, matrix in matrices.items():
        made[name] = {"dtype": "F32", "shape": [len(posts), width // 4], "data_offsets": [end, end + len(matrix)]}
        end += len(matrix)
    text = json.dumps(made).encode()
    text += b" " * (-len(text) % 8)
    with open(options.output, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(matrices.values()))
    print(f"{options.output}: {len(posts)} posts, {sum(twin is not None for twin in twins)} with a vector for {options.stream}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("step", choices=["rows", "join"])
    parser.add_argument("files", nargs="+")
    parser.add_argument("--image", default="picture")
    parser.add_argument("--stream", required=True)
    parser.add_argument("-o", "--output", required=True)
    options = parser.parse_args()
    (rows if options.step == "rows" else join)(options)


if __name__ == "__main__":
    main()
