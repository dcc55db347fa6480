"""Makes what the subword tokenizers' tests compare with, as the package `tokenizers` gives it.

clip.json, gpt2.json, unigram.json, siglip.json: small tokenizers in the form of a hub's tokenizer.json, learnt from the
sentences below. cases.jsonl: a text a line with its ids under each of the four.
"""
import base64
import json
import re
import string
import sys
import tempfile

import sentencepiece
from sentencepiece import sentencepiece_model_pb2
from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

SENTENCES = [
    "What a lovely morning, the rain never stops!", "I'm sure they'll have missed the bus again; we've all been there.",
    "The picnic was a treat, wasn't it?", "Naïve café façade, coöperate and résumé.", "Der Zug kommt später, wie üblich.",
    "Привет, как дела сегодня?", "今日はとても暑いですね。", "오늘은 날씨가 정말 좋네요", "12 posts, 345 likes and 6789 shares",
    "Best. Day. Ever... 😂😂 #blessed @noor_w https://t.co/abc", "मौसम बहुत अच्छा है", "الطقس جميل اليوم",
] * 4
TEXTS = SENTENCES[:12] + [
    "", " ", "   ", "\n\t ", "a  b", " leading", "trailing ", "a\r\nb\rc", "don't we'll I'VE 'S ''s", "abc123def 4567", "e\u0301 E\u0301 \u00c9",
    "İSTANBUL ǅ ß", "ﬁ ① ２ Ａ ｶﾞ ½ Ⅻ", "\u1e9b\u0323 q\u0307\u0323 e\u0327\u0301", "x" * 90, "ab" * 60, "👩‍👩‍👧‍👦🇩🇪👍🏽", "zero\u200bwidth\u00adsoft\ufeff",
    "\u0000a\x01b\x7f", "<s> x </s>", "<mask> a <mask>b", "<|endoftext|>a<|startoftext|>", "▁a▁▁b", "a\u3000b\u00a0c\u2003d", "???!!!...", "the the the",
    "\U00010348\U0001f9ff", "\u0f73 \u0958", "𝒜𝓑",
]
ENDS = ["<|startoftext|>", "<|endoftext|>"]
# The letters that end a word of the sentences, in the order of their numbers in clip.json.
LAST_LETTERS = "®dļt9Ĥg.ni1ģlmey©Īrº_@Ĳ5s³°/ĢŃc¤w;Ķ472#į¹ħıĮ3Ħ,h8o!6?aĽ¾"


def clip():
    t = Tokenizer(models.BPE(unk_token="<|endoftext|>", continuing_subword_prefix="", end_of_word_suffix="</w>"))
    t.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()])
    pattern = r"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
    t.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(pattern), behavior="removed", invert=True), pre_tokenizers.ByteLevel(add_prefix_space=False)])
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    # The trainer meets words in an order of chance, and with them the letters that end one. Named as special, all letters
    # have their numbers before it begins.
    t.train_from_iterator(SENTENCES, trainers.BpeTrainer(
        vocab_size=700, show_progress=False, end_of_word_suffix="</w>",
        special_tokens=ENDS + letters + [letter + "</w>" for letter in LAST_LETTERS]))
    file = json.loads(t.to_str())
    file["added_tokens"] = file["added_tokens"][:len(ENDS)]
    vocabulary = file["model"]["vocab"]
    for letter in letters:
        vocabulary.setdefault(letter + "</w>", len(vocabulary))
    file["post_processor"] = {"type": "RobertaProcessing", "sep": ["<|endoftext|>", vocabulary["<|endoftext|>"]],
                              "cls": ["<|startoftext|>", vocabulary["<|startoftext|>"]], "trim_offsets": False, "add_prefix_space": False}
    return file


def gpt2():
    t = Tokenizer(models.BPE())
    t.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    t.train_from_iterator(SENTENCES, trainers.BpeTrainer(
        vocab_size=420, show_progress=False, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        special_tokens=["<s>", "<pad>", "</s>", "<unk>", AddedToken("<mask>", lstrip=True, normalized=False)]))
    t.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0))
    return json.loads(t.to_str())


