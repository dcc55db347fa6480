#!/usr/bin/env python3
"""Trains the PyTorch reference as `clfa train` trains a model, from the same hub folders, posts and teacher's vectors.

    PYTHONPATH=Tests/Reference train_reference.py TRAIN VALIDATION IMAGES --text-encoder BERT --image-encoder VIT
        [--teacher teacher.safetensors] [--alpha 1] [--batch 16] [--learning-rate 5e-5] [--epochs 2] [--dim 256] [--seed 1]
    clfa train TRAIN --validation VALIDATION --images IMAGES --text-encoder BERT --image-encoder VIT …

TRAIN and VALIDATION are CSV files with the columns id, text, image, label and, with --knowledge, knowledge. Every post has a
picture. VIT is made for --image-size. Prints a line of JSON for each epoch: the mean loss, the median time of a step after
the first two, and macro-F1 and accuracy on VALIDATION; the last line has the peak of memory. With --steps N it stops after
N steps, to compare their time with `clfa train` or `clfa bench --training`. -o keeps the best epoch as a model folder.
Needs torch, safetensors, tokenizers, pillow, scikit-learn.
"""

import argparse
import csv
import json
import random
import re
import resource
import shutil
import statistics
import time
import types
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from sklearn.metrics import accuracy_score, f1_score
from tokenizers import BertWordPieceTokenizer
from torch.nn.functional import cross_entropy, dropout

import clfa

# A hub's names and the reference's.
TEXT = [
    (r"^bert\.", ""), (r"embeddings\.(word|position|token_type)_embeddings", r"\1"), ("embeddings.LayerNorm", "norm"),
    (r"encoder\.layer\.", "blocks."), ("attention.self.", "attention."), ("attention.output.dense", "attention_output"),
    ("attention.output.LayerNorm", "attention_norm"), ("intermediate.dense", "fc1"), (r"output\.dense", "fc2"),
    ("output.LayerNorm", "output_norm")]
IMAGE = [
    (r"^vit\.", ""), ("embeddings.cls_token", "cls"), ("embeddings.position_embeddings", "position"),
    ("embeddings.patch_embeddings.projection", "patch"), (r"encoder\.layer\.", "blocks."), (r"^layernorm", "norm"),
    ("attention.attention.", "attention."), ("attention.output.dense", "attention_output"), ("intermediate.dense", "fc1"),
    (r"output\.dense", "fc2"), ("layernorm_before", "norm1"), ("layernorm_after", "norm2")]


def load_encoder(encoder, folder, names):
    wanted, found = set(encoder.state_dict()), {}
    for name, value in load_file(f"{folder}/model.safetensors").items():
        for pattern, replacement in names:
            name = re.sub(pattern, replacement, name)
        if name in wanted:
            found[name] = value.float()
    encoder.load_state_dict(found)


def add_dropout(model, share):
    """Puts dropout where the published program has it; the reference itself has none."""

    def attend(self, x, context, *biases):
        weights = sum(biases, self.scores(x, context)).softmax(-1)
        return (dropout(weights, share, self.training) @ self.by_head(self.value(context))).transpose(1, 2).flatten(2)

    after = lambda module, _, output: dropout(output, share, module.training)
    before = lambda module, inputs: (dropout(inputs[0], share, module.training), *inputs[1:])
    for name, module in model.named_modules():
        picture, last = name.startswith("image_encoder"), name.rsplit(".", 1)[-1]
        if isinstance(module, clfa.Attention) and not picture:
            module.forward = types.MethodType(attend, module)
        if name == "text_encoder.norm" or (last == "fc2" and "projection" not in name):
            module.register_forward_hook(after)
        if (last == "attention_output" and not picture) or (name.startswith("fusion") and last == "output"):
            module.register_forward_hook(after)
        if name in ("classifier", "image_encoder.blocks.0") or (picture and last == "fc2"):
            module.register_forward_pre_hook(before)


class Posts:
    def __init__(self, path, config, options, labels, teacher):
        with open(path, newline="", encoding="utf-8-sig") as file:
            self.rows = list(csv.DictReader(file))
        tokenizer = BertWordPieceTokenizer(f"{options.text_encoder}/vocab.txt", lowercase=True)

        def pieces(column, most):
            encoded = (tokenizer.encode(row.get(column) or "").ids for row in self.rows)
            return [ids if len(ids) <= most else ids[: most - 1] + ids[-1:] for ids in encoded]

        self.streams = {"text": pieces("text", 77)} | ({"knowledge": pieces("knowledge", 66)} if config["knowledge"] else {})
        side = config["image"]["image_size"]
        look = json.loads(Path(options.image_encoder, "preprocessor_config.json").read_text())
        self.mean, self.deviation = (torch.tensor(look[key])[:, None, None] for key in ("image_mean", "image_std"))
        self.pixels = []
        for row in self.rows:
            with Image.open(f"{options.images}/{row['image']}") as picture:
                self.pixels.append(np.asarray(picture.convert("RGB").resize((side, side), Image.Resampling.BILINEAR)))
        self.labels = torch.tensor([labels.index(row["label"]) for row in self.rows])
        self.teacher = {side: torch.stack([teacher[row["id"]][n] for row in self.rows])
                        for n, side in enumerate(("text", "image"))} if teacher else {}

    def batch(self, chosen):
        b = {"labels": self.labels[chosen]}
        for name, lists in self.streams.items():
            ids = torch.nn.utils.rnn.pad_sequence([torch.tensor(lists[i]) for i in chosen], batch_first=True)
            lengths = torch.tensor([len(lists[i]) for i in chosen])
            b |= {f"{name}_ids": ids, f"{name}_mask": (torch.arange(ids.shape[1]) < lengths[:, None]).long()}
        pixels = torch.from_numpy(np.stack([self.pixels[i] for i in chosen])).permute(0, 3, 1, 2).float()
        b["pixels"] = (pixels / 255 - self.mean) / self.deviation
        return b | {f"teacher_{side}": vectors[chosen] for side, vectors in self.teacher.items()}


