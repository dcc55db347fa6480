"""The CLFA model (arXiv 2403.06355) in PyTorch, in f32, as plainly as it can be said: what the Swift code is compared with.

A model is built from a dictionary like `config.json` and names its tensors as `weights.safetensors` does; docs/design.md
describes both. There is no dropout, so a forward pass is the same in training and in scoring.

Shapes: B posts, T text tokens, K knowledge tokens, P picture tokens (one for the whole, then the patches), D = `dim`.
"""
import json
from math import inf, sqrt

import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn.functional import cross_entropy, gelu, normalize, relu


class Attention(nn.Module):
    """Heads of softmax(Q Kᵀ / √size + bias) V, without the product that joins them."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value = nn.Linear(width, width), nn.Linear(width, width), nn.Linear(width, width)

    def scores(self, x, context):
        q, k = self.by_head(self.query(x)), self.by_head(self.key(context))
        return q @ k.transpose(2, 3) / sqrt(q.shape[-1])

    def by_head(self, x):
        return x.unflatten(-1, (self.heads, -1)).transpose(1, 2)

    def forward(self, x, context, *biases):
        scores = self.scores(x, context)
        for bias in biases:
            scores = scores + bias
        return (scores.softmax(-1) @ self.by_head(self.value(context))).transpose(1, 2).flatten(2)


def padding(mask):
    """What the scores of padded keys get: (B, S) of 0 and 1 to (B, 1, 1, S)."""
    return (1 - mask.float())[:, None, None] * -1e4


def mean(tokens, mask):
    """The mean of each post's own tokens."""
    mask = mask.to(tokens.dtype)[..., None]
    return (tokens * mask).sum(1) / mask.sum(1)


class TextBlock(nn.Module):
    """BERT's: the norms follow the sums."""

    def __init__(self, c):
        super().__init__()
        width, eps = c["hidden_size"], c.get("eps", 1e-12)
        self.attention, self.attention_output = Attention(width, c["heads"]), nn.Linear(width, width)
        self.attention_norm = nn.LayerNorm(width, eps)
        self.fc1, self.fc2 = nn.Linear(width, c["ffn"]), nn.Linear(c["ffn"], width)
        self.output_norm = nn.LayerNorm(width, eps)

    def forward(self, x, bias):
        x = self.attention_norm(x + self.attention_output(self.attention(x, x, bias)))
        return self.output_norm(x + self.fc2(gelu(self.fc1(x))))


class TextEncoder(nn.Module):
    """BERT: ids and mask (B, T) to the last layer's tokens."""

    def __init__(self, c):
        super().__init__()
        self.word = nn.Embedding(c["vocab_size"], c["hidden_size"])
        self.position = nn.Embedding(c["max_positions"], c["hidden_size"])
        self.token_type = nn.Embedding(c.get("type_vocab", 2), c["hidden_size"])
        self.norm = nn.LayerNorm(c["hidden_size"], c.get("eps", 1e-12))
        self.blocks = nn.ModuleList(TextBlock(c) for _ in range(c["layers"]))

    def forward(self, ids, mask):
        x = self.norm(self.word(ids) + self.position.weight[:ids.shape[1]] + self.token_type(torch.zeros_like(ids)))
        for block in self.blocks:
            x = block(x, padding(mask))
        return x


class ImageBlock(nn.Module):
    """A ViT's: the norms stand before each half."""

    def __init__(self, c):
        super().__init__()
        width, eps = c["hidden_size"], c.get("eps", 1e-6)
        self.norm1, self.attention = nn.LayerNorm(width, eps), Attention(width, c["heads"])
        self.attention_output, self.norm2 = nn.Linear(width, width), nn.LayerNorm(width, eps)
        self.fc1, self.fc2 = nn.Linear(width, c["ffn"]), nn.Linear(c["ffn"], width)

    def forward(self, x):
        y = self.norm1(x)
        x = x + self.attention_output(self.attention(y, y))
        return x + self.fc2(gelu(self.fc1(self.norm2(x))))


