"""Makes clip/: CLIPs of random weights in the three published layouts, small, a SigLIP, and what transformers makes of them.

Each folder is one as hubs hand it out (config.json, model.safetensors, tokenizer.json, preprocessor_config.json), with
golden.json (texts and their pieces) and golden.safetensors (projected vectors before they are made of length 1, and the
pictures' numbers) beside it. Grids and positions are the published ones; widths and patches are not.
"""
import json
import os
import sys

import numpy as np
import torch
from PIL import Image
from safetensors.torch import save_file
from tokenizers import Tokenizer
from transformers import CLIPConfig, CLIPImageProcessorPil, CLIPModel, SiglipConfig, SiglipImageProcessorPil, SiglipModel

here = os.path.dirname(os.path.abspath(__file__))
root = f"{sys.argv[1]}/clip"
os.makedirs(f"{root}/pictures", exist_ok=True)

# The tokenizer of InputsTests, its two ends behind all pieces, as in the published one.
source = json.load(open(f"{here}/../../InputsTests/Data/subwords/clip.json"))
ends = ["<|startoftext|>", "<|endoftext|>"]
pieces = [p for p in source["model"]["vocab"] if p not in ends]
ids = {p: i for i, p in enumerate(pieces + ends)}
source["model"]["vocab"] = ids
for token in source["added_tokens"]:
    token["id"] = ids[token["content"]]
source["post_processor"]["cls"][1], source["post_processor"]["sep"][1] = ids[ends[0]], ids[ends[1]]
start, end = ids[ends[0]], ids[ends[1]]

texts = [
    "a photo of a cat", "", "So HAPPY about   Mondays!!! 🙄", "it's 12 o'clock, and nobody's here",
    "before <|endoftext|> and behind", "word " * 90, "é è ünïcödé 漢字",
]
names = ["wide.png", "tall.png", "square.png", "photo.jpg"]
for name, (width, height) in zip(names, [(61, 37), (46, 100), (28, 28), (90, 70)]):
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    planes = [127 + 90 * np.sin(x / (3 + c) + y / (5 - c)) + 35 * np.cos(x * y / (40 + 9 * c)) for c in range(3)]
    picture = Image.fromarray(np.stack(planes, -1).clip(0, 255).astype(np.uint8))
    picture.save(f"{root}/pictures/{name}", **({"quality": 90} if name.endswith("jpg") else {"optimize": True}))
pictures = [Image.open(f"{root}/pictures/{n}").convert("RGB") for n in names]


def layout(name, image, patch, text_width, image_width, heads, projection, act, eos, old_processor):
    torch.manual_seed(sum(name.encode()))
    config = CLIPConfig(
        text_config=dict(
            vocab_size=len(ids), hidden_size=text_width, intermediate_size=4 * text_width, num_hidden_layers=2,
            num_attention_heads=heads[0], hidden_act=act, bos_token_id=start, eos_token_id=eos, pad_token_id=end,
            projection_dim=projection),
        vision_config=dict(
            image_size=image, patch_size=patch, hidden_size=image_width, intermediate_size=4 * image_width,
            num_hidden_layers=2, num_attention_heads=heads[1], hidden_act=act, projection_dim=projection),
        projection_dim=projection)
    model = CLIPModel(config).eval()
    with torch.no_grad():
        for key, p in model.named_parameters():
            centre = 1.0 if "norm" in key and key.endswith("weight") else 0.0
            spread = 0.25 if p.dim() < 2 or "embedding" in key else 1.5 / p.shape[-1] ** 0.5
            p.copy_((centre + spread * torch.randn(p.shape)).half().float())
    folder = f"{root}/{name}"
    os.makedirs(folder, exist_ok=True)
    config.save_pretrained(folder)
    state = {k: v.half().contiguous() for k, v in model.state_dict().items() if not k.endswith("position_ids")}
    state["text_model.embeddings.position_ids"] = torch.arange(77)[None]
    save_file(state, f"{folder}/model.safetensors", metadata={"format": "pt"})
    json.dump(source, open(f"{folder}/tokenizer.json", "w"), ensure_ascii=False, separators=(",", ":"))
    if old_processor:
        written = dict(
            crop_size=image, do_center_crop=True, do_normalize=True, do_resize=True,
            feature_extractor_type="CLIPFeatureExtractor", image_mean=[0.48145466, 0.4578275, 0.40821073],
            image_std=[0.26862954, 0.26130258, 0.27577711], resample=3, size=image)
        processor = CLIPImageProcessorPil(size={"shortest_edge": image}, crop_size={"height": image, "width": image})
    else:
        processor = CLIPImageProcessorPil(size={"shortest_edge": image + 4}, crop_size={"height": image, "width": image})
        written = {k: v for k, v in json.loads(processor.to_json_string()).items()}
    json.dump(written, open(f"{folder}/preprocessor_config.json", "w"), indent=1)

    tokenizer = Tokenizer.from_file(f"{folder}/tokenizer.json")
    tokenizer.enable_truncation(77)
    tokens = [tokenizer.encode(t).ids for t in texts]
    # Padded as the hub's tokenizer pads: the first end is where a text is pooled.
    padded = torch.tensor([t + [end] * (77 - len(t)) for t in tokens])
    pixels = processor(pictures, return_tensors="pt")["pixel_values"]
    with torch.no_grad():
        text = model.text_projection(model.text_model(input_ids=padded).pooler_output)
        seen = model.visual_projection(model.vision_model(pixel_values=pixels).pooler_output)
        both = model(input_ids=padded, pixel_values=pixels)
    assert torch.allclose(both.text_embeds, text / text.norm(dim=-1, keepdim=True), atol=1e-5)
    assert torch.allclose(both.image_embeds, seen / seen.norm(dim=-1, keepdim=True), atol=1e-5)
    save_file({"text": text, "image": seen, "pixels": pixels.float()}, f"{folder}/golden.safetensors")
    json.dump({"texts": texts, "ids": tokens, "pictures": names}, open(f"{folder}/golden.json", "w"), ensure_ascii=False)


