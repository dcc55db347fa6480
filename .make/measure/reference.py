#!/usr/bin/env python3
"""Scores a corpus with the PyTorch reference and compares the result with `clfa export`.

    PYTHONPATH=Tests/Reference reference.py MODEL CORPUS IMAGES [--rows N] -o reference.csv
    clfa export store.sqlite -o clfa.csv
    compare_runs.py clfa.csv reference.csv

MODEL is a model folder with word pieces, or one of `clfa model export`. CORPUS has the columns id, text, image and, for a
model that reads it, knowledge. Needs torch, safetensors, tokenizers 0.23.3 and pillow 12.0.0.
"""

import argparse
import csv
from itertools import islice

import numpy as np
import torch
from PIL import Image
from tokenizers import BertWordPieceTokenizer

from clfa import load


def posts(config, model, corpus, images, rows=None):
    """Each row with its batch of one post, as the reference reads it."""
    words, look, size = config["tokenizer"], config["preprocessing"], config["image"]["image_size"]
    tokenizer = BertWordPieceTokenizer(
        f"{model}/vocab.txt", lowercase=words["lowercase"], strip_accents=words["strip_accents"])
    mean, deviation = (np.array(look[key], np.float32) for key in ("mean", "std"))
    filter_ = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}[look["resample"]]
    if look["resize"] != "squash":
        raise SystemExit("reference.py: only pictures that are squashed to a square")

    def pieces(text, most):
        ids = tokenizer.encode(text).ids
        return torch.tensor([ids if len(ids) <= most else ids[: most - 1] + ids[-1:]])

    with open(corpus, newline="", encoding="utf-8-sig") as file:
        for row in islice(csv.DictReader(file), rows):
            ids = pieces(row["text"], words["max_text"])
            batch = {"text_ids": ids, "text_mask": torch.ones_like(ids)}
            if config["knowledge"]:
                ids = pieces(row.get("knowledge") or "", words["max_knowledge"])
                batch |= {"knowledge_ids": ids, "knowledge_mask": torch.ones_like(ids)}
            if row["image"]:
                with Image.open(f"{images}/{row['image']}") as picture:
                    small = np.asarray(picture.convert("RGB").resize((size, size), filter_), np.float32)
                pixels = torch.from_numpy(np.ascontiguousarray(((small / 255 - mean) / deviation).transpose(2, 0, 1)))
            else:
                pixels = torch.zeros(3, size, size)
            yield row, batch | {"pixels": pixels[None], "image_present": torch.tensor([int(bool(row["image"]))])}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("model", "corpus", "images"):
        parser.add_argument(name)
    parser.add_argument("--rows", type=int)
    parser.add_argument("-o", "--output", required=True)
    options = parser.parse_args()

    model = load(options.model)
    names = model.config["label_names"]
    with open(options.output, "w", newline="", encoding="utf-8") as file, torch.inference_mode():
        out = csv.writer(file)
        out.writerow(["id", "label", "clfa_label", *(f"clfa_p_{name}" for name in names)])
        for row, batch in posts(model.config, options.model, options.corpus, options.images, options.rows):
            p = model.stages(batch)["logits"].softmax(1)[0]
            out.writerow([row["id"], row.get("label", ""), names[int(p.argmax())], *(repr(float(value)) for value in p)])


if __name__ == "__main__":
    main()
