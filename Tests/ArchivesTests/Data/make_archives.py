"""Makes the archives that are read: what torch.save and numpy.savez write of tensors of many shapes, and some made by hand.

expected.json holds the numbers.
"""
import argparse
import datetime
import json
import pathlib
import struct
import sys
from collections import OrderedDict, defaultdict

import numpy as np
import safetensors.numpy
import torch

from handmade import large, table, tensor, zipped

OUT = sys.argv[1]


def tensors():
    g = torch.Generator().manual_seed(7)
    base = torch.randn(4, 6, generator=g)
    t = OrderedDict()
    t["plain"] = torch.randn(2, 3, generator=g)
    t["transposed"] = torch.randn(3, 5, generator=g).t()
    t["slice"] = base[1:3, 2:5]
    t["shared.one"] = base
    t["shared.column"] = base[:, 4]
    t["every_other"] = base.flatten()[1::2]
    t["permuted"] = torch.randn(2, 3, 4, generator=g).permute(2, 0, 1)
    t["scalar"] = torch.tensor(1.5)
    t["empty"] = torch.zeros(0, 7)
    t["half"] = torch.randn(5, generator=g).half()
    t["bfloat"] = torch.randn(5, generator=g).bfloat16()
    t["double"] = torch.randn(2, 2, generator=g, dtype=torch.float64)
    t["parameter"] = torch.nn.Parameter(torch.randn(3, generator=g))
    t["counter"] = torch.tensor(7)
    t["positions"] = torch.arange(4).expand(1, -1)
    t["bytes"] = torch.tensor([1, 2, 255], dtype=torch.uint8)
    t["flags"] = torch.tensor([True, False])
    t["caf\u00e9"] = torch.ones(1)
    return t


def good():
    t = tensors()
    torch.save(t, f"{OUT}/table.pt")
    torch.save(t, f"{OUT}/protocol4.pt", pickle_protocol=4)
    torch.save(t, f"{OUT}/legacy.pt", _use_new_zipfile_serialization=False)
    module = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.BatchNorm1d(2))
    with torch.no_grad():
        for p in module.parameters():
            p.fill_(0.25)
    torch.save({"epoch": 3, "rate": 0.1, "state_dict": module.state_dict(), "note": None}, f"{OUT}/training.pt")
    # What training programs save with their tensors; only names and plain kinds, and no tensor that a model needs.
    table = OrderedDict(weight=torch.full((2, 2), 0.5), count=torch.tensor(3))
    others = {"epoch": 3, "best_f1": np.float64(0.83), "args": argparse.Namespace(lr=1e-5, seeds=[1, 2]), "seen": {1, 2},
              "when": datetime.datetime(2026, 11, 30, 12), "folder": pathlib.PurePosixPath("runs/3"), "huge": 2**90, "raw": b"abc",
              "scores": np.array([0.5, 0.25]), "counts": defaultdict(int, a=1), "device": torch.device("cpu"), "type": torch.float16,
              "optimizer": {"state": {0: {"exp_avg": torch.ones(2, 2)}}, "param_groups": [{"lr": 0.1}]}, "loss": torch.tensor(0.5),
              "frozen": frozenset({1}), "rng_state": torch.arange(5, dtype=torch.uint8)}
    for protocol in (2, 4):
        torch.save({**others, "model_state_dict": table}, f"{OUT}/others{protocol}.pt", pickle_protocol=protocol)
    torch.save({"round": 1, "run": {"net": table, "seed": 4}}, f"{OUT}/deep.pt")
    arrays = {"a/b": np.arange(6, dtype=np.float32).reshape(2, 3), "fortran": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
              "half": np.array([1.5, -2], np.float16), "scalar": np.float32(3), "whole": np.arange(3), "none": np.zeros((0, 2), np.float32)}
    np.savez(f"{OUT}/arrays.npz", **arrays)

    def facts(x):
        return {"shape": list(x.shape), "numbers": [float(v) for v in np.asarray(x, np.float64).flatten()]}

    json.dump({"torch": {k: facts(v.detach().double().numpy()) for k, v in t.items()}, "numpy": {k: facts(v) for k, v in arrays.items()}},
              open(f"{OUT}/expected.json", "w"), indent=0)


def handmade():
    files = {"zip64.pt": large()[0], "small.pt": zipped(table())}
    # Names are names: nothing is extracted.
    files["climbing.pt"] = zipped(
        table(tensor(key="../../w")), {"../../w": struct.pack("<4f", 1, 2, 3, 4)}, name="../../../../tmp/x", more=[("/etc/passwd", "x")])
    # Where fuzzing begins beside archives: safetensors, and an array alone.
    tensors = {"one": np.arange(6, dtype="float32").reshape(2, 3), "two": np.ones(3, "float16"), "three": np.arange(4)}
    files["table.safetensors"] = safetensors.numpy.save(tensors, metadata={"ids": "a,b"})
    for name, data in files.items():
        with open(f"{OUT}/{name}", "wb") as file:
            file.write(data)
    np.save(f"{OUT}/array.npy", np.arange(12, dtype="<f4").reshape(3, 4))


if __name__ == "__main__":
    good()
    handmade()
