"""Makes checkpoints/: models of the reference under the names that other programs save them by, and what they say of posts.

authors/ is a model as the paper's authors' program saves it, with its ViT as Google names it; reference/ is one under the
reference's own names, saved by a program on several processors, and again by Lightning with its wrapper and values of other kinds. golden.safetensors holds posts with their logits.
"""
import argparse
import os
import sys

import numpy as np
import random_clfa
import torch
from safetensors.torch import save_file

POSTS = 3
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"] + [f"word{i}" for i in range(36)]
KEPT = ("text_ids", "text_mask", "knowledge_ids", "knowledge_mask", "pixels")
AUTHORS = [
    ("text_encoder.word.", "bert.embeddings.word_embeddings."), ("text_encoder.position.", "bert.embeddings.position_embeddings."),
    ("text_encoder.token_type.", "bert.embeddings.token_type_embeddings."), ("text_encoder.norm.", "bert.embeddings.LayerNorm."),
    ("image_encoder.cls", "model.transformer.embeddings.cls_token"), ("image_encoder.position", "model.transformer.embeddings.position_embeddings"),
    ("image_encoder.patch.", "model.transformer.embeddings.patch_embeddings."), ("image_encoder.norm.", "model.transformer.encoder.encoder_norm."),
    ("text_projection.", "mlp_text."), ("image_projection.", "mlp_image."), ("pooler.", "text_pooler.dense."), ("classifier.", "classifier.")]
TEXT = {"attention.query": "attention.self.query", "attention.key": "attention.self.key", "attention.value": "attention.self.value",
        "attention_output": "attention.output.dense", "attention_norm": "attention.output.LayerNorm", "fc1": "intermediate.dense",
        "fc2": "output.dense", "output_norm": "output.LayerNorm"}
VISION = {"attention.query": "attn.query", "attention.key": "attn.key", "attention.value": "attn.value", "attention_output": "attn.out",
          "norm1": "attention_norm", "norm2": "ffn_norm", "fc1": "ffn.fc1", "fc2": "ffn.fc2"}
STREAM = {"text": "textSelfAttn", "image": "imageCrossAttn", "knowledge": "knowledgeCrossAttn"}
LAYER = {"fc1": "intermediate.dense", "fc2": "output.dense", "norm": "output.LayerNorm"}


def authors(name):
    """What the authors' program calls one of the reference's tensors."""
    parts = name.split(".")
    inner, part = ".".join(parts[3:-1]), parts[-1]
    if name.startswith("text_encoder.blocks."):
        return f"bert.encoder.layer.{parts[2]}.{TEXT[inner]}.{part}"
    if name.startswith("image_encoder.blocks."):
        return f"model.transformer.encoder.layer.{parts[2]}.{VISION[inner]}.{part}"
    if name.startswith("fusion."):
        head = f"attention_net.layer.{parts[1]}."
        if parts[2] in LAYER:
            return f"{head}{LAYER[parts[2]]}.{part}"
        tail = f"bertCoAttn.{parts[4]}" if parts[3] == "attention" else "output.dense" if parts[3] == "output" else "output.LayerNorm"
        return f"{head}{STREAM[parts[2]]}.{tail}.{part}"
    return next(theirs + name[len(ours):] for ours, theirs in AUTHORS if name.startswith(ours))


