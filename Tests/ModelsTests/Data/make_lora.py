"""Makes lora/: adapters that PEFT saved, their bases, and what its merge_and_unload makes of them.

A folder NAME/adapter belongs to NAME/base; NAME/merged is the base as transformers saves it after merging.
"""
import os
import sys

import torch
from peft import LoraConfig, get_peft_model
from transformers import BertConfig, BertForSequenceClassification, BertModel, ViTConfig, ViTModel

OUT = sys.argv[1]
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"] + [f"word{i}" for i in range(16)]
SIZES = dict(hidden_size=8, num_hidden_layers=2, num_attention_heads=2, intermediate_size=12)
BERT = BertConfig(vocab_size=20, max_position_embeddings=12, num_labels=3, **SIZES)
VIT = ViTConfig(image_size=8, patch_size=4, **SIZES)


def fill(model, seed):
    """Random numbers in every parameter, those of the adapter included, which PEFT begins with zeros."""
    g = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for p in model.parameters():
            p.copy_(torch.randn(p.shape, generator=g) * 0.2)
    return model.eval()


def save(model, path, **options):
    model.save_pretrained(path, **options)
    for f in os.listdir(path):
        if f not in ("config.json", "model.safetensors", "adapter_config.json", "adapter_model.safetensors", "adapter_model.bin"):
            os.remove(f"{path}/{f}")


def adapter(name, model, seed, safe=True, encoder=lambda model: model, **options):
    path = f"{OUT}/lora/{name}"
    os.makedirs(path)
    save(encoder(fill(model, seed)), f"{path}/base")
    if isinstance(model.config, BertConfig):
        open(f"{path}/base/vocab.txt", "w").writelines(w + "\n" for w in WORDS)
    wrapped = get_peft_model(model, LoraConfig(base_model_name_or_path="someone/base", **options))
    g = torch.Generator().manual_seed(seed + 1)
    with torch.no_grad():
        # Trained are the adapter, biases if there are any, and copies of whole modules.
        for p in wrapped.parameters():
            if p.requires_grad:
                p.copy_(torch.randn(p.shape, generator=g) * 0.3)
    save(wrapped, f"{path}/adapter", safe_serialization=safe)
    save(encoder(wrapped.merge_and_unload()), f"{path}/merged")
    if isinstance(model.config, BertConfig):
        open(f"{path}/merged/vocab.txt", "w").writelines(w + "\n" for w in WORDS)


if __name__ == "__main__":
    adapter("plain", BertModel(BERT), 1, r=4, lora_alpha=6, target_modules=["query", "value"])
    adapter("patterns", BertModel(BERT), 3, safe=False, r=4, lora_alpha=6, use_rslora=True,
            target_modules=["query", "value", "intermediate.dense", "word_embeddings"],
            rank_pattern={"layer.1.attention.self.query": 2, "intermediate.dense": 3},
            alpha_pattern={"^encoder.layer.0.attention.self.value": 5, "word_embeddings": 3})
    adapter("classifier", BertForSequenceClassification(BERT), 5, encoder=lambda model: model.bert, task_type="SEQ_CLS", r=2,
            lora_alpha=8, bias="all", fan_in_fan_out=True, target_modules="all-linear", modules_to_save=["LayerNorm"])
    adapter("vit", ViTModel(VIT), 7, r=3, lora_alpha=4, bias="lora_only", target_modules=["q_proj", "mlp.fc2", "projection"])
