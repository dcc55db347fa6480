"""Makes what the tests of hubs' tokenizers without a tokenizer.json compare with, as `transformers` gives it.

roberta, clip: vocab.json and merges.txt of the tokenizers in ../subwords. xlmr, camembert: models that
SentencePiece learns from the sentences below; albert: one with ALBERT's special pieces, as some BERTs have it. bertweet:
vocab.txt and bpe.codes learnt from them. variants.json: members that replace those of ../subwords/unigram.json, and whether it
gets the pieces of all bytes. texts.json: 2,000 texts that are hard to tokenize. expected.json: for each kind and each ten texts,
a digest of their ids.
"""
import collections
import hashlib
import json
import os
import random
import re
import sys
import tempfile
from pathlib import Path

import sentencepiece
from sentencepiece import sentencepiece_model_pb2
from tokenizers import Tokenizer
from transformers import AutoTokenizer
from transformers.models.bertweet.tokenization_bertweet import BertweetTokenizer

out = Path(sys.argv[1])
SENTENCES = [
    "What a lovely morning, the rain never stops!", "I'm sure they'll have missed the bus again; we've all been there.",
    "The picnic was a treat, wasn't it?", "Naïve café façade, coöperate and résumé.", "Der Zug kommt später, wie üblich.",
    "Привет, как дела сегодня?", "今日はとても暑いですね。", "오늘은 날씨가 정말 좋네요", "12 posts, 345 likes and 6789 shares",
    "Best. Day. Ever... 😂😂 #blessed @noor_w https://t.co/abc", "मौसम बहुत अच्छा है", "الطقس جميل اليوم",
    "so good :-) <3 can't wait, I cannot! www.x.org at 5 p.m. ❤ 👍 it's the goood life",
]
WORDS = """the The good goood I'm don't WE'LL café cafe\u0301 naïve İstanbul ﬁne ① ２０ ½ straße ΣΑΣ Привет как 今日 は ｶﾞ 한국 각 किताब
ไทย الطقس لا שלום 👍🏽 👩‍👩‍👧‍👦 🇩🇪 ❤️ ☺ 😂😂 1️⃣ 12,345.67 3/4 a.m. http://t.co/aB1 www.x.org/a?b=c&d #hash_tag @noor_w me@mail.example :-)
;P <3 -> <-- &amp; &lt;3 &#128514; &#x41; &#x80; &#129; &bogus; &lang; can't cannot n't p.m. ... … ’ “q” -- !!!!!! ?! (555)\xa0123-4567 e-mail
+1\xa0800-555-1234 o'clock x_y _ a\u200bb a\u200db \u00ad \ufeff \u202eabc \ufffd \ue000 \U0010ffff \u0378 ▁ ▁a a▁b ▁▁ \u0300
e\u0323\u0302\u0301 q\u0307\u0323 \u0f73 \u1e9b\u0323 𝒜𝓑 \U00010348 Ⅻ ㍿ ﷺ ſ K ǅ ß \x7f `` '' $5 € 10% C++ \\n {} [x]
http://en.example/a_(b(c)d)_e(f) (((a(b)c) https:x hTTps://ſ x.com. foo@x.com x.com@foo <a> ~<:| 8-d >;*/""".split()
WORDS += ["\x00", "\x01", "\x1c", "\x85", "(555) 123-4567", " p . m . ", " a . m "]
TOKENS = ["<s>", "</s>", "<pad>", "<unk>", "<mask>", "@USER", "HTTPURL", "<|endoftext|>", "<|startoftext|>", "[MASK]", "<ctl>", "<extra>"]
BLANKS = [" ", "  ", "   ", "\t", "\n", "\r\n", "\u00a0", "\u3000", "\u2003", "\u2028", "", "", " ", " ", " "]
# Parts of Unicode that are older than the tables of all the libraries.
RANGES = [(1, 0x17f), (0x300, 0x36f), (0x400, 0x4ff), (0x5d0, 0x5ea), (0x620, 0x64a), (0x900, 0x939), (0xe01, 0xe30), (0x1100, 0x1112),
          (0x2000, 0x206f), (0x2190, 0x21ff), (0x2600, 0x26ff), (0x3041, 0x30ff), (0x4e00, 0x9fa5), (0xac00, 0xd7a3), (0xff01, 0xffee),
          (0x1f300, 0x1f64f), (0x20000, 0x2a6d6)]


