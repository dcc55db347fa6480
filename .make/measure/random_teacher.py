#!/usr/bin/env python3
"""Makes a CLIP B/32 or a SigLIP base of full size and random weights, a teacher for teacher.py.   clip|siglip -o FOLDER

The tokenizer is the small one of the tests. Run it in the repository. Needs torch and transformers.

    random_teacher.py clip -o random-clip
    head -33 Samples/posts.csv > posts.csv
    clfa teach posts.csv --teacher random-clip --image-column image --images Samples --decode exact -o vectors.safetensors
    teacher.py random-clip posts.csv vectors.safetensors --images Samples
"""

import argparse
import json
import shutil

import torch
from transformers import (
    CLIPConfig, CLIPImageProcessorPil, CLIPModel, SiglipConfig, SiglipImageProcessorPil, SiglipModel)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=["clip", "siglip"])
    parser.add_argument("-o", "--output", required=True)
    options = parser.parse_args()
    torch.manual_seed(7)
    tests = f"Tests/ModelsTests/Data/clip/{'b32' if options.kind == 'clip' else 'siglip'}"
    with open(f"{tests}/config.json", encoding="utf-8") as file:
        small = json.load(file)["text_config"]
    ends = {f"{name}_token_id": small.get(f"{name}_token_id") for name in ("bos", "eos", "pad")}
    if options.kind == "clip":
        model = CLIPModel(CLIPConfig(text_config=ends))
        processor = CLIPImageProcessorPil(size={"shortest_edge": 224}, crop_size={"height": 224, "width": 224})
    else:
        model = SiglipModel(SiglipConfig(text_config=ends))
        processor = SiglipImageProcessorPil(size={"height": 224, "width": 224})
    with torch.no_grad():
        for key, value in model.named_parameters():
            centre = 1.0 if "norm" in key and key.endswith("weight") else 0.0
            spread = 0.1 if value.dim() < 2 or "embedding" in key or "probe" in key else value.shape[-1] ** -0.5
            value.copy_(centre + spread * torch.randn(value.shape))
    model.save_pretrained(options.output)
    shutil.copy(f"{tests}/tokenizer.json", options.output)
    with open(f"{options.output}/preprocessor_config.json", "w", encoding="utf-8") as file:
        file.write(processor.to_json_string())


if __name__ == "__main__":
    main()