def configuration(options, labels):
    text, image = (json.loads(Path(f, "config.json").read_text()) for f in (options.text_encoder, options.image_encoder))
    dim = options.dim
    return {
        "text": {"vocab_size": text["vocab_size"], "hidden_size": text["hidden_size"], "layers": text["num_hidden_layers"],
                 "heads": text["num_attention_heads"], "ffn": text["intermediate_size"],
                 "max_positions": text["max_position_embeddings"], "type_vocab": text["type_vocab_size"], "eps": 1e-12},
        "image": {"image_size": image["image_size"], "patch_size": image["patch_size"], "hidden_size": image["hidden_size"],
                  "layers": image["num_hidden_layers"], "heads": image["num_attention_heads"],
                  "ffn": image["intermediate_size"], "eps": image.get("layer_norm_eps", 1e-6)},
        "dim": dim, "projection_hidden": 3 * dim, "fusion_layers": 3, "fusion_heads": dim // 64, "fusion_ffn": 4 * dim,
        "fusion_eps": 1e-12, "aggregation": "cross-attention", "pooling": "mean", "knowledge": options.knowledge,
        "labels": len(labels), "alpha": options.alpha, "beta": 1.0, "temperature": 0.1, "format": "clfa-model/1",
        "label_names": labels, "preparation": [],
        "tokenizer": {"kind": "wordpiece", "lowercase": True, "strip_accents": True, "max_text": 77, "max_knowledge": 66},
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("train", "validation", "images"):
        parser.add_argument(name)
    for name in ("--text-encoder", "--image-encoder"):
        parser.add_argument(name, required=True)
    parser.add_argument("--teacher")
    parser.add_argument("-o", "--output")
    parser.add_argument("--knowledge", action="store_true")
    parser.add_argument("--bf16", action="store_true", help="PyTorch's autocast to bf16")
    for name, kind, default in (("alpha", float, 1.0), ("batch", int, 16), ("learning-rate", float, 5e-5), ("epochs", int, 2),
                                ("dim", int, 256), ("dropout", float, 0.1), ("seed", int, 1), ("steps", int, None),
                                ("threads", int, 2)):
        parser.add_argument(f"--{name}", type=kind, default=default)
    options = parser.parse_args()
    if options.alpha and not options.teacher:
        parser.error("--alpha over 0 needs --teacher")

    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    order = random.Random(options.seed)
    teacher = {}
    if options.alpha:
        with safe_open(options.teacher, "pt") as file:
            ids = file.metadata()["ids"]
            ids = json.loads(ids) if ids.startswith("[") else ids.split(",")
            teacher = dict(zip(ids, zip(file.get_tensor("text").float(), file.get_tensor("image").float())))
    with open(options.train, newline="", encoding="utf-8-sig") as file:
        labels = sorted({row["label"] for row in csv.DictReader(file)})
    config = configuration(options, labels)
    model = clfa.CLFA(config)
    load_encoder(model.text_encoder, options.text_encoder, TEXT)
    load_encoder(model.image_encoder, options.image_encoder, IMAGE)
    if options.dropout:
        add_dropout(model, options.dropout)
    train, validation = (Posts(path, config, options, labels, teacher) for path in (options.train, options.validation))
    each = len(train.rows) // options.batch
    optimiser = clfa.BertAdam(model, options.learning_rate, options.epochs * each)
    best, done = -1.0, 0

    for epoch in range(1, options.epochs + 1):
        model.train()
        indices, losses, seconds = order.sample(range(len(train.rows)), len(train.rows)), [], []
        for step in range(each):
            begun = time.perf_counter()
            b = train.batch(indices[step * options.batch : (step + 1) * options.batch])
            with torch.autocast("cpu", torch.bfloat16, enabled=options.bf16):
                loss = model.losses(b)["total"] if options.alpha else cross_entropy(model.stages(b)["logits"], b["labels"])
            model.zero_grad()
            loss.backward()
            optimiser.step()
            losses.append(loss.item())
            seconds.append(time.perf_counter() - begun)
            done += 1
            if done == options.steps:
                break
        line = {"epoch": epoch, "loss": statistics.mean(losses), "step_seconds": round(statistics.median(seconds[2:] or seconds), 3)}
        if done == options.steps:
            print(json.dumps(line))
            break
        model.eval()
        with torch.inference_mode():
            found = [model.stages(validation.batch(list(range(n, min(n + 32, len(validation.rows))))))["logits"].argmax(1)
                     for n in range(0, len(validation.rows), 32)]
        found, true = torch.cat(found).numpy(), validation.labels.numpy()
        line |= {"macro_f1": f1_score(true, found, average="macro"), "accuracy": accuracy_score(true, found)}
        print(json.dumps(line), flush=True)
        if options.output and line["macro_f1"] > best:
            folder = Path(options.output)
            folder.mkdir(parents=True, exist_ok=True)
            save_file({name: value.contiguous() for name, value in model.state_dict().items()}, folder / "weights.safetensors")
            config["preprocessing"] = {"resize": "squash", "resample": "bilinear", "mean": train.mean.flatten().tolist(),
                                       "std": train.deviation.flatten().tolist()}
            (folder / "config.json").write_text(json.dumps(config, indent=1))
            shutil.copy(f"{options.text_encoder}/vocab.txt", folder)
        best = max(best, line["macro_f1"])
    print(json.dumps({"peak_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}))


if __name__ == "__main__":
    main()
