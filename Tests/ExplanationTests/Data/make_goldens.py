"""Writes what these tests compare with:  python make_goldens.py PATH/TO/clfa_reference.py

The models and posts are those of ModelsTests/Data. For each, what the reference's own layers do is written down: where the
text looks in the picture (the mean of the heads), cosines of tokens and patches, co-attention's affinity and weights, and
the probabilities with parts left out. Every post is run by itself, with nothing padded.
"""
import importlib.util
import json
import os
import sys

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file

CASES = ["mean-2", "cls-3", "max-3-no-knowledge", "mean-5-no-knowledge", "co-attention-3", "concat-3"]
# The pieces of the "word" that is left out; every post has at least three pieces.
WORD = (1, 2)


def load(module):
    spec = importlib.util.spec_from_file_location("reference", module)
    reference = importlib.util.module_from_spec(spec)
    sys.modules["reference"] = reference
    spec.loader.exec_module(reference)
    return reference


def model(reference, folder):
    raw = json.load(open(f"{folder}/config.json"))
    fields = set(reference.Config.__dataclass_fields__)
    c = reference.Config(**{k: v for k, v in raw.items() if k in fields and k not in ("text", "image")})
    c.text, c.image = reference.TextConfig(**raw["text"]), reference.ImageConfig(**raw["image"])
    m = reference.CLFA(c)
    m.load_state_dict(load_file(f"{folder}/weights.safetensors"))
    return m.eval()


def posts(folder, knowledge):
    """Each post by itself, without padding."""
    b = load_file(f"{folder}/batch.safetensors")
    for i in range(6):
        t = int(b["text_mask"][i].sum())
        one = {"text_ids": b["text_ids"][i:i + 1, :t].long(), "text_mask": torch.ones(1, t), "pixels": b["pixels"][i:i + 1]}
        one["image_present"] = b["image_present"][i:i + 1] if "image_present" in b else torch.ones(1)
        if knowledge:
            k = int(b["knowledge_mask"][i].sum()) if "knowledge_mask" in b else 2
            ids = b["knowledge_ids"][i:i + 1, :k].long() if "knowledge_ids" in b else torch.tensor([[2, 3]])
            one |= {"knowledge_ids": ids, "knowledge_mask": torch.ones(1, k)}
            if "self_bias" in b:
                one |= {"self_bias": b["self_bias"][i:i + 1, :t, :t], "cross_bias": b["cross_bias"][i:i + 1, :t, :k]}
        yield one


def probabilities(m, b):
    return m.stages(b)["logits"].softmax(-1)[0]


def without_pieces(b, first, end):
    kept = [i for i in range(b["text_ids"].shape[1]) if not first <= i < end]
    b = dict(b, text_ids=b["text_ids"][:, kept], text_mask=b["text_mask"][:, kept])
    if "self_bias" in b:
        b |= {"self_bias": b["self_bias"][:, kept][:, :, kept], "cross_bias": b["cross_bias"][:, kept]}
    return b


def without_knowledge(b):
    k = b["knowledge_ids"]
    b = dict(b, knowledge_ids=k[:, [0, -1]], knowledge_mask=torch.ones(1, 2))
    # Self biases stay; none lie between a text and an empty knowledge.
    if "cross_bias" in b:
        b["cross_bias"] = torch.zeros(1, b["text_ids"].shape[1], 2)
    return b


def looked(m, b):
    """The probabilities of each layer's attention to the picture, by the reference's own queries and keys."""
    found = []

    def hook(attention, inputs):
        x, y = inputs[0], inputs[1]
        split = lambda t: t.view(t.shape[0], t.shape[1], attention.heads, attention.size).transpose(1, 2)
        scores = split(attention.query(x)) @ split(attention.key(y)).transpose(-1, -2) / attention.size ** 0.5
        found.append(scores.softmax(-1).mean(1)[0])

    handles = [layer.image.attention.register_forward_pre_hook(hook) for layer in m.fusion]
    s = m.stages(b)
    for handle in handles:
        handle.remove()
    return found, s


def co_attention(m, s):
    t, v, j = s["text_tokens"], s["image_tokens"], m.join
    affinity = torch.tanh(j.affinity(t) @ v.transpose(1, 2))
    image = j.image_score(torch.tanh(j.image(v) + affinity.transpose(1, 2) @ j.text(t))).softmax(1)
    text = j.text_score(torch.tanh(j.text(t) + affinity @ j.image(v))).softmax(1)
    return affinity[0], text[0, :, 0], image[0, :, 0]


@torch.no_grad()
def main(module):
    reference = load(module)
    here = os.path.dirname(os.path.abspath(__file__))
    for name in CASES:
        folder = os.path.join(here, "..", "..", "ModelsTests", "Data", name)
        m, out = model(reference, folder), {}
        for i, b in enumerate(posts(folder, m.config.knowledge)):
            t = b["text_ids"].shape[1]
            if b["image_present"].item():
                if m.config.aggregation == "cross-attention":
                    found, s = looked(m, b)
                    for layer, p in enumerate(found):
                        out[f"attention_{layer}.{i}"] = p
                else:
                    s = m.stages(b)
                if m.config.aggregation == "co-attention":
                    out[f"affinity.{i}"], out[f"piece_weights.{i}"], out[f"token_weights.{i}"] = co_attention(m, s)
                out[f"cosines.{i}"] = F.normalize(s["text_tokens"], dim=-1)[0] @ F.normalize(s["image_tokens"], dim=-1)[0].T
                out[f"without_picture.{i}"] = probabilities(m, dict(b, image_present=torch.zeros(1)))
            out[f"whole.{i}"] = probabilities(m, b)
            out[f"without_text.{i}"] = probabilities(m, without_pieces(b, 1, t - 1))
            out[f"without_word.{i}"] = probabilities(m, without_pieces(b, *WORD))
            if m.config.knowledge and m.config.aggregation in ("cross-attention", "concat"):
                out[f"without_knowledge.{i}"] = probabilities(m, without_knowledge(b))
        save_file({k: v.float().contiguous() for k, v in out.items()}, os.path.join(here, f"{name}.safetensors"))


if __name__ == "__main__":
    main(sys.argv[1])
