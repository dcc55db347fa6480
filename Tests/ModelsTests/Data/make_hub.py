"""Makes hub/: small random encoders as transformers saves them, each with inputs and the hidden states it makes of them.

golden.safetensors holds `pixels` or `ids`, and `hidden`.
"""
import json
import os
import sys

import torch
from safetensors.torch import load_file, save_file
from transformers import (
    BertConfig, BertModel, CLIPConfig, CLIPModel, CLIPTextConfig, CLIPTextModel, CLIPVisionConfig, CLIPVisionModel, DeiTConfig,
    DeiTModel, Dinov2Config, Dinov2Model, Dinov2WithRegistersConfig, Dinov2WithRegistersModel, DistilBertConfig,
    DistilBertModel, RobertaConfig, RobertaModel, SiglipConfig, SiglipModel, SiglipTextConfig, SiglipTextModel,
    SiglipVisionConfig, SiglipVisionModel, ViTConfig, ViTModel, XLMRobertaConfig, XLMRobertaModel)

OUT = sys.argv[1]
PICTURE = dict(hidden_size=16, num_hidden_layers=2, num_attention_heads=2, image_size=32, patch_size=8)
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"] + [f"word{i}" for i in range(36)]


def random(model, seed):
    g = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for p in model.parameters():
            p.copy_(torch.randn(p.shape, generator=g) * (0.15 if p.dim() > 1 else 0.05))
        for n, p in model.named_parameters():
            if "norm" in n.lower() and n.endswith("weight"):
                p.add_(1.0)
            if "lambda1" in n:
                p.add_(0.5)
    return model.eval()


def folder(name):
    path = f"{OUT}/hub/{name}"
    os.makedirs(path)
    return path


def save(model, name, **options):
    path = folder(name)
    model.save_pretrained(path, **options)
    for f in os.listdir(path):
        if not (f.startswith("model") or f == "config.json"):
            os.remove(f"{path}/{f}")
    return path


def picture(model, name, side=None, order=None, part=None, **options):
    path = save(model, name)
    g = torch.Generator().manual_seed(3)
    side = side or model.config.image_size
    pixels = torch.randn(2, 3, side, side, generator=g)
    with torch.no_grad():
        hidden = (part or model)(pixels, **options).last_hidden_state
    if order:  # registers stand behind the patches
        hidden = torch.cat([hidden[:, :1], hidden[:, 1 + order:], hidden[:, 1:1 + order]], 1)
    save_file({"pixels": pixels, "hidden": hidden.contiguous()}, f"{path}/golden.safetensors")
    return path


def text(model, name, **options):
    path = save(model, name, **options)
    open(f"{path}/vocab.txt", "w").writelines(w + "\n" for w in WORDS)
    ids = torch.tensor([[2, 7, 9, 30, 3], [2, 39, 5, 5, 3]])
    with torch.no_grad():
        hidden = model(ids).last_hidden_state
    save_file({"ids": ids.float(), "hidden": hidden.contiguous()}, f"{path}/golden.safetensors")
    return path


def encoders():
    bert = random(BertModel(BertConfig(vocab_size=40, hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=24, max_position_embeddings=12)), 1)
    text(bert, "bert")
    text(bert, "bert-sharded", max_shard_size="6KB")
    path = text(bert, "bert-torch")
    torch.save(bert.state_dict(), f"{path}/pytorch_model.bin")
    os.remove(f"{path}/model.safetensors")
    # Two shards of PyTorch's, too.
    path = text(bert, "bert-torch-sharded")
    os.remove(f"{path}/model.safetensors")
    state = bert.state_dict()
    names = list(state)
    parts = {"pytorch_model-00001-of-00002.bin": names[:9], "pytorch_model-00002-of-00002.bin": names[9:]}
    for file, some in parts.items():
        torch.save({"bert." + n: state[n] for n in some}, f"{path}/{file}")
    json.dump({"metadata": {"total_size": 1}, "weight_map": {"bert." + n: f for f, some in parts.items() for n in some}},
              open(f"{path}/pytorch_model.bin.index.json", "w"), indent=0)
    text(random(DistilBertModel(DistilBertConfig(vocab_size=40, dim=16, n_layers=2, n_heads=2, hidden_dim=24, max_position_embeddings=12)), 2), "distilbert")
    sizes = dict(vocab_size=40, hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=24, max_position_embeddings=14)
    text(random(RobertaModel(RobertaConfig(type_vocab_size=1, pad_token_id=1, **sizes)), 7), "roberta")
    text(random(XLMRobertaModel(XLMRobertaConfig(type_vocab_size=1, pad_token_id=1, **sizes)), 8), "xlm-roberta")
    picture(random(ViTModel(ViTConfig(intermediate_size=24, **PICTURE)), 3), "vit")
    picture(random(ViTModel(ViTConfig(intermediate_size=24, **PICTURE)), 3), "vit-48", side=48, interpolate_pos_encoding=True)
    picture(random(DeiTModel(DeiTConfig(intermediate_size=24, **PICTURE)), 4), "deit", order=1)
    picture(random(DeiTModel(DeiTConfig(intermediate_size=24, **PICTURE)), 4), "deit-24", side=24, order=1, interpolate_pos_encoding=True)
    picture(random(Dinov2Model(Dinov2Config(mlp_ratio=2, **PICTURE)), 5), "dinov2")
    picture(random(Dinov2Model(Dinov2Config(mlp_ratio=2, **PICTURE)), 5), "dinov2-24", side=24)
    registers = random(Dinov2WithRegistersModel(Dinov2WithRegistersConfig(mlp_ratio=2, num_register_tokens=3, **PICTURE)), 6)
    picture(registers, "dinov2-registers", order=3)
    picture(registers, "dinov2-registers-24", side=24, order=3)
    picture(registers, "dinov2-registers-48", side=48, order=3)


def twins():
    """The halves of CLIPs and SigLIPs, each by itself and in a whole model."""
    words = dict(vocab_size=40, hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=24, max_position_embeddings=12,
                 bos_token_id=2, eos_token_id=3, pad_token_id=0)
    seen = dict(intermediate_size=24, **PICTURE)
    for kind, Vision, VisionConfig, Text, TextConfig, Model, Config in (
            ("clip", CLIPVisionModel, CLIPVisionConfig, CLIPTextModel, CLIPTextConfig, CLIPModel, CLIPConfig),
            ("siglip", SiglipVisionModel, SiglipVisionConfig, SiglipTextModel, SiglipTextConfig, SiglipModel, SiglipConfig)):
        vision = random(Vision(VisionConfig(**seen)), 31)
        picture(vision, f"{kind}-vision")
        picture(vision, f"{kind}-vision-48", side=48, interpolate_pos_encoding=True)
        text(random(Text(TextConfig(**words)), 32), f"{kind}-text")
        whole = random(Model(Config(text_config=words, vision_config=dict(hidden_act="gelu", **seen), **(dict(projection_dim=4) if kind == "clip" else {}))), 33)
        path = picture(whole, kind, part=whole.vision_model, side=32)
        ids = torch.tensor([[2, 7, 9, 30, 3], [2, 39, 5, 5, 3]])
        golden = load_file(f"{path}/golden.safetensors")
        with torch.no_grad():
            golden |= {"ids": ids.float(), "text_hidden": whole.text_model(ids).last_hidden_state.contiguous()}
        save_file(golden, f"{path}/golden.safetensors")
        open(f"{path}/vocab.txt", "w").writelines(w + "\n" for w in WORDS)


if __name__ == "__main__":
    encoders()
    twins()
