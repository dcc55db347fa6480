"""Makes tokenizers' files of BERT-like folders in the layouts that programs write, and what `transformers` reads from them.

texts.json  2,000 texts with everything that tokenizers treat in a way of its own, made from a fixed seed.
subwords.json  for each tokenizer of ../subwords: its `added_tokens` after some were added, and the `ids` of the texts.
NAME.json   files: the folder's small files; in a tokenizer.json, the word pieces are left out: they are those of ../text/vocab.txt,
            some `renamed`, with another `prefix`, and `pieces` behind them. has_words: whether the folder has a vocab.txt.
            settings: the tokenizer's settings that differ from the defaults, with the keys of a model's config.json.
            ids: for each text the first eight digits of the SHA-256 of its ids, in decimal with blanks between.

    python make_wordpieces.py --texts OTHER.json NAME FOLDER   # the ids of other texts, one line each; keeps the folder

The arbiter is AutoTokenizer of transformers 5; for never_split and do_basic_tokenize, which its tokenizers ignore, it is
BertTokenizerLegacy, the class of transformers 4 that obeys them.
"""
import hashlib
import json
import os
import random
import sys
import tempfile

from tokenizers import AddedToken, Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import AutoTokenizer, BertConfig, BertTokenizerFast
from transformers.models.bert.tokenization_bert_legacy import BertTokenizerLegacy

HERE = os.path.dirname(os.path.abspath(__file__))
WORDS = open(f"{HERE}/../text/vocab.txt", encoding="utf-8").read().split("\n")[:-1]
USUAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


def texts():
    """Joins fragments in every order, with and without blanks between them."""
    draw = random.Random(18)
    fragments = [
        "so", "happy", "Happy", "NAÏVE", "Café", "cafe\u0301", "İstanbul", "ẞ", "ǅ", "ﬁ", "Ω", "Å", "한국어", "今日", "今", "日は",
        "いい天気", "ガ", "か\u3099", "مرحبا", "שָׁלוֹם", "हिन्दी", "ไทย", "\U0001f602", "❤️", "👨‍👩‍👧", "👍🏽", "🇩🇪", "\u200d", "\u200b",
        "\ufe0f", "\u0301", "\u0327\u0301", "\u0301\u0327", "\u00ad", "\u0000", "\u0001", "\u0007", "\u001c", "\u007f", "\u0085", "\ufffd",
        "\ue000", "\ufeff", "\t", "\n", "\r\n", "\u00a0", "\u2003", "\u3000", "\u2028", " ", "  ", ".", "...", "!?", "don't", "#tag",
        "@USER", "@user", "@User", "@USERx", "HTTPURL", "httpurl", "HTTPURLs", "[URL]", "[url]", "<e>", "<E>", "so happy", "Ünï", "ünï",
        "uni", "[MASK]", "[mask]", "[CLS]", "[SEP]", "[UNK]", "[PAD]", "<mask>", "<s>", "</s>", "<unk>", "<pad>", "_", "9", "$", "+", "^",
        "`", "€", "—", "«", "¿", "𝔘𝔫𝔦", "豈", "𠀀", "㐀", "\U0002f800", "x" * 9, "x" * 11, "a" * 100, "b" * 101, "é" * 100, "e\u0301" * 60,
        "##s", "s", "ing", "1,000.5", "a_b", "http://t.co/x?y=1", "&amp;", "\\n", "<user name>", "<user  name>",
    ]
    made = ["", " ", "\n", "\u200b", "@USER", "[MASK]", "x" * 5000, "@USER" * 300, "今日" * 100, "[URL]  [URL]", "so  happy", "é" * 3000]
    while len(made) < 2000:
        between = draw.choice(["", " ", " ", "", "  ", "\t"])
        made.append(between.join(draw.choice(fragments) for _ in range(draw.randint(1, 12))))
    return made


def folder(path, words=None, replaced=(), pieces=(), settings=None, **config):
    """A folder with config.json, and vocab.txt of some words."""
    os.makedirs(path, exist_ok=True)
    BertConfig(**config).save_pretrained(path)
    words = [*replaced, *WORDS[len(replaced):], *pieces] if words is None else words
    with open(f"{path}/vocab.txt", "w", encoding="utf-8") as file:
        file.write("".join(f"{word}\n" for word in words))
    write(path, "tokenizer_config.json", settings)
    return words


def write(path, name, value):
    if value is not None:
        with open(f"{path}/{name}", "w", encoding="utf-8") as file:
            json.dump(value, file, ensure_ascii=False, indent=1)


