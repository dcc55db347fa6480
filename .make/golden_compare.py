"""Compares the goldens that .make/golden has made with the committed ones.   MADE [--all] [--accept]

Files of the same bytes are the same. Where only last bits of numbers differ, as they do from one processor to another, the
committed file stays. Anything else is an error, and with --accept the new file is taken. A file that is not there yet is
put in its place. With --all, a golden that no script makes is an error, too.
"""
import csv
import json
import math
import os
import shutil
import subprocess
import sys

import numpy as np
import torch
from safetensors import safe_open

# How far a number may lie from the committed one, as a share of its tensor's largest number; in JSON and CSV, of the number
# itself or of 1, whichever is larger. Each is a fifth, or less, of what the tests allow.
DEFAULT = 2e-6
TOLERANCES = {
    "Tests/EvaluationTests/": 1e-13,
    "Tests/ResultsTests/": 1e-12,
    "Tests/TrainingTests/": 2e-5,  # gradients, and parameters after twenty steps
}
# Files among the goldens that no script makes: inputs that fuzzing found, BERT's pieces, and the forms of config.json.
SOURCES = (
    "Tests/FuzzTests/Data/",
    "Tests/InputsTests/Data/text/vocab.txt",
    "Tests/ModelsTests/Data/configurations.txt",
)
GOLDENS = ["Tests/*/Data/*", "Samples/broken/*", "Samples/broken.csv", "Samples/predictions.csv"]


class Differs(Exception):
    """What differs, in words."""


def apart(path, old, new, allowed):
    """How far two arrays lie apart."""
    if old.shape != new.shape or old.dtype != new.dtype:
        raise Differs(f"{path}: {old.dtype}{list(old.shape)} before, now {new.dtype}{list(new.shape)}")
    old, new = old.astype(np.float64), new.astype(np.float64)
    if not old.size:
        return 0.0
    far = float(np.abs(old - new).max())
    if not far <= allowed:
        raise Differs(f"{path}: {far:.1e} apart, allowed are {allowed:.1e}")
    return far


def values(path, old, new, tolerance):
    """How far two values of JSON lie apart; all but numbers with a fraction must be equal."""
    if isinstance(old, float) and isinstance(new, float) and math.isfinite(old):
        return apart(path, np.array(old), np.array(new), tolerance * max(1.0, abs(old)))
    if isinstance(old, dict) and isinstance(new, dict) and list(old) == list(new):
        return max((values(f"{path}.{key}", old[key], new[key], tolerance) for key in old), default=0.0)
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        return max((values(f"{path}[{i}]", a, b, tolerance) for i, (a, b) in enumerate(zip(old, new))), default=0.0)
    if type(old) is not type(new) or old != new:
        raise Differs(f"{path or 'the file'}: {str(old)[:60]} before, now {str(new)[:60]}")
    return 0.0


def allowed(tensor, tolerance):
    """A share of the largest number, and what rounding in f32 leaves where all cancel."""
    return tolerance * float(np.abs(tensor.astype(np.float64)).max(initial=0)) + 1e-7


def tensors(path):
    with safe_open(path, "pt") as file:
        return {name: file.get_tensor(name).numpy() for name in file.keys()}, file.metadata()


def as_json(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def rows(path):
    """Cells, those with a fraction as numbers."""
    with open(path, newline="", encoding="utf-8", errors="surrogateescape") as file:
        return [[float(cell) if cell.startswith(("0.", "1.")) else cell for cell in row] for row in csv.reader(file)]


def saved(path):
    """What torch.save wrote; its keys of storages are addresses in the older form, and change each time."""
    def plain(value):
        if isinstance(value, torch.Tensor):
            return [str(value.dtype), list(value.shape), value.double().flatten().tolist()]
        return {key: plain(inner) for key, inner in value.items()} if isinstance(value, dict) else value
    return plain(torch.load(path, weights_only=True))


def distance(golden, made, tolerance):
    """How far the files lie apart, 0 for other bytes of the same meaning; an error where they do not agree."""
    kind = os.path.splitext(golden)[1]
    if kind == ".safetensors":
        (old, facts), (new, others) = tensors(golden), tensors(made)
        if old.keys() != new.keys() or facts != others:
            raise Differs("other tensors or metadata")
        return max((apart(name, old[name], new[name], allowed(old[name], tolerance)) for name in old), default=0.0)
    if kind == ".json":
        return values("", as_json(golden), as_json(made), tolerance)
    if kind == ".csv":
        return values("", rows(golden), rows(made), tolerance)
    if kind in (".pt", ".bin") and "/bad/" not in golden:
        return values("", saved(golden), saved(made), 0.0)
    raise Differs("other bytes")


def same(one, other):
    with open(one, "rb") as a, open(other, "rb") as b:
        return a.read() == b.read()


def unmade(made):
    """The committed goldens that no script has made."""
    listed = subprocess.run(["git", "ls-files", "-z", *GOLDENS], check=True, capture_output=True, text=True).stdout
    names = [name for name in listed.split("\0") if name and not name.endswith((".py", ".md", ".swift"))]
    return [name for name in names if not name.startswith(SOURCES) and not os.path.isfile(f"{made}/{name}")]


def main(made, options):
    equal, kept, written, wrong = 0, [], [], []
    for folder, _, files in sorted(os.walk(made)):
        for file in sorted(files):
            new = f"{folder}/{file}"
            golden = os.path.relpath(new, made)
            if not os.path.exists(golden):
                os.makedirs(os.path.dirname(golden), exist_ok=True)
                shutil.copyfile(new, golden)
                written.append(golden)
            elif same(golden, new):
                equal += 1
            else:
                tolerance = next((t for start, t in TOLERANCES.items() if golden.startswith(start)), DEFAULT)
                try:
                    kept.append((golden, distance(golden, new, tolerance)))
                except Differs as why:
                    if "--accept" in options:
                        shutil.copyfile(new, golden)
                        written.append(golden)
                    else:
                        wrong.append(f"{golden}: {why}")
    wrong += [f"{name}: no script makes it" for name in unmade(made)] if "--all" in options else []
    print(f"{equal} goldens come out the same to the byte")
    if kept:
        print(f"{len(kept)} agree within what the tests allow, and stay as they are:")
        print("\n".join(f"  {name}: {f'last bits, {far:.1e} apart' if far else 'other bytes, the same values'}" for name, far in kept))
    if written:
        print(f"{len(written)} written:", *written, sep="\n  ")
    if wrong:
        print(f"{len(wrong)} goldens do not agree (ACCEPT=1 takes the new ones, made in {made}):", *wrong, sep="\n  ", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
