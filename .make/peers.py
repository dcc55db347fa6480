#!/usr/bin/env python3
"""Runs a clfa model folder in another engine: from CSV to SQLite, timed in the same way as `clfa score`.

    peers.py MODEL CORPUS IMAGES --engine openvino --precision bf16

MODEL holds config.json, weights.safetensors and vocab.txt. CORPUS is a CSV with the columns id, text, image and,
for a model that reads it, knowledge; a row whose image is empty has no picture. IMAGES is the folder that the
image paths start from. Prints one line of JSON. An engine whose packages are not installed, or that has no such
precision, is not an error: the line says so.
"""

import argparse
import contextlib
import csv
import importlib.util
import json
import os
import queue
import sqlite3
import sys
import tempfile
import threading
import time
import types
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

BATCH = 16
COMMON = ["torch", "numpy", "safetensors", "tokenizers", "PIL"]
# What each engine imports beside that, at each precision that it has.
ENGINES = {
    "torch": {"f32": [], "bf16": []},
    "onnxruntime": {"f32": ["onnx", "onnxruntime"], "int8": ["onnx", "onnxruntime"]},
    "openvino": {"f32": ["onnx", "openvino"], "bf16": ["onnx", "openvino"], "int8": ["onnx", "openvino", "nncf"]},
}
RESULTS = ["probabilities", "text_vector", "image_vector", "fused_vector"]


# The rows.


def prepared(options, config):
    """The rows as (ids, arrays) batch by batch, shortest first; pictures are decoded three batches ahead."""
    import numpy as np
    from PIL import Image
    from tokenizers import BertWordPieceTokenizer

    with open(options.corpus, newline="", encoding="utf-8-sig") as file:
        rows = list(islice(csv.DictReader(file), options.rows))
    words, look = config["tokenizer"], config["preprocessing"]
    tokenizer = BertWordPieceTokenizer(
        str(options.model / "vocab.txt"), lowercase=words["lowercase"], strip_accents=words["strip_accents"])
    side = config["image"]["image_size"]
    mean, deviation = (np.array(look[name], np.float32) * 255 for name in ("mean", "std"))

    def pieces(column, most):
        encoded = (e.ids for e in tokenizer.encode_batch([row.get(column) or "" for row in rows]))
        return [ids if len(ids) <= most else ids[: most - 1] + ids[-1:] for ids in encoded]

    streams = {"text": pieces("text", words["max_text"])}
    if config["knowledge"]:
        streams["knowledge"] = pieces("knowledge", words["max_knowledge"])

    def pixels(row):
        if not row["image"]:
            return np.zeros((3, side, side), np.float32)
        with Image.open(options.images / row["image"]) as picture:
            if options.decode == "scaled":
                picture.draft("RGB", (side, side))
            small = picture.convert("RGB").resize((side, side), Image.Resampling.BILINEAR)
        return np.moveaxis((np.asarray(small, np.float32) - mean) / deviation, 2, 0)

    order = sorted(range(len(rows)), key=lambda i: sum(len(lists[i]) for lists in streams.values()))
    ready = queue.Queue(maxsize=3)

    def batch(chosen, pool):
        arrays = {
            "pixels": np.stack(list(pool.map(pixels, [rows[i] for i in chosen]))),
            "has_picture": np.array([bool(rows[i]["image"]) for i in chosen], np.float32),
        }
        for name, lists in streams.items():
            width = max(len(lists[i]) for i in chosen)
            arrays[name] = np.zeros((len(chosen), width), np.int64)
            arrays[name + "_mask"] = np.zeros((len(chosen), width), np.float32)
            for line, i in enumerate(chosen):
                arrays[name][line, : len(lists[i])] = lists[i]
                arrays[name + "_mask"][line, : len(lists[i])] = 1
        return [rows[i]["id"] for i in chosen], arrays

    def fill():
        try:
            with ThreadPoolExecutor(options.threads) as pool:
                for start in range(0, len(order), BATCH):
                    ready.put(batch(order[start : start + BATCH], pool))
            ready.put(None)
        except Exception as error:
            ready.put(error)

    threading.Thread(target=fill, daemon=True).start()
    while (item := ready.get()) is not None:
        if isinstance(item, Exception):
            raise item
        yield item


# The engines: each a function from a batch's arrays to RESULTS.


def exported(options, config):
    """The network as an ONNX file, made once for these weights."""
    import torch
    from peers_network import build

    path = options.cache / "model.onnx"
    if path.exists():
        return path
    inputs = {"pixels": torch.zeros(2, 3, *[config["image"]["image_size"]] * 2), "has_picture": torch.ones(2)}
    for name, width in {"text": 9, "knowledge": 5}.items():
        if name == "text" or config["knowledge"]:
            inputs |= {name: torch.ones(2, width, dtype=torch.long), name + "_mask": torch.ones(2, width)}
    axes = {n: {0: "rows"} | ({1: n.split("_")[0]} if n[:2] in ("te", "kn") else {}) for n in inputs}
    unfinished = path.with_suffix(".part")
    with torch.no_grad():
        torch.onnx.export(
            build(options.model, config), tuple(inputs.values()), str(unfinished), dynamo=False, opset_version=17,
            input_names=list(inputs), output_names=RESULTS, dynamic_axes=axes)
    unfinished.rename(path)
    return path