def saved(path, tokenizer):
    """Leaves what save_pretrained of transformers 5 leaves: no vocab.txt."""
    os.remove(f"{path}/vocab.txt")
    tokenizer.save_pretrained(path)


def token(text, id, **flags):
    return {"text": text, "id": id, **{flag: True for flag in flags if flags[flag]}}


def usual(names=USUAL):
    """The five special tokens that every folder of BERT has, in the order in which they are looked for."""
    return [token(name, WORDS.index(word)) for name, word in zip(names, USUAL)]


def plain(path):
    folder(path, settings={"do_lower_case": True})
    return {}


def resaved(path):
    folder(path)
    saved(path, BertTokenizerFast(f"{path}/vocab.txt", do_lower_case=True))
    return {}


ADDED = [
    ("@USER", {}), ("HTTPURL", {}), ("<e>", {"single_word": True}), ("[URL]", {"lstrip": True, "rstrip": True, "normalized": False}),
    ("so happy", {}), ("今日", {}), ("Ünï", {}), ("<user name>", {"normalized": False, "single_word": True, "lstrip": True}),
    ("1,000", {"rstrip": True}), ("x" * 9, {"normalized": False}),
]


def added(path):
    folder(path)
    tokenizer = BertTokenizerFast(f"{path}/vocab.txt", do_lower_case=True)
    tokenizer.add_tokens([AddedToken(text, **flags) for text, flags in ADDED])
    saved(path, tokenizer)
    tokens = usual()
    for text, flags in ADDED:
        tokens.append(token(text, len(WORDS) + len(tokens) - 5, **{"normalized": True, **flags}))
    return {"added_tokens": tokens}


def cased(path):
    folder(path, settings={"do_lower_case": False, "strip_accents": True, "tokenize_chinese_chars": False})
    return {"lowercase": False, "separate_chinese": False}


def accents(path):
    folder(path, settings={"do_lower_case": True, "strip_accents": False})
    return {"strip_accents": False}


NAMES = {"pad_token": "<pad>", "unk_token": "<unk>", "cls_token": "<s>", "sep_token": "</s>"}


def names(path):
    """Special tokens of other names; the mask takes the blanks before it."""
    mask = {"content": "<mask>", "lstrip": True, "rstrip": False, "single_word": False, "normalized": False, "__type": "AddedToken"}
    replaced = [{"[PAD]": "<pad>", "[UNK]": "<unk>", "[CLS]": "<s>", "[SEP]": "</s>", "[MASK]": "<mask>"}.get(word, word) for word in WORDS]
    folder(path, replaced, settings={**NAMES, "mask_token": mask, "do_lower_case": True})
    tokens = usual([*NAMES.values(), "<mask>"])
    tokens[4]["lstrip"] = True
    return {"unknown": "<unk>", "first": "<s>", "last": "</s>", "added_tokens": tokens}


def legacy(path):
    """The three small files of transformers 3 and 4, some tokens being in the vocabulary already."""
    folder(path, pieces=["[URL]", "httpurl"], settings={"do_lower_case": True, "model_max_length": 512})
    count = len(WORDS)
    write(path, "added_tokens.json", {"HTTPURL": count + 2, "@USER": count + 3, "<e>": count + 4})
    marks = {"lstrip": False, "rstrip": True, "single_word": True, "normalized": False}
    write(path, "special_tokens_map.json", {
        **{f"{name.lower()[1:-1]}_token": name for name in USUAL}, "additional_special_tokens": ["<e>", "[URL]"],
        "mask_token": {"content": "[MASK]", **marks}})
    tokens = usual()
    tokens[4].update(single_word=True, rstrip=True)
    more = [("HTTPURL", count + 2), ("@USER", count + 3), ("<e>", count + 4)]
    return {"added_tokens": tokens + [token("[URL]", count)] + [token(text, id, normalized=True) for text, id in more]}


def decoder(path):
    """tokenizer_config.json as transformers 4.34 and later write it, without a tokenizer.json."""
    flags = {"lstrip": False, "rstrip": False, "single_word": False, "normalized": False, "special": True}
    listed = {str(WORDS.index(name)): {"content": name, **flags} for name in USUAL}
    listed[str(len(WORDS))] = {"content": "@USER", **flags, "special": False, "normalized": True, "single_word": True}
    listed[str(len(WORDS) + 1)] = {"content": "HTTPURL", **flags}
    folder(path, pieces=["@USER"], settings={
        "added_tokens_decoder": listed, "additional_special_tokens": ["HTTPURL"], "clean_up_tokenization_spaces": True,
        "do_basic_tokenize": True, "do_lower_case": True, "never_split": None, "tokenizer_class": "BertTokenizer",
        **{f"{name.lower()[1:-1]}_token": name for name in USUAL}})
    tokens = usual() + [token("HTTPURL", len(WORDS) + 1), token("@USER", len(WORDS), normalized=True, single_word=True)]
    return {"added_tokens": tokens}


