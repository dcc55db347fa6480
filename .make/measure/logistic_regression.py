#!/usr/bin/env python3
"""Macro-F1 of logistic regression on the vectors of two encoders: a baseline for `clfa train --recipe frozen`.

    logistic_regression.py TRAIN.csv HELD_OUT.csv --text-encoder BERT [--image-encoder VIT --images FOLDER]

Each post is the mean of the last layer's tokens of its text, followed by that of its picture. The encoders are the hub
folders that `clfa train` gets. The columns are text, image and label. Prints one line for each of equal and balanced
class weights. Needs torch, transformers, Pillow and scikit-learn.
"""

import argparse
import csv
import json
from pathlib import Path

import numpy
import torch
from PIL import Image
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from transformers import AutoTokenizer, BertModel, ViTModel


def text_means(texts, folder, longest=77):
    tokenizer, model = AutoTokenizer.from_pretrained(folder), BertModel.from_pretrained(folder).eval()
    means = []
    for first in range(0, len(texts), 32):
        batch = tokenizer(
            texts[first : first + 32], padding=True, truncation=True, max_length=longest, return_tensors="pt")
        mask = batch["attention_mask"][..., None]
        means.append(((model(**batch).last_hidden_state * mask).sum(1) / mask.sum(1)).numpy())
    return numpy.concatenate(means)


def picture_means(paths, folder):
    settings = json.loads((Path(folder) / "preprocessor_config.json").read_text())
    model = ViTModel.from_pretrained(folder, add_pooling_layer=False).eval()
    side, means = model.config.image_size, []
    for first in range(0, len(paths), 32):
        pixels = []
        for path in paths[first : first + 32]:
            picture = Image.open(path).convert("RGB").resize((side, side), settings.get("resample", 2))
            square = numpy.asarray(picture, dtype=numpy.float32) / 255
            pixels.append((square - settings["image_mean"]) / settings["image_std"])
        batch = torch.tensor(numpy.stack(pixels), dtype=torch.float32).permute(0, 3, 1, 2)
        means.append(model(pixel_values=batch).last_hidden_state.mean(1).numpy())
    return numpy.concatenate(means)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("train")
    parser.add_argument("held_out")
    parser.add_argument("--text-encoder", required=True)
    parser.add_argument("--image-encoder")
    parser.add_argument("--images", default=".")
    options = parser.parse_args()
    parts = []
    for path in (options.train, options.held_out):
        with open(path, newline="") as file:
            parts.append(list(csv.DictReader(file)))
    rows = parts[0] + parts[1]
    with torch.no_grad():
        vectors = [text_means([row["text"] for row in rows], options.text_encoder)]
        if options.image_encoder:
            paths = [Path(options.images) / row["image"] for row in rows]
            vectors.append(picture_means(paths, options.image_encoder))
    features, labels = numpy.concatenate(vectors, axis=1), numpy.array([row["label"] for row in rows])
    learnt = len(parts[0])
    for weights in (None, "balanced"):
        model = LogisticRegression(max_iter=1000, class_weight=weights).fit(features[:learnt], labels[:learnt])
        score = f1_score(labels[learnt:], model.predict(features[learnt:]), average="macro")
        print(f"{weights or 'equal'} class weights: macro-F1 {score:.4f}")


if __name__ == "__main__":
    main()
