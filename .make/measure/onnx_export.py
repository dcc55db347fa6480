#!/usr/bin/env python3
"""Exports a model folder to ONNX with PyTorch's exporter and compares ONNX Runtime's logits with PyTorch's.
The exported network reads one post at a time.

    PYTHONPATH=Tests/Reference onnx_export.py MODEL CORPUS IMAGES -o clfa.onnx [--posts 60]

MODEL is a folder of `clfa model export`, without knowledge. Needs torch, onnx, onnxscript, onnxruntime, tokenizers, pillow.
"""

import argparse

import onnxruntime
import torch

from clfa import load
from reference import posts


class Logits(torch.nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, ids, mask, pixels):
        return self.model.stages({"text_ids": ids, "text_mask": mask, "pixels": pixels})["logits"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("model", "corpus", "images"):
        parser.add_argument(name)
    parser.add_argument("-o", "--output", required=True)
    parser.add_argument("--posts", type=int, default=60)
    options = parser.parse_args()

    model = load(options.model)
    network = Logits(model)
    names, size = ["ids", "mask", "pixels"], model.config["image"]["image_size"]
    pieces = torch.export.Dim("pieces", max=model.config["tokenizer"]["max_text"])
    example = torch.ones(1, 9, dtype=torch.long), torch.ones(1, 9, dtype=torch.long), torch.zeros(1, 3, size, size)
    torch.onnx.export(network, example, options.output, dynamo=True, input_names=names, output_names=["logits"],
                      dynamic_shapes=({1: pieces}, {1: pieces}, None))

    session = onnxruntime.InferenceSession(options.output, providers=["CPUExecutionProvider"])
    largest = 0.0
    with torch.inference_mode():
        for _, batch in posts(model.config, options.model, options.corpus, options.images, options.posts):
            inputs = batch["text_ids"], batch["text_mask"], batch["pixels"]
            theirs = session.run(None, dict(zip(names, (x.numpy() for x in inputs))))[0]
            largest = max(largest, float((network(*inputs) - torch.from_numpy(theirs)).abs().max()))
    print(f"largest difference of a logit in {options.posts} posts: {largest:.2g}")


if __name__ == "__main__":
    main()
