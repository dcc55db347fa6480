#!/usr/bin/env python3
"""Compares the vectors of `clfa teach` with those of `transformers` and numpy.

    teacher.py HUB-FOLDER CORPUS VECTORS.safetensors --text-column text --image-column image --images FOLDER
    teacher.py HUB-FOLDER CORPUS VECTORS.safetensors --text-column text --image-column seen [--centre] [--whiten 32]

The first form is for a CLIP or a SigLIP, whose pictures are files (run `clfa teach --decode exact`); the second for a BERT,
whose pictures are described in words. Every post of CORPUS has both. Prints the largest difference of a number. Needs torch,
transformers, tokenizers, safetensors and pillow.
"""

import argparse
import csv
import json

import numpy as np
import torch
from PIL import Image
from safetensors import safe_open
from tokenizers import Tokenizer
from torch.nn.functional import normalize
from transformers import AutoModel, AutoTokenizer, CLIPImageProcessorPil, SiglipImageProcessorPil


def unit(x):
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def words(model, tokenizer, texts):
    """The means of the last layer's tokens, [CLS] and [SEP] included."""
    out = []
    for text in texts:
        ids = tokenizer(text, return_tensors="pt", truncation=True, max_length=model.config.max_position_embeddings)
        out.append(normalize(model(**ids).last_hidden_state.mean(1)))
    return torch.cat(out).double().numpy()


def both(model, folder, rows, options):
    """A CLIP's or a SigLIP's vectors of the texts and the picture files."""
    siglip = model.config.model_type == "siglip"
    processor = (SiglipImageProcessorPil if siglip else CLIPImageProcessorPil).from_pretrained(folder)
    most = model.config.text_config.max_position_embeddings
    tokenizer = Tokenizer.from_file(f"{folder}/tokenizer.json")
    tokenizer.enable_truncation(most)
    text, image = [], []
    for row in rows:
        ids = tokenizer.encode(row[options.text_column]).ids
        if siglip:
            ids += [model.config.text_config.pad_token_id] * (most - len(ids))
        with Image.open(f"{options.images}/{row[options.image_column]}") as picture:
            pixels = processor(picture.convert("RGB"), return_tensors="pt")["pixel_values"]
        result = model(input_ids=torch.tensor([ids]), pixel_values=pixels)
        text.append(result.text_embeds)
        image.append(result.image_embeds)
    return torch.cat(text).double().numpy(), torch.cat(image).double().numpy()


def centred(sides, columns, whiten):
    """Each side less its mean, projected on the leading directions of both and scaled to equal variance; length 1."""
    kept = []
    for side, keys in zip(sides, columns):
        weights = np.ones(len(side))
        if keys is not None:  # the mean of pictures is over those that differ
            seen = set()
            weights = np.array([float(key not in seen and not seen.add(key)) for key in keys])
        mean = np.average(side, axis=0, weights=weights)
        kept.append((side - mean, weights))
    if whiten:
        spread = sum((x * w[:, None]).T @ x / w.sum() for x, w in kept) / 2
        axes = np.linalg.eigh(spread)[1][:, ::-1][:, :whiten]
        kept = [(x @ axes, w) for x, w in kept]
        kept = [(x / np.maximum(np.sqrt(np.average(x**2, axis=0, weights=w)), 1e-3), w) for x, w in kept]
    return [unit(x) for x, _ in kept]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("teacher", "corpus", "vectors"):
        parser.add_argument(name)
    parser.add_argument("--text-column", default="text")
    parser.add_argument("--image-column", default="image")
    parser.add_argument("--images", default=".")
    parser.add_argument("--centre", action="store_true")
    parser.add_argument("--whiten", type=int)
    options = parser.parse_args()

    with open(options.corpus, newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    with safe_open(options.vectors, "np") as file:
        ids = file.metadata()["ids"]
        ids = json.loads(ids) if ids.startswith("[") else ids.split(",")
        found = [file.get_tensor(side).astype(np.float64) for side in ("text", "image")]
    model = AutoModel.from_pretrained(options.teacher, dtype=torch.float32).eval()
    with torch.inference_mode():
        if hasattr(model, "get_image_features"):
            sides = both(model, options.teacher, rows, options)
        else:
            tokenizer = AutoTokenizer.from_pretrained(options.teacher)
            sides = [words(model, tokenizer, [row[column] for row in rows])
                     for column in (options.text_column, options.image_column)]
    if options.centre or options.whiten:
        sides = centred(sides, (None, [row[options.image_column] for row in rows]), options.whiten)
    place = {row["id"]: n for n, row in enumerate(rows)}
    sides = [side[[place[key] for key in ids]] for side in sides]
    if options.whiten:  # the sign of a direction is free
        signs = np.sign(sum((a * b).sum(0) for a, b in zip(sides, found)))
        sides = [side * signs for side in sides]
    for name, a, b in zip(("text", "image"), sides, found):
        print(f"{name}: {len(ids)} vectors of {b.shape[1]} numbers, largest difference {np.abs(a - b).max():.2g}")


if __name__ == "__main__":
    main()
