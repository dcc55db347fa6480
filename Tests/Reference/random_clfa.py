"""Small models and posts for the goldens, drawn from a seed."""
import torch
from torch.nn.functional import normalize

from clfa import CLFA

TEXT_PIECES, KNOWLEDGE_PIECES = 11, 7


def config(text, image, **more):
    """A whole `config.json` of the sizes given."""
    sizes = {"text": text | {"type_vocab": 2, "eps": 1e-12}, "image": image | {"eps": 1e-6}}
    return sizes | {
        "dim": 16, "projection_hidden": 48, "fusion_layers": 2, "fusion_heads": 2, "fusion_ffn": 40, "fusion_eps": 1e-12,
        "knowledge": True, "aggregation": "cross-attention", "pooling": "mean", "labels": 2, "dropout": 0.0, "alpha": 1.0,
        "beta": 1.0, "temperature": 0.1} | more


def model(config, seed):
    """Weights of which none is zero, so that every gradient flows."""
    torch.manual_seed(seed)
    made = CLFA(config)
    for p in made.parameters():
        if p.dim() > 1:
            torch.nn.init.normal_(p, std=0.15)
        else:
            p.data.add_(torch.randn_like(p) * 0.05)
    return made


def batch(config, size, seed, without_picture=0):
    """Posts of several lengths, padded; the first `without_picture` of them have no picture."""
    g = torch.Generator().manual_seed(seed)
    pieces, side = config["text"]["vocab_size"], config["image"]["image_size"]

    def texts(width):
        ids = torch.randint(1, pieces, (size, width), generator=g)
        lengths = torch.randint(3, width + 1, (size,), generator=g)
        lengths[0] = width
        mask = (torch.arange(width) < lengths[:, None]).long()
        return ids * mask, mask

    b = dict(zip(("text_ids", "text_mask"), texts(TEXT_PIECES)))
    b["pixels"] = torch.randn(size, 3, side, side, generator=g)
    b["labels"] = torch.randint(0, config["labels"], (size,), generator=g)
    for name in ("teacher_text", "teacher_image"):
        b[name] = normalize(torch.randn(size, config["dim"], generator=g), dim=1)
    if without_picture:
        b["image_present"] = (torch.arange(size) >= without_picture).long()
    if config["knowledge"]:
        b |= zip(("knowledge_ids", "knowledge_mask"), texts(KNOWLEDGE_PIECES))
        b["self_bias"] = torch.rand(size, TEXT_PIECES, TEXT_PIECES, generator=g)
        b["cross_bias"] = torch.rand(size, TEXT_PIECES, KNOWLEDGE_PIECES, generator=g)
    return b