def unigram():
    with tempfile.TemporaryDirectory() as folder:
        open(f"{folder}/text", "w").write("\n".join(SENTENCES))
        # A table of a few rewritings in the place of the large one that NFKC takes.
        rules = [("ﬁ", "fi"), ("①", "1"), ("２", "2"), ("Ａ", "A"), ("\u3000", " "), ("\u00a0", " "), ("\t", " "), ("\n", " "), ("\r", " "), ("½", "1⁄2"),
                 ("e\u0301", "é"), ("E\u0301", "É"), ("\u200b", ""), ("\u00ad", "")]
        with open(f"{folder}/rules.tsv", "w") as f:
            for source, target in rules:
                f.write(" ".join(f"{ord(c):X}" for c in source) + "\t" + " ".join(f"{ord(c):X}" for c in target) + "\n")
        sentencepiece.SentencePieceTrainer.train(
            input=f"{folder}/text", model_prefix=f"{folder}/m", vocab_size=300, model_type="unigram", hard_vocab_limit=False,
            normalization_rule_tsv=f"{folder}/rules.tsv", character_coverage=0.98, minloglevel=2)
        proto = sentencepiece_model_pb2.ModelProto()
        proto.ParseFromString(open(f"{folder}/m.model", "rb").read())
    vocabulary = [["<s>", 0.0], ["<pad>", 0.0], ["</s>", 0.0], ["<unk>", 0.0]] + [[p.piece, p.score] for p in proto.pieces[3:]]
    token = lambda i, c: {"id": i, "content": c, "single_word": False, "lstrip": c == "<mask>", "rstrip": False, "normalized": False, "special": True}  # noqa: E731
    return {
        "version": "1.0", "truncation": None, "padding": None,
        "added_tokens": [token(i, c) for i, c in enumerate(["<s>", "<pad>", "</s>", "<unk>"])] + [token(len(vocabulary), "<mask>")],
        "normalizer": {"type": "Sequence", "normalizers": [
            {"type": "Precompiled", "precompiled_charsmap": base64.b64encode(proto.normalizer_spec.precompiled_charsmap).decode()},
            {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "}]},
        "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True},
        "post_processor": {"type": "TemplateProcessing",
                           "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "</s>", "type_id": 0}}],
                           "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 0}}],
                           "special_tokens": {c: {"id": c, "ids": [i], "tokens": [c]} for i, c in ((0, "<s>"), (2, "</s>"))}},
        "decoder": None, "model": {"type": "Unigram", "unk_id": 3, "vocab": vocabulary, "byte_fallback": False}}


def siglip(file):
    """The unigram pieces as SigLIP has them: no piece before a text, lower case, no punctuation."""
    file = json.loads(json.dumps(file))
    pieces = file["model"]["vocab"][4:]
    file["model"] |= {"unk_id": 2, "vocab": [["<pad>", 0.0], ["</s>", 0.0], ["<unk>", 0.0]] + pieces}
    file["added_tokens"] = [{"id": i, "content": c, "single_word": False, "lstrip": True, "rstrip": True, "normalized": False, "special": True}
                            for i, c in ((1, "</s>"), (2, "<unk>"))]
    steps = file["normalizer"]["normalizers"][:1] + [
        {"type": "Lowercase"}, {"type": "Replace", "pattern": {"Regex": "[" + re.escape(string.punctuation) + "]"}, "content": ""},
        {"type": "Replace", "pattern": {"Regex": r"\s+"}, "content": " "}, {"type": "Strip", "strip_left": True, "strip_right": True}]
    file["normalizer"]["normalizers"] = steps
    end = {"SpecialToken": {"id": "</s>", "type_id": 0}}
    file["post_processor"] = {"type": "TemplateProcessing", "single": [{"Sequence": {"id": "A", "type_id": 0}}, end],
                              "pair": [{"Sequence": {"id": "A", "type_id": 0}}, end, {"Sequence": {"id": "B", "type_id": 1}}, end],
                              "special_tokens": {"</s>": {"id": "</s>", "ids": [1], "tokens": ["</s>"]}}}
    return file


made, pieces = {}, unigram()
for name, file in (("clip", clip()), ("gpt2", gpt2()), ("unigram", pieces), ("siglip", siglip(pieces))):
    path = f"{sys.argv[1]}/{name}.json"
    json.dump(file, open(path, "w"), ensure_ascii=True, separators=(",", ":"))
    made[name] = Tokenizer.from_file(path)
with open(f"{sys.argv[1]}/cases.jsonl", "w") as f:
    for text in TEXTS:
        f.write(json.dumps({"text": text} | {name: t.encode(text).ids for name, t in made.items()}) + "\n")
