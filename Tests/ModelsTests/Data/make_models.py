"""Makes the folders of this one that the reference's forward pass fills: a small random model, posts, every stage.

Everything is F32, ids and masks included, so that the tests need one reader. Knowledge and graphs that an aggregation does
not read are left out.
"""
import json
import os
import sys

from safetensors.torch import save_file

from cases import CASES, drawn

PIECES = 200
PREPROCESSING = {"resize": "squash", "resample": "bilinear", "mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]}


def folder_config(config):
    tokenizer = {"kind": "wordpiece", "lowercase": True, "strip_accents": True, "max_text": 40, "max_knowledge": 40}
    return config | {
        "format": "clfa-model/1", "label_names": [f"label_{i}" for i in range(config["labels"])], "tokenizer": tokenizer,
        "preparation": [], "preprocessing": PREPROCESSING}


def unread(aggregation):
    """The beginnings of the names that no test reads."""
    names = ("labels", "teacher_")
    if aggregation != "cross-attention":
        names += ("self_bias", "cross_bias")
    if aggregation not in ("cross-attention", "concat"):
        names += ("knowledge_hidden", "knowledge_tokens")
    return names


def main(out):
    for name in CASES:
        model, batch = drawn(name)
        folder, config = f"{out}/{name}", model.config
        os.makedirs(folder, exist_ok=True)
        parts = {"weights": model.state_dict(), "batch": batch, "outputs": model.stages(batch)}
        for part, tensors in parts.items():
            kept = {k: v.detach().float().clone().contiguous() for k, v in tensors.items() if not k.startswith(unread(config["aggregation"]))}
            save_file(kept, f"{folder}/{part}.safetensors")
        with open(f"{folder}/config.json", "w") as file:
            file.write(json.dumps(folder_config(config), indent=1) + "\n")
        with open(f"{folder}/vocab.txt", "w") as file:
            file.writelines(f"piece{i}\n" for i in range(PIECES))


if __name__ == "__main__":
    main(sys.argv[1])