def other(path):
    """A tokenizer.json of the library `tokenizers`, with another prefix and another limit, and a class that takes it as it is."""
    folder(path, settings={"tokenizer_class": "PreTrainedTokenizerFast", **{f"{name.lower()[1:-1]}_token": name for name in USUAL}})
    os.remove(f"{path}/vocab.txt")
    tokenizer = Tokenizer(models.WordPiece(
        {word.replace("##", "@@") if word.startswith("##") else word: id for id, word in enumerate(WORDS)}, unk_token="[UNK]",
        continuing_subword_prefix="@@", max_input_chars_per_word=10))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=False)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", WORDS.index("[SEP]")), ("[CLS]", WORDS.index("[CLS]")))
    tokenizer.add_special_tokens(USUAL)
    tokenizer.save(f"{path}/tokenizer.json")
    return {"lowercase": False, "strip_accents": False, "prefix": "@@", "word_limit": 10}


def never_split(path):
    folder(path, pieces=["@USER", "HTTPURL", "so_happy"],
           settings={"do_lower_case": True, "never_split": ["@USER", "HTTPURL", "Café", "今", "a_b", "uni"]})
    return {"never_split": ["@USER", "HTTPURL", "Café", "今", "a_b", "uni"]}


def no_basic(path):
    folder(path, settings={"do_lower_case": False, "do_basic_tokenize": False})
    return {"lowercase": False, "strip_accents": False, "pretokenized": True}


KINDS = [plain, resaved, added, cased, accents, names, legacy, decoder, other, never_split, no_basic]


def reference(kind, path):
    if kind in (never_split, no_basic):
        return BertTokenizerLegacy.from_pretrained(path)
    return AutoTokenizer.from_pretrained(path)


def ids(tokenizer, text):
    return " ".join(map(str, tokenizer(text)["input_ids"]))


def small(path):
    """The folder's files, without words, and how its words differ from WORDS."""
    files, words = {}, None
    for name in sorted(os.listdir(path)):
        if name.endswith(".json") and name != "config.json":
            files[name] = json.load(open(f"{path}/{name}", encoding="utf-8"))
    has_words = os.path.exists(f"{path}/vocab.txt")
    if has_words:
        words = open(f"{path}/vocab.txt", encoding="utf-8").read().split("\n")[:-1]
    if "tokenizer.json" in files:
        model = files["tokenizer.json"]["model"]
        words = sorted(model["vocab"], key=model["vocab"].get)
        model["vocab"] = {}
    prefix = "@@" if any(word.startswith("@@") for word in words) else "##"
    renamed = {old: new for old, new in zip(WORDS, words) if old != new and not old.startswith("##")}
    return {"files": files, "has_words": has_words, "renamed": renamed, "prefix": prefix, "pieces": words[len(WORDS):]}


def digests(made, encode):
    return "".join(hashlib.sha256(encode(text).encode()).hexdigest()[:8] for text in made)


def main(out):
    made = texts()
    write(out, "texts.json", made)
    subwords = {}
    for name in ("clip", "gpt2", "unigram"):
        other = Tokenizer.from_file(f"{HERE}/../subwords/{name}.json")
        other.add_tokens([AddedToken(text, **flags) for text, flags in ADDED])
        subwords[name] = {
            "added_tokens": json.loads(other.to_str())["added_tokens"],
            "ids": digests(made, lambda text: " ".join(map(str, other.encode(text).ids)))}
    write(out, "subwords.json", subwords)
    for kind in KINDS:
        with tempfile.TemporaryDirectory() as path:
            settings = kind(path)
            tokenizer = reference(kind, path)
            found = digests(made, lambda text: ids(tokenizer, text))
            write(out, f"{kind.__name__}.json", {**small(path), "settings": settings, "ids": found})


if __name__ == "__main__":
    if sys.argv[1] == "--texts":
        kind = next(kind for kind in KINDS if kind.__name__ == sys.argv[3])
        settings = kind(sys.argv[4])
        write(sys.argv[4], "settings.json", settings)
        tokenizer = reference(kind, sys.argv[4])
        for text in json.load(open(sys.argv[2], encoding="utf-8")):
            print(ids(tokenizer, text))
    else:
        main(sys.argv[1])