class ImageEncoder(nn.Module):
    """A ViT: pixels (B, 3, S, S) to tokens after the last norm."""

    def __init__(self, c):
        super().__init__()
        width, patches = c["hidden_size"], (c["image_size"] // c["patch_size"]) ** 2
        self.patch = nn.Conv2d(3, width, c["patch_size"], c["patch_size"])
        self.cls = nn.Parameter(torch.zeros(1, 1, width))
        self.position = nn.Parameter(torch.zeros(1, 1 + patches, width))
        self.blocks = nn.ModuleList(ImageBlock(c) for _ in range(c["layers"]))
        self.norm = nn.LayerNorm(width, c.get("eps", 1e-6))

    def forward(self, pixels):
        patches = self.patch(pixels).flatten(2).mT
        x = torch.cat([self.cls.expand(len(pixels), -1, -1), patches], 1) + self.position
        for block in self.blocks:
            x = block(x)
        return self.norm(x)


class Perceptron(nn.Module):
    """Two layers with a ReLU between: the projections, and how `concat` joins."""

    def __init__(self, width, hidden, out):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(width, hidden), nn.Linear(hidden, out)

    def forward(self, x):
        return self.fc2(relu(self.fc1(x)))


class Stream(nn.Module):
    """The text attends to one stream; the norm follows the sum."""

    def __init__(self, c):
        super().__init__()
        self.attention, self.output = Attention(c["dim"], c["fusion_heads"]), nn.Linear(c["dim"], c["dim"])
        self.norm = nn.LayerNorm(c["dim"], c.get("fusion_eps", 1e-12))

    def forward(self, x, context, *biases):
        return self.norm(x + self.output(self.attention(x, context, *biases)))


class FusionLayer(nn.Module):
    """The text attends to itself, to the picture, to the knowledge; then a feed-forward network."""

    def __init__(self, c):
        super().__init__()
        self.text, self.image = Stream(c), Stream(c)
        if c["knowledge"]:
            self.knowledge = Stream(c)
        self.fc1, self.fc2 = nn.Linear(c["dim"], c["fusion_ffn"]), nn.Linear(c["fusion_ffn"], c["dim"])
        self.norm = nn.LayerNorm(c["dim"], c.get("fusion_eps", 1e-12))


class CoAttention(nn.Module):
    """Parallel co-attention (Lu et al. 2016); no biases."""

    def __init__(self, width):
        super().__init__()
        self.affinity, self.text, self.image = (nn.Linear(width, width, bias=False) for _ in range(3))
        self.text_score, self.image_score = (nn.Linear(width, 1, bias=False) for _ in range(2))

    def weights(self, text, image, mask):
        """The affinity (B, T, P) and each side's shares over its tokens, (B, T, 1) and (B, P, 1)."""
        mask = mask.to(text.dtype)[..., None]
        affinity = torch.tanh(self.affinity(text) @ image.mT) * mask
        for_image = self.image_score(torch.tanh(self.image(image) + affinity.mT @ self.text(text)))
        for_text = self.text_score(torch.tanh(self.text(text) + affinity @ self.image(image)))
        return affinity, (for_text + (1 - mask) * -1e4).softmax(1), for_image.softmax(1)

    def forward(self, text, image, mask):
        _, of_text, of_image = self.weights(text, image, mask)
        return (of_text * text).sum(1) + (of_image * image).sum(1)


class CLFA(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config = c = config
        dim, kind = c["dim"], c["aggregation"]
        self.text_encoder, self.image_encoder = TextEncoder(c["text"]), ImageEncoder(c["image"])
        self.text_projection = Perceptron(c["text"]["hidden_size"], c["projection_hidden"], dim)
        self.image_projection = Perceptron(c["image"]["hidden_size"], c["projection_hidden"], dim)
        if kind == "cross-attention":
            self.fusion = nn.ModuleList(FusionLayer(c) for _ in range(c["fusion_layers"]))
            for layer in self.fusion[1:]:  # all begin with the same numbers
                layer.load_state_dict(self.fusion[0].state_dict())
            self.pooler = nn.Linear(dim, dim)  # of `cls` alone
        elif kind == "concat":
            self.join = Perceptron(dim * (3 if c["knowledge"] else 2), dim, dim)
        elif kind == "gated":
            self.join = nn.Module()
            self.join.gate = nn.Linear(2 * dim, dim)
        elif kind == "co-attention":
            self.join = CoAttention(dim)
        self.classifier = nn.Linear(dim, c["labels"])

    def stages(self, b):
        """Everything that the forward pass comes by, by name."""
        s = {"text_hidden": self.text_encoder(b["text_ids"], b["text_mask"]), "image_hidden": self.image_encoder(b["pixels"])}
        s["text_tokens"] = self.text_projection(s["text_hidden"])
        s["image_tokens"] = self.image_projection(s["image_hidden"])
        if "image_present" in b:  # no picture: tokens of zeros
            s["image_tokens"] = s["image_tokens"] * b["image_present"].float()[:, None, None]
        if self.config["knowledge"]:
            s["knowledge_hidden"] = self.text_encoder(b["knowledge_ids"], b["knowledge_mask"])
            s["knowledge_tokens"] = self.text_projection(s["knowledge_hidden"])
        s["text_aligned"] = mean(s["text_tokens"], b["text_mask"])
        s["image_aligned"] = s["image_tokens"].mean(1)
        s["pooled"] = self.aggregate(s, b)
        s["logits"] = self.classifier(s["pooled"])
        return s

    def aggregate(self, s, b):
        kind, text, image = self.config["aggregation"], s["text_aligned"], s["image_aligned"]
        if kind == "cross-attention":
            return self.fuse(s, b)
        if kind == "concat":
            knowledge = [mean(s["knowledge_tokens"], b["knowledge_mask"])] if self.config["knowledge"] else []
            return self.join(torch.cat([text, image, *knowledge], 1))
        if kind == "gated":
            gate = torch.sigmoid(self.join.gate(torch.cat([text, image], 1)))
            return gate * text + (1 - gate) * image
        if kind == "co-attention":
            return self.join(s["text_tokens"], s["image_tokens"], b["text_mask"])
        return {"text": text, "image": image}[kind]

    def fuse(self, s, b):
        def graph(name):  # a lexicon's bias, the same for every head
            return [b[name][:, None]] if name in b else []

        x = s["text_tokens"]
        for number, layer in enumerate(self.fusion):
            x = layer.text(x, x, padding(b["text_mask"]), *graph("self_bias"))
            x = layer.image(x, s["image_tokens"])
            if self.config["knowledge"]:
                x = layer.knowledge(x, s["knowledge_tokens"], padding(b["knowledge_mask"]), *graph("cross_bias"))
            s[f"fusion_{number}"] = x = layer.norm(x + layer.fc2(gelu(layer.fc1(x))))
        if self.config["pooling"] == "cls":
            return torch.tanh(self.pooler(x[:, 0]))
        if self.config["pooling"] == "mean":
            return mean(x, b["text_mask"])
        # The published program fills texts up with zeros, so the greatest number of all is at least 0.
        return relu(x.masked_fill(b["text_mask"][..., None] == 0, -inf).amax(1))

    def losses(self, b):
        """What training lessens, and its parts."""
        c, s = self.config, self.stages(b)
        seen = b["image_present"].bool() if "image_present" in b else torch.ones(len(b["labels"]), dtype=torch.bool)
        text = alignment(s["text_aligned"], b["teacher_text"], c["temperature"])
        image = alignment(s["image_aligned"][seen], b["teacher_image"][seen], c["temperature"])
        task = cross_entropy(s["logits"], b["labels"])
        return {"contrastive_text": text, "contrastive_image": image, "classification": task,
                "total": c["alpha"] * (text + image) + c["beta"] * task}


def alignment(student, teacher, temperature):
    """The symmetric InfoNCE of a batch's vectors and their teacher's."""
    student, teacher, own = normalize(student, dim=1), normalize(teacher, dim=1), torch.arange(len(student))
    return (cross_entropy(student @ teacher.T / temperature, own) + cross_entropy(teacher @ student.T / temperature, own)) / 2


class BertAdam:
    """Adam without bias correction: gradients cut to length 1 tensor by tensor, decay added to the update, a rate that
    rises in a line for `warmup` of the steps and then falls by the share of steps that are done."""

    def __init__(self, model, rate, steps, warmup=0.05, decay=0.01):
        self.parameters = list(model.named_parameters())
        self.means = [torch.zeros_like(p) for _, p in self.parameters]
        self.squares = [torch.zeros_like(p) for _, p in self.parameters]
        self.rate, self.steps, self.warmup, self.decay, self.done = rate, steps, warmup, decay, 0

    def decays(self, name):
        """Biases do not, nor norms outside the picture encoder."""
        return not name.endswith("bias") and ("norm" not in name or name.startswith("image_encoder"))

    @torch.no_grad()
    def step(self):
        share = self.done / self.steps
        rate = self.rate * (share / self.warmup if share < self.warmup else 1 - share)
        for (name, p), m, v in zip(self.parameters, self.means, self.squares):
            if p.grad is None:
                continue
            nn.utils.clip_grad_norm_([p], 1.0)
            m.mul_(0.9).add_(p.grad, alpha=1 - 0.9)
            v.mul_(0.999).addcmul_(p.grad, p.grad, value=1 - 0.999)
            update = m / (v.sqrt() + 1e-6) + (self.decay if self.decays(name) else 0.0) * p
            p.add_(update, alpha=-rate)
        self.done += 1


def load(folder):
    """The model of a folder, to be scored with."""
    with open(f"{folder}/config.json") as file:
        model = CLFA(json.load(file))
    model.load_state_dict({name: value.float() for name, value in load_file(f"{folder}/weights.safetensors").items()})
    return model.eval()
