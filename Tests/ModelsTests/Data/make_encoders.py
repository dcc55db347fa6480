"""Writes the encoders and checkpoints of the importing tests:  python make_encoders.py PATH/TO/clfa_reference.py

(torch, transformers, numpy). Each folder of Data/hub is a small random model as transformers saves it, with inputs and
the hidden states that it makes of them: `pixels` or `ids` and `hidden`. Data/checkpoints holds a model of the reference
under the names that the authors' program saves it by, Google's names of its ViT, and the batch with its logits.
"""
import importlib.util
import json
import os
import shutil
import sys

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from transformers import (BertConfig, BertModel, CLIPConfig, CLIPModel, CLIPTextConfig, CLIPTextModel, CLIPVisionConfig, CLIPVisionModel, DeiTConfig, DeiTModel, Dinov2Config, Dinov2Model, Dinov2WithRegistersConfig,
                          Dinov2WithRegistersModel, DistilBertConfig, DistilBertModel, RobertaConfig, RobertaModel, SiglipConfig, SiglipModel, SiglipTextConfig, SiglipTextModel,
                          SiglipVisionConfig, SiglipVisionModel, ViTConfig, ViTModel,
                          XLMRobertaConfig, XLMRobertaModel)

HERE = os.path.dirname(os.path.abspath(__file__))
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
    path = f"{HERE}/hub/{name}"
    shutil.rmtree(path, ignore_errors=True)
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
    twins()


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


def checkpoint(reference, path, config, seed=11, size=3):
    """A random model of the reference as the authors' program would have saved it, its ViT as Google would have, and what
    the reference makes of a batch."""
    torch.manual_seed(seed)
    model = reference.CLFA(config).eval()
    for p in model.parameters():
        torch.nn.init.normal_(p, std=0.15 if config.dim < 100 else 0.03) if p.dim() > 1 else p.data.add_(torch.randn_like(p) * 0.05)
    os.makedirs(path, exist_ok=True)
    state = model.state_dict()
    theirs = {authors(k): v for k, v in state.items()}
    theirs["model.head.weight"], theirs["model.head.bias"] = torch.zeros(10, config.image.hidden_size), torch.zeros(10)
    theirs["bert.pooler.dense.weight"] = torch.zeros(config.text.hidden_size, config.text.hidden_size)
    theirs["bert.pooler.dense.bias"] = torch.zeros(config.text.hidden_size)
    theirs["bert.embeddings.position_ids"] = torch.arange(config.text.max_positions).expand(1, -1)
    torch.save(theirs, f"{path}/pytorch_model.bin")
    np.savez(f"{path}/vit.npz", **google(state, config.image.heads))
    batch = reference.random_batch(config, size, seed + 1)
    batch.pop("self_bias", None), batch.pop("cross_bias", None)
    with torch.no_grad():
        stages = model.stages(batch)
    keep = ("text_ids", "text_mask", "knowledge_ids", "knowledge_mask", "pixels")
    save_file({k: v.float().contiguous() for k, v in batch.items() if k in keep} | {k: stages[k].contiguous() for k in ("logits", "pooled", "image_hidden")},
              f"{path}/golden.safetensors")
    open(f"{path}/vocab.txt", "w").writelines(w + "\n" for w in (WORDS + [f"piece{i}" for i in range(config.text.vocab_size)])[:config.text.vocab_size])
    return model, theirs


def checkpoints(reference):
    config = reference.Config(
        text=reference.TextConfig(vocab_size=60, hidden_size=16, layers=2, heads=2, ffn=24, max_positions=12),
        image=reference.ImageConfig(image_size=32, patch_size=8, hidden_size=12, layers=2, heads=3, ffn=24),
        dim=8, projection_hidden=24, fusion_layers=2, fusion_heads=2, fusion_ffn=16, labels=2, dropout=0.0)
    checkpoint(reference, f"{HERE}/checkpoints/authors", config)
    config.knowledge, config.labels = False, 3
    model, _ = checkpoint(reference, f"{HERE}/checkpoints/reference", config, seed=21)
    # The reference's own names, as a program on several processors saves them with all else that it knows.
    torch.save({"epoch": 3, "model_state_dict": {"module." + k: v for k, v in model.state_dict().items()}},
               f"{HERE}/checkpoints/reference/pytorch_model.bin")
    os.remove(f"{HERE}/checkpoints/reference/vit.npz")


def main(path):
    spec = importlib.util.spec_from_file_location("clfa_reference", path)
    reference = importlib.util.module_from_spec(spec)
    sys.modules["clfa_reference"] = reference
    spec.loader.exec_module(reference)
    if len(sys.argv) > 2:  # python make_encoders.py REFERENCE FOLDER: the published sizes, for a look outside the tests
        checkpoint(reference, sys.argv[2], reference.Config(labels=2), size=2)
        return
    encoders()
    checkpoints(reference)


if __name__ == "__main__":
    main(sys.argv[1])