def google(state, heads):
    """Google's names and layout of the reference's ViT."""
    out, width = {}, state["image_encoder.cls"].shape[-1]
    n = {k[len("image_encoder."):]: v.numpy() for k, v in state.items() if k.startswith("image_encoder.")}
    out["cls"], out["Transformer/posembed_input/pos_embedding"] = n["cls"], n["position"]
    out["embedding/kernel"], out["embedding/bias"] = n["patch.weight"].transpose(2, 3, 1, 0), n["patch.bias"]
    out["Transformer/encoder_norm/scale"], out["Transformer/encoder_norm/bias"] = n["norm.weight"], n["norm.bias"]
    out["head/kernel"], out["head/bias"] = np.zeros((width, 10), np.float32), np.zeros(10, np.float32)
    for i in range(sum(k.endswith("norm1.weight") for k in n)):
        b, o = f"blocks.{i}.", f"Transformer/encoderblock_{i}/"
        for r in ("query", "key", "value"):
            out[f"{o}MultiHeadDotProductAttention_1/{r}/kernel"] = n[f"{b}attention.{r}.weight"].T.reshape(width, heads, -1)
            out[f"{o}MultiHeadDotProductAttention_1/{r}/bias"] = n[f"{b}attention.{r}.bias"].reshape(heads, -1)
        out[f"{o}MultiHeadDotProductAttention_1/out/kernel"] = n[f"{b}attention_output.weight"].T.reshape(heads, -1, width)
        out[f"{o}MultiHeadDotProductAttention_1/out/bias"] = n[f"{b}attention_output.bias"]
        for j, f in enumerate(("fc1", "fc2")):
            out[f"{o}MlpBlock_3/Dense_{j}/kernel"], out[f"{o}MlpBlock_3/Dense_{j}/bias"] = n[f"{b}{f}.weight"].T, n[f"{b}{f}.bias"]
        for theirs, ours in (("LayerNorm_0", "norm1"), ("LayerNorm_2", "norm2")):
            out[f"{o}{theirs}/scale"], out[f"{o}{theirs}/bias"] = n[f"{b}{ours}.weight"], n[f"{b}{ours}.bias"]
    return {k: np.ascontiguousarray(v) for k, v in out.items()}


def golden(path, model, seed):
    """Posts, what the model makes of them, and a vocabulary."""
    config = model.config
    batch = {key: value for key, value in random_clfa.batch(config, POSTS, seed).items() if key in KEPT}
    with torch.no_grad():
        stages = model.stages(batch)
    saved = batch | {key: stages[key] for key in ("logits", "pooled", "image_hidden")}
    save_file({key: value.float().contiguous() for key, value in saved.items()}, f"{path}/golden.safetensors")
    pieces = config["text"]["vocab_size"]
    with open(f"{path}/vocab.txt", "w") as file:
        file.writelines(word + "\n" for word in (WORDS + [f"piece{i}" for i in range(pieces)])[:pieces])


def random_model(path, seed, **more):
    os.makedirs(path, exist_ok=True)
    text = {"vocab_size": 60, "hidden_size": 16, "layers": 2, "heads": 2, "ffn": 24, "max_positions": 12}
    image = {"image_size": 32, "patch_size": 8, "hidden_size": 12, "layers": 2, "heads": 3, "ffn": 24}
    config = random_clfa.config(text, image, dim=8, projection_hidden=24, fusion_ffn=16, **more)
    return random_clfa.model(config, seed).eval()


def authors_checkpoint(path):
    model = random_model(path, 11)
    state, config = model.state_dict(), model.config
    theirs = {authors(key): value for key, value in state.items()}
    width, text_width = config["image"]["hidden_size"], config["text"]["hidden_size"]
    theirs["model.head.weight"], theirs["model.head.bias"] = torch.zeros(10, width), torch.zeros(10)
    theirs["bert.pooler.dense.weight"], theirs["bert.pooler.dense.bias"] = torch.zeros(text_width, text_width), torch.zeros(text_width)
    theirs["bert.embeddings.position_ids"] = torch.arange(config["text"]["max_positions"]).expand(1, -1)
    torch.save(theirs, f"{path}/pytorch_model.bin")
    np.savez(f"{path}/vit.npz", **google(state, config["image"]["heads"]))
    golden(path, model, 12)


def reference_checkpoint(path):
    model = random_model(path, 21, knowledge=False, labels=3)
    state = {"module." + key: value for key, value in model.state_dict().items()}
    torch.save({"epoch": 3, "model_state_dict": state}, f"{path}/pytorch_model.bin")
    wrapped = {"model._orig_mod." + key: value for key, value in model.state_dict().items()}
    wrapped |= {"loss_fn.weight": torch.ones(3), "model._orig_mod.text_encoder.position_ids": torch.arange(12)[None]}
    torch.save({"epoch": 1, "pytorch-lightning_version": "2.1.0", "state_dict": wrapped, "best_f1": np.float64(0.83),
                "hyper_parameters": {"args": argparse.Namespace(lr=1e-5)}}, f"{path}/lightning.ckpt")
    golden(path, model, 22)


if __name__ == "__main__":
    authors_checkpoint(f"{sys.argv[1]}/checkpoints/authors")
    reference_checkpoint(f"{sys.argv[1]}/checkpoints/reference")
