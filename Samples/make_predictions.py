"""Writes predictions.csv: what the PyTorch reference says of the posts with the model's weights.

    python make_predictions.py PATH/TO/clfa_reference.py        # in this folder

Needs torch, safetensors, numpy, tokenizers and Pillow; pictures are decoded and resized by Pillow.
"""
import csv
import importlib.util
import json
import sys

import numpy as np
import torch
from PIL import Image
from safetensors.torch import load_file
from tokenizers import BertWordPieceTokenizer


def main(path):
    spec = importlib.util.spec_from_file_location("clfa_reference", path)
    reference = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(reference)
    with open("model/config.json") as file:
        said = json.load(file)
    known = {k: v for k, v in said.items() if k in reference.Config.__dataclass_fields__}
    known |= {"text": reference.TextConfig(**said["text"]), "image": reference.ImageConfig(**said["image"])}
    model = reference.CLFA(reference.Config(**known)).eval()
    model.load_state_dict({k: v.float() for k, v in load_file("model/weights.safetensors").items()})
    tokenizer = BertWordPieceTokenizer("model/vocab.txt", lowercase=True)
    size, labels = said["image"]["image_size"], said["label_names"]
    mean, std = (np.array(said["preprocessing"][k], np.float32) for k in ("mean", "std"))
    with open("posts.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    with open("predictions.csv", "w", newline="") as file, torch.inference_mode():
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["id", "label", *(f"p_{name}" for name in labels)])
        for row in rows:
            ids = torch.tensor([tokenizer.encode(row["text"]).ids])
            picture = Image.open(row["image"]).convert("RGB").resize((size, size), Image.BILINEAR)
            pixels = (np.asarray(picture, np.float32) / 255 - mean) / std
            batch = {
                "text_ids": ids, "text_mask": torch.ones_like(ids),
                "pixels": torch.from_numpy(np.ascontiguousarray(pixels.transpose(2, 0, 1)[None]).astype(np.float32)),
            }
            p = torch.softmax(model.stages(batch)["logits"], 1)[0]
            out.writerow([row["id"], labels[int(p.argmax())], *(f"{float(v):.6f}" for v in p)])


if __name__ == "__main__":
    main(sys.argv[1])
