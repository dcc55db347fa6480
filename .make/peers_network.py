"""The CLFA network in PyTorch, loaded from a model folder; peers.py converts it for every engine."""

import sys

import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn.functional import gelu, layer_norm, linear, relu, scaled_dot_product_attention


def build(folder, config):
    """The network with its weights, in f32, ready to infer.

    Weights hang in a tree of empty modules that is made from their names; the functions below walk it.
    """
    if config.get("aggregation", "cross-attention") != "cross-attention":
        sys.exit("peers.py: only models whose aggregation is cross-attention")
    root = nn.Module()
    for name, value in load_file(folder / "weights.safetensors").items():
        *path, leaf = name.split(".")
        node = root
        for part in path:
            if part not in node._modules:
                node.add_module(part, nn.Module())
            node = node._modules[part]
        node.register_parameter(leaf, nn.Parameter(value.float()))
        node.width = value.shape[0]

    def dense(node, x):
        return linear(x, node.weight, node.bias)

    def normalise(node, x, epsilon):
        return layer_norm(x, [node.width], node.weight, node.bias, epsilon)

    def attend(node, queries, context, heads, bias=None):
        size = node.query.width // heads

        def by_head(part, x):
            return dense(part, x).unflatten(-1, (heads, size)).transpose(1, 2)

        q, k, v = by_head(node.query, queries), by_head(node.key, context), by_head(node.value, context)
        if torch.onnx.is_in_onnx_export():
            # Written out, for the engines that find their own fusions in it.
            weights = q @ k.transpose(2, 3) * size**-0.5
            mixed = (weights if bias is None else weights + bias).softmax(-1) @ v
        else:
            mixed = scaled_dot_product_attention(q, k, v, attn_mask=None if bias is None else bias.to(q.dtype))
        return mixed.transpose(1, 2).flatten(2)

    def penalty(mask):
        """What is added to the scores of keys that are padding."""
        return (mask.float()[:, None, None] - 1) * 1e4

    def bert(ids, mask):
        c, encoder = config["text"], root.text_encoder
        bias = penalty(mask)
        x = encoder.word.weight[ids] + encoder.position.weight[: ids.shape[1]] + encoder.token_type.weight[0]
        x = normalise(encoder.norm, x, c["eps"])
        for block in encoder.blocks.children():
            attended = dense(block.attention_output, attend(block.attention, x, x, c["heads"], bias))
            x = normalise(block.attention_norm, x + attended, c["eps"])
            x = normalise(block.output_norm, x + dense(block.fc2, gelu(dense(block.fc1, x))), c["eps"])
        return x

    def vit(pixels):
        c, encoder = config["image"], root.image_encoder
        patches = nn.functional.conv2d(pixels, encoder.patch.weight, encoder.patch.bias, stride=c["patch_size"])
        patches = patches.flatten(2).transpose(1, 2)
        x = torch.cat([encoder.cls.expand(patches.shape[0], 1, -1), patches], 1) + encoder.position
        for block in encoder.blocks.children():
            inner = normalise(block.norm1, x, c["eps"])
            x = x + dense(block.attention_output, attend(block.attention, inner, inner, c["heads"]))
            x = x + dense(block.fc2, gelu(dense(block.fc1, normalise(block.norm2, x, c["eps"]))))
        return normalise(encoder.norm, x, c["eps"])

    def project(node, x):
        return dense(node.fc2, relu(dense(node.fc1, x)))

    def average(x, mask):
        return (x * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)

    def fuse(x, streams):
        heads, epsilon = config["fusion_heads"], config["fusion_eps"]
        for layer in root.fusion.children():
            for name, (context, bias) in streams.items():
                step = getattr(layer, name)
                seen = attend(step.attention, x, x if context is None else context, heads, bias)
                x = normalise(step.norm, x + dense(step.output, seen), epsilon)
            x = normalise(layer.norm, x + dense(layer.fc2, gelu(dense(layer.fc1, x))), epsilon)
        return x

    class Network(nn.Module):
        def __init__(self):
            super().__init__()
            self.root = root

        def forward(self, pixels, has_picture, text, text_mask, knowledge=None, knowledge_mask=None):
            written = project(root.text_projection, bert(text, text_mask))
            drawn = project(root.image_projection, vit(pixels)) * has_picture[:, None, None]
            streams = {"text": (None, penalty(text_mask)), "image": (drawn, None)}
            if knowledge is not None:
                known = project(root.text_projection, bert(knowledge, knowledge_mask))
                streams["knowledge"] = (known, penalty(knowledge_mask))
            x = fuse(written, streams)
            if config["pooling"] == "cls":
                pooled = dense(root.pooler, x[:, 0]).tanh()
            elif config["pooling"] == "max":
                # Padding counts as 0, as it does where every row is padded to the full width.
                pooled = (x + penalty(text_mask)[:, 0].transpose(1, 2)).amax(1).relu()
            else:
                pooled = average(x, text_mask)
            probabilities = dense(root.classifier, pooled).float().softmax(-1)
            return probabilities, average(written, text_mask), drawn.mean(1), pooled

    return Network().eval()
