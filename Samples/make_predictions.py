"""Makes predictions.csv: what the PyTorch reference says of the labelled posts with the model's weights.

Pictures are decoded and resized by Pillow.
"""
import csv
import os
import sys

import numpy as np
import torch
from PIL import Image
from tokenizers import BertWordPieceTokenizer

from clfa import load

SAMPLES = os.path.dirname(os.path.abspath(__file__))


def main(made):
    model = load(f"{SAMPLES}/model")
    tokenizer = BertWordPieceTokenizer(f"{SAMPLES}/model/vocab.txt", lowercase=True)
    size, labels = model.config["image"]["image_size"], model.config["label_names"]
    mean, std = (np.array(model.config["preprocessing"][key], np.float32) for key in ("mean", "std"))
    with open(f"{SAMPLES}/posts.csv", newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["label"]]
    with open(f"{made}/predictions.csv", "w", newline="") as file, torch.inference_mode():
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["id", "label", *(f"p_{name}" for name in labels)])
        for row in rows:
            ids = torch.tensor([tokenizer.encode(row["text"]).ids])
            picture = Image.open(f"{SAMPLES}/{row['image']}").convert("RGB").resize((size, size), Image.BILINEAR)
            pixels = (np.asarray(picture, np.float32) / 255 - mean) / std
            batch = {"text_ids": ids, "text_mask": torch.ones_like(ids), "pixels": torch.from_numpy(pixels.transpose(2, 0, 1)[None].copy())}
            p = torch.softmax(model.stages(batch)["logits"], 1)[0]
            out.writerow([row["id"], labels[int(p.argmax())], *(f"{float(v):.6f}" for v in p)])


if __name__ == "__main__":
    main(sys.argv[1])