def with_torch(options, config):
    import torch
    from peers_network import build

    torch.set_num_threads(options.threads)
    network = build(options.model, config)
    if options.precision == "bf16":
        # Left open for good: the weights, converted by the first batch, are kept while it lasts.
        torch.autocast("cpu", torch.bfloat16).__enter__()

    def infer(arrays):
        with torch.inference_mode():
            results = network(**{name: torch.from_numpy(array) for name, array in arrays.items()})
        return [result.float().numpy() for result in results]

    return infer


def with_onnxruntime(options, config):
    import onnxruntime
    from onnxruntime.quantization import QuantType, quantize_dynamic

    path = exported(options, config)
    if options.precision == "int8":
        source, path = path, options.cache / "model-int8.onnx"
        if not path.exists():
            unfinished = path.with_suffix(".part")
            quantize_dynamic(source, unfinished, weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul", "Gemm"])
            unfinished.rename(path)
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = options.threads
    session = onnxruntime.InferenceSession(str(path), settings, providers=["CPUExecutionProvider"])
    return lambda arrays: session.run(RESULTS, arrays)


def with_openvino(options, config):
    import openvino

    core = openvino.Core()
    path = exported(options, config)
    if options.precision == "int8":
        source, path = path, options.cache / "model-int8.xml"
        if not path.exists():
            import nncf

            few = [arrays for _, arrays in islice(prepared(options, config), 4)]
            quantised = nncf.quantize(
                core.read_model(source), nncf.Dataset(few), subset_size=len(few), model_type=nncf.ModelType.TRANSFORMER)
            unfinished = options.cache / "unfinished.xml"
            openvino.save_model(quantised, unfinished, compress_to_fp16=False)
            for suffix in (".bin", ".xml"):
                unfinished.with_suffix(suffix).rename(path.with_suffix(suffix))
    compiled = core.compile_model(
        core.read_model(path), "CPU",
        {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_NUM_THREADS": options.threads,
         "INFERENCE_PRECISION_HINT": "bf16" if options.precision == "bf16" else "f32"})
    request = compiled.create_infer_request()

    def infer(arrays):
        results = request.infer(arrays, share_inputs=True)
        return [results[name] for name in RESULTS]

    return infer


def score(options, config):
    """Runs the corpus whole; the clock goes from before the first row is read to after the last commit."""
    infer = globals()["with_" + options.engine](options, config)
    for _, arrays in islice(prepared(types.SimpleNamespace(**vars(options) | {"rows": 2 * BATCH}), config), 2):
        infer(arrays)
    options.out.unlink(missing_ok=True)
    store = sqlite3.connect(options.out)
    store.execute(f"CREATE TABLE prediction (id TEXT PRIMARY KEY, {', '.join(name + ' BLOB' for name in RESULTS)})")
    count, inside, begun = 0, 0.0, time.perf_counter()
    for ids, arrays in prepared(options, config):
        before = time.perf_counter()
        results = infer(arrays)
        inside += time.perf_counter() - before
        store.executemany(
            "INSERT INTO prediction VALUES (?, ?, ?, ?, ?)",
            [(key, *(result[line].tobytes() for result in results)) for line, key in enumerate(ids)])
        store.commit()
        count += len(ids)
    seconds = time.perf_counter() - begun
    return {"rows": count, "seconds": round(seconds, 3), "rows_per_second": round(count / seconds, 3),
            "model_seconds": round(inside, 3)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("model", "corpus", "images"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--engine", required=True, choices=ENGINES)
    parser.add_argument("--precision", default="f32", choices=["f32", "bf16", "int8"])
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--rows", type=int, help="take this many rows, from the first")
    parser.add_argument("--decode", default="scaled", choices=["scaled", "exact"], help="as clfa score --decode")
    parser.add_argument("--cache", type=Path, help="keep converted models in this folder")
    parser.add_argument("--out", type=Path, help="keep the predictions in this SQLite file")
    options = parser.parse_args()
    line = {"engine": options.engine, "precision": options.precision}
    needed = ENGINES[options.engine].get(options.precision)
    missing = [name for name in COMMON + (needed or []) if importlib.util.find_spec(name) is None]
    if needed is None:
        line["unsupported"] = True
    elif missing:
        line["missing"] = ["pillow" if name == "PIL" else name for name in missing]
    else:
        os.environ["OMP_NUM_THREADS"] = str(options.threads)
        config = json.loads((options.model / "config.json").read_text(encoding="utf-8"))
        weights = (options.model / "weights.safetensors").stat()
        with tempfile.TemporaryDirectory() as scratch:
            options.cache = (options.cache or Path(scratch)) / f"{weights.st_size}-{weights.st_mtime_ns}"
            options.cache.mkdir(parents=True, exist_ok=True)
            options.out = options.out or Path(scratch) / "predictions.sqlite"
            with contextlib.redirect_stdout(sys.stderr):  # some libraries print how far they are
                line |= score(options, config)
    print(json.dumps(line))


if __name__ == "__main__":
    main()
