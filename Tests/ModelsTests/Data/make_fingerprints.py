"""Makes fingerprints.json: the fingerprint of each model of make_models.py, by its definition and apart from the program.

A SHA-256 of lines: one for each tensor, by name; each key of the configuration that differs from the published model's;
the vocabulary. A later version must give the same, or it takes old predictions for another model's.
"""
import hashlib
import json
import os
import struct
import sys

from cases import CASES

HERE = os.path.dirname(os.path.abspath(__file__))
PUBLISHED = {
    "dim": 512, "projection_hidden": 1536, "fusion_layers": 3, "fusion_heads": 8, "fusion_ffn": 2048, "fusion_eps": 1e-12,
    "knowledge": True, "aggregation": "cross-attention", "pooling": "mean", "dropout": 0.1, "alpha": 1.0, "beta": 1.0,
    "temperature": 0.1, "preparation": [],
    "text": {"vocab_size": 30522, "hidden_size": 768, "layers": 12, "heads": 12, "ffn": 3072, "max_positions": 512,
             "type_vocab": 2, "eps": 1e-12},
    "image": {"image_size": 224, "patch_size": 32, "hidden_size": 768, "layers": 12, "heads": 12, "ffn": 3072, "eps": 1e-6},
    "tokenizer": {"kind": "wordpiece", "lowercase": True, "strip_accents": True, "max_text": 77, "max_knowledge": 66},
    "preprocessing": {"resize": "squash", "resample": "bilinear", "mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]},
}


def read(path):
    with open(path, "rb") as file:
        return file.read()


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def tensors(data):
    """A line for each tensor of a safetensors file."""
    start = 8 + struct.unpack("<Q", data[:8])[0]
    for name, facts in sorted(json.loads(data[8:start]).items()):
        if name != "__metadata__":
            first, end = facts["data_offsets"]
            shape = ",".join(map(str, facts["shape"]))
            yield f"tensor {len(name)}:{name} {facts['dtype']} [{shape}] {sha256(data[start + first:start + end])}"


def spelled(value):
    if isinstance(value, list):
        return ",".join(f"{len(item)}:{item}" for item in map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def flat(config):
    """Keys and values, those of inner objects as OUTER.INNER."""
    for key, value in config.items():
        if isinstance(value, dict):
            yield from ((f"{key}.{inner}", v) for inner, v in value.items())
        else:
            yield key, value


def fingerprint(folder):
    config, published = dict(flat(json.loads(read(f"{folder}/config.json")))), dict(flat(PUBLISHED))
    for derived in ("format", "labels"):  # the names of the labels say how many there are
        config.pop(derived)
    lines = ["clfa-fingerprint/1", *tensors(read(f"{folder}/weights.safetensors"))]
    for key, value in sorted(config.items()):
        if key not in published or published[key] != value:
            lines.append(f"{key} {len(spelled(value))}:{spelled(value)}")
    lines.append(f"vocabulary {sha256(read(f'{folder}/vocab.txt'))}")
    return sha256("".join(line + "\n" for line in lines).encode())


if __name__ == "__main__":
    with open(f"{sys.argv[1]}/fingerprints.json", "w") as file:
        file.write(json.dumps({name: fingerprint(f"{HERE}/{name}") for name in CASES}, indent=1) + "\n")