def siglip(name, image, patch, width, heads):
    torch.manual_seed(sum(name.encode()))
    source = json.load(open(f"{here}/../../InputsTests/Data/subwords/siglip.json"))
    half = dict(hidden_size=width, intermediate_size=3 * width, num_hidden_layers=2, num_attention_heads=heads)
    config = SiglipConfig(
        text_config=dict(vocab_size=len(source["model"]["vocab"]), bos_token_id=None, eos_token_id=1, pad_token_id=1, **half),
        vision_config=dict(image_size=image, patch_size=patch, **half))
    model = SiglipModel(config).eval()
    with torch.no_grad():
        for key, p in model.named_parameters():
            centre = 1.0 if "norm" in key and key.endswith("weight") else 0.0
            spread = 0.25 if p.dim() < 2 or "embedding" in key or "probe" in key else 1.5 / p.shape[-1] ** 0.5
            p.copy_((centre + spread * torch.randn(p.shape)).half().float())
    folder = f"{root}/{name}"
    os.makedirs(folder, exist_ok=True)
    config.save_pretrained(folder)
    save_file({k: v.half().contiguous() for k, v in model.state_dict().items()}, f"{folder}/model.safetensors", metadata={"format": "pt"})
    json.dump(source, open(f"{folder}/tokenizer.json", "w"), ensure_ascii=False, separators=(",", ":"))
    processor = SiglipImageProcessorPil(size={"height": image, "width": image})
    json.dump(json.loads(processor.to_json_string()), open(f"{folder}/preprocessor_config.json", "w"), indent=1)

    tokenizer = Tokenizer.from_file(f"{folder}/tokenizer.json")
    tokenizer.enable_truncation(64)
    tokens = [tokenizer.encode(t).ids for t in texts]
    # Filled up as the hub's processor does with padding="max_length": the fill is attended to.
    padded = torch.tensor([t + [1] * (64 - len(t)) for t in tokens])
    pixels = processor(pictures, return_tensors="pt")["pixel_values"]
    with torch.no_grad():
        both = model(input_ids=padded, pixel_values=pixels)
        text = model.text_model(input_ids=padded).pooler_output
        seen = model.vision_model(pixel_values=pixels).pooler_output
    assert torch.allclose(both.text_embeds, text / text.norm(dim=-1, keepdim=True), atol=1e-5)
    assert torch.allclose(both.image_embeds, seen / seen.norm(dim=-1, keepdim=True), atol=1e-5)
    save_file({"text": text, "image": seen, "pixels": pixels.float()}, f"{folder}/golden.safetensors")
    json.dump({"texts": texts, "ids": tokens, "pictures": names}, open(f"{folder}/golden.json", "w"), ensure_ascii=False)


layout("b32", 28, 4, 16, 24, (4, 3), 16, "quick_gelu", 2, True)
layout("b16", 28, 2, 16, 24, (4, 3), 16, "gelu", end, False)
layout("l14", 32, 2, 24, 32, (3, 4), 24, "quick_gelu", end, False)
siglip("siglip", 28, 7, 24, 3)