def texts(count=2000):
    chance = random.Random(18)
    made = ["", " ", "  ", "\n", "\t \n", "▁", "▁▁ ", " a", "a ", " a  b ", "x" * 300, "ab" * 150, "é" * 90, "e" + "\u0301" * 60, "😂" * 60,
            " " * 90, "a" + " " * 50 + "b", "今" * 90, "!" * 60, "." * 50, "-" * 40 + ">", "@" * 30, "#" * 30, "1" * 50, "'" * 30, "(" * 60,
            "http://" + "(" * 40 + "a" + ")" * 20]
    while len(made) < count:
        text = ""
        for _ in range(chance.randint(1, 6)):
            kind = chance.random()
            if kind < 0.6:
                text += chance.choice(WORDS)
            elif kind < 0.75:
                text += chance.choice(TOKENS)
            elif kind < 0.85:
                text += "".join(chr(chance.randint(*chance.choice(RANGES))) for _ in range(chance.randint(1, 4)))
            else:
                text += "".join(chr(chance.randint(33, 126)) for _ in range(chance.randint(1, 12)))
            text += chance.choice(BLANKS)
        made.append(text)
    return made


def write(name, file, content):
    os.makedirs(out / name, exist_ok=True)
    with open(out / name / file, "w", encoding="utf-8", newline="") as f:
        if isinstance(content, str):
            f.write(content)
        else:
            json.dump(content, f, ensure_ascii=True, separators=(",", ":"))


def pair(name, source, config, **files):
    model = json.load(open(Path(__file__).parent.parent / "subwords" / source))["model"]
    write(name, "vocab.json", model["vocab"])
    merges = [m if isinstance(m, str) else " ".join(m) for m in model["merges"]]
    write(name, "merges.txt", "#version: 0.2\n" + "".join(m + "\n" for m in merges))
    write(name, "config.json", config)
    for file, content in files.items():
        write(name, file + ".json", content)


def sentences(name, file, config, **settings):
    with tempfile.TemporaryDirectory() as folder:
        open(f"{folder}/text", "w").write("\n".join(SENTENCES * 4))
        rules = [("ﬁ", "fi"), ("①", "1"), ("２", "2"), ("Ａ", "A"), ("\u3000", " "), ("\u00a0", " "), ("\t", " "), ("\n", " "), ("\r", " "),
                 ("½", "1⁄2"), ("e\u0301", "é"), ("E\u0301", "É"), ("\u200b", ""), ("\u00ad", ""), ("ﷺ", "صلى الله عليه وسلم")]
        with open(f"{folder}/rules.tsv", "w") as f:
            for source, target in rules:
                f.write(" ".join(f"{ord(c):X}" for c in source) + "\t" + " ".join(f"{ord(c):X}" for c in target) + "\n")
        sentencepiece.SentencePieceTrainer.train(**{
            "input": f"{folder}/text", "model_prefix": f"{folder}/m", "vocab_size": 340, "hard_vocab_limit": False, "model_type": "unigram",
            "normalization_rule_tsv": f"{folder}/rules.tsv", "character_coverage": 0.98, "minloglevel": 2, "num_threads": 1, **settings})
        os.makedirs(out / name, exist_ok=True)
        proto = sentencepiece_model_pb2.ModelProto()
        proto.ParseFromString(open(f"{folder}/m.model", "rb").read())
        # The names of temporary files.
        for spec, fields in ((proto.trainer_spec, ("input", "model_prefix")), (proto.normalizer_spec, ("normalization_rule_tsv",))):
            for field in fields:
                spec.ClearField(field)
        open(out / name / file, "wb").write(proto.SerializeToString(deterministic=True))
    write(name, "config.json", config)


def tweets(name):
    """Byte-pair encoding as BERTweet's: counts of pairs, ties by their letters."""
    with tempfile.TemporaryDirectory() as folder:
        for file in ("v", "c"):
            open(f"{folder}/{file}", "w").close()
        normal = BertweetTokenizer(f"{folder}/v", f"{folder}/c", normalization=True)
        words = collections.Counter(w for s in SENTENCES * 2 for w in re.findall(r"\S+", normal.normalizeTweet(s)))
    known = {tuple(list(w[:-1]) + [w[-1] + "</w>"]): n for w, n in words.items()}
    merges = []
    for _ in range(220):
        pairs = collections.Counter()
        for w, n in known.items():
            for p in zip(w, w[1:]):
                pairs[p] += n
        (a, b), n = max(pairs.items(), key=lambda p: (p[1], p[0]))
        merges.append(f"{a} {b} {n}\n")
        merged = {}
        for w, count in known.items():
            done, i = [], 0
            while i < len(w):
                both = w[i:i + 2] == (a, b)
                done.append(a + b if both else w[i])
                i += 2 if both else 1
            merged[tuple(done)] = count
        known = merged
    pieces = collections.Counter()
    for w, n in known.items():
        for s in w:
            pieces[s[:-4] if s.endswith("</w>") else s + "@@"] += n
    write(name, "vocab.txt", "".join(f"{p} {n}\n" for p, n in sorted(pieces.items(), key=lambda p: (-p[1], p[0]))))
    write(name, "bpe.codes", "".join(merges))
    write(name, "config.json", {"model_type": "roberta", "tokenizer_class": "BertweetTokenizer"})


