"""Makes the safetensors of this folder: what the reference's own layers do with the models and posts of ModelsTests/Data.

Where the text looks in the picture (the mean of the heads), cosines of tokens and patches, co-attention's affinity and
weights, and the probabilities with parts left out. Every post is run by itself, with nothing padded.
"""
import os
import sys

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file

from clfa import load

CASES = ["mean-2", "cls-3", "max-3-no-knowledge", "mean-5-no-knowledge", "co-attention-3", "concat-3"]
# The pieces of the "word" that is left out; every post has at least three pieces.
WORD = (1, 2)


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
        scores = attention.scores(inputs[0], inputs[1])
        found.append(scores.softmax(-1).mean(1)[0])

    handles = [layer.image.attention.register_forward_pre_hook(hook) for layer in m.fusion]
    s = m.stages(b)
    for handle in handles:
        handle.remove()
    return found, s


def co_attention(m, b, s):
    affinity, text, image = m.join.weights(s["text_tokens"], s["image_tokens"], b["text_mask"])
    return affinity[0], text[0, :, 0], image[0, :, 0]


@torch.no_grad()
def main(made):
    here = os.path.dirname(os.path.abspath(__file__))
    for name in CASES:
        folder = f"{here}/../../ModelsTests/Data/{name}"
        m, out = load(folder), {}
        knowledge, aggregation = m.config["knowledge"], m.config["aggregation"]
        for i, b in enumerate(posts(folder, knowledge)):
            t = b["text_ids"].shape[1]
            if b["image_present"].item():
                if aggregation == "cross-attention":
                    found, s = looked(m, b)
                    for layer, p in enumerate(found):
                        out[f"attention_{layer}.{i}"] = p
                else:
                    s = m.stages(b)
                if aggregation == "co-attention":
                    out[f"affinity.{i}"], out[f"piece_weights.{i}"], out[f"token_weights.{i}"] = co_attention(m, b, s)
                out[f"cosines.{i}"] = F.normalize(s["text_tokens"], dim=-1)[0] @ F.normalize(s["image_tokens"], dim=-1)[0].T
                out[f"without_picture.{i}"] = probabilities(m, dict(b, image_present=torch.zeros(1)))
            out[f"whole.{i}"] = probabilities(m, b)
            out[f"without_text.{i}"] = probabilities(m, without_pieces(b, 1, t - 1))
            out[f"without_word.{i}"] = probabilities(m, without_pieces(b, *WORD))
            if knowledge and aggregation in ("cross-attention", "concat"):
                out[f"without_knowledge.{i}"] = probabilities(m, without_knowledge(b))
        save_file({k: v.float().contiguous() for k, v in out.items()}, f"{made}/{name}.safetensors")


if __name__ == "__main__":
    main(sys.argv[1])
