"""Writes what training must reproduce:  python make_goldens.py PATH/TO/clfa_reference.py

Each file belongs to the model and the batch of the same name among the goldens of ModelsTests: the losses, every
gradient, the loss before each of 20 optimiser steps, and the parameters after them, all F32.
"""
import importlib.util
import json
import os
import subprocess
import sys
import tempfile

import torch
from safetensors.torch import load_file, save_file

HERE = os.path.dirname(os.path.abspath(__file__))


def cases():
    spec = importlib.util.spec_from_file_location("goldens", f"{HERE}/../../ModelsTests/Data/make_goldens.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.CASES


def main(reference):
    for name, options in cases().items():
        with tempfile.TemporaryDirectory() as made:
            subprocess.run([sys.executable, reference, "golden", made, *options], check=True)
            batch, outputs = load_file(f"{made}/batch.safetensors"), load_file(f"{made}/outputs.safetensors")
            after = load_file(f"{made}/weights_after_20_steps.safetensors")
            with open(f"{made}/steps.json") as file:
                steps = json.load(file)
            kept = {k: batch[k] for k in ("labels", "teacher_text", "teacher_image")}
            kept |= {k: v.reshape(-1) for k, v in outputs.items() if k.startswith(("grad.", "loss."))}
            kept |= {f"after.{k}": v for k, v in after.items()}
            kept["trace"] = torch.tensor(steps["loss"])
            save_file({k: v.float().contiguous() for k, v in kept.items()}, f"{HERE}/{name}.safetensors")


if __name__ == "__main__":
    main(sys.argv[1])