def ids(folder, **settings):
    tokenizer = AutoTokenizer.from_pretrained(folder, **settings)
    return [tokenizer(t)["input_ids"] for t in TEXTS]


def variants():
    """Other steps around the unigram pieces of ../subwords, and their ids as `tokenizers` gives them."""
    base = json.load(open(Path(__file__).parent.parent / "subwords" / "unigram.json"))
    steps = lambda *all: {"type": "Sequence", "normalizers": list(all)}  # noqa: E731
    replaced = lambda old, new: {"type": "Replace", "pattern": {"String": old}, "content": new}  # noqa: E731
    split = {"type": "WhitespaceSplit"}
    metaspace = lambda scheme: {"type": "Metaspace", "replacement": "▁", "prepend_scheme": scheme, "split": True}  # noqa: E731
    made = {
        "nfkc": {"normalizer": {"type": "NFKC"}}, "nfd": {"normalizer": {"type": "NFD"}},
        "albert steps": {
            "normalizer": steps(replaced("``", '"'), replaced("''", '"'), {"type": "NFKD"}, {"type": "StripAccents"}, {"type": "Lowercase"}),
            "pre_tokenizer": {"type": "Sequence", "pretokenizers": [split, metaspace("never")]}},
        "deberta steps": {"normalizer": steps({"type": "Replace", "pattern": {"Regex": r"\s{2,}|[\n\r\t]"}, "content": " "}, {"type": "NFC"},
                                              {"type": "Strip", "strip_left": False, "strip_right": True})},
        "replaced": {"normalizer": steps(replaced("aa", "b"), replaced(" ", "▁"), {"type": "Strip", "strip_left": False, "strip_right": True})},
        "bytes": {"bytes": True, "added_tokens": base["added_tokens"][:4]},
    }
    ids = {}
    for name, changes in made.items():
        file = json.loads(json.dumps(base)) | {k: v for k, v in changes.items() if k != "bytes"}
        if changes.get("bytes"):
            file["model"]["vocab"] += [[f"<0x{b:02X}>", -30.0] for b in range(256)]
            file["model"]["byte_fallback"] = True
        tokenizer = Tokenizer.from_str(json.dumps(file))
        ids[name] = [tokenizer.encode(t).ids for t in TEXTS]
    return made, ids


def digests(lists):
    lines = [" ".join(map(str, one)) for one in lists]
    return [hashlib.sha256("\n".join(lines[i:i + 10]).encode()).hexdigest()[:16] for i in range(0, len(lines), 10)]


TEXTS = texts()
pair("roberta", "gpt2.json", {"model_type": "roberta"}, added_tokens={"@USER": 420, "HTTPURL": 421}, tokenizer_config={
    "tokenizer_class": "RobertaTokenizer", "add_prefix_space": True, "model_max_length": 512,
    "mask_token": {"__type": "AddedToken", "content": "<mask>", "lstrip": True, "rstrip": False, "normalized": False, "single_word": False}})
pair("clip", "clip.json", {"model_type": "clip"})
sentences("xlmr", "sentencepiece.bpe.model", {"model_type": "xlm-roberta"})
sentences("camembert", "sentencepiece.bpe.model", {"model_type": "camembert"}, user_defined_symbols="<extra>,@USER", control_symbols="<ctl>")
sentences("albert", "spiece.model", {"model_type": "roberta"}, pad_id=0, unk_id=1, bos_id=-1, eos_id=-1,
          control_symbols="[CLS],[SEP],[MASK]", user_defined_symbols="@USER")
write("albert", "tokenizer_config.json", {"tokenizer_class": "AlbertTokenizer"})
sentences("siglip", "spiece.model", {"model_type": "siglip"}, pad_id=0, eos_id=1, unk_id=2, bos_id=-1)
sentences("siglip-bpe", "spiece.model", {"model_type": "siglip"}, pad_id=0, eos_id=1, unk_id=2, bos_id=-1, model_type="bpe",
          byte_fallback=True, vocab_size=600, user_defined_symbols="cat,▁a▁")
tweets("bertweet")
made = {name: ids(out / name) for name in ("roberta", "clip", "xlmr", "camembert", "albert", "siglip", "siglip-bpe", "bertweet")}
made["albert cased"] = ids(out / "albert", do_lower_case=False, keep_accents=True)
made["siglip upper"] = ids(out / "siglip", do_lower_case=False)
made["bertweet normalized"] = ids(out / "bertweet", normalization=True)
changes, others = variants()
made |= others
write(".", "variants.json", changes)
write(".", "texts.json", TEXTS)
with open(out / "expected.json", "w") as f:
    json.dump({name: digests(lists) for name, lists in made.items()}, f, indent=0)
    f.write("\n")
