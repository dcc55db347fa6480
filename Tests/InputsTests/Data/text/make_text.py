"""Makes what the tokenizer's tests compare with, as the package `tokenizers` gives it.

    python make_text.py --explain 1F000  # prints the words of every code point of one block of sweep.tsv

sweep.tsv          per block of 4,096 code points and per mode, a hash of the words of every code point in every context.
strings.jsonl      texts with their ids, uncased and cased, under vocab.txt (3,747 pieces of BERT's uncased vocabulary, not made here).
vocabularies.jsonl small vocabulary files, well formed and not, with a text and its ids.
"""
import json
import os
import random
import sys
import tempfile

from tokenizers import BertWordPieceTokenizer
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

HERE = os.path.dirname(os.path.abspath(__file__))
BLOCK = 4096
MODES = [(True, True), (True, False), (False, True), (False, False)]  # lower-case, strip accents
# Alone; inside a word; between two combining marks that survive stripping (classes 224 and 216) and must change places
# unless the code point stands in their way.
CONTEXTS = ["{}", "a{}b", "a\u302e{}\U0001d165b"]


def words(normalizer, text):
    return [w for w, _ in BertPreTokenizer().pre_tokenize_str(normalizer.normalize_str(text))]


def block(start):
    return [chr(c) for c in range(start, start + BLOCK) if not 0xD800 <= c <= 0xDFFF]


def text_of(start, context):
    return " ".join(context.format(c) for c in block(start))


def fnv1a(data, value=0xCBF29CE484222325):
    for byte in data:
        value = (value ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return value


def sweep(out):
    normalizers = [BertNormalizer(lowercase=l, strip_accents=s) for l, s in MODES]
    with open(f"{out}/sweep.tsv", "w") as f:
        print("block", *(f"lowercase={l},strip={s}".lower() for l, s in MODES), sep="\t", file=f)
        for start in range(0, 0x110000, BLOCK):
            hashes = []
            for n in normalizers:
                value = 0xCBF29CE484222325
                for context in CONTEXTS:
                    value = fnv1a("".join(w + "\n" for w in words(n, text_of(start, context))).encode(), value)
                hashes.append(f"{value:016x}")
            print(f"{start:06x}", *hashes, sep="\t", file=f)


def explain(start):
    for lowercase, strip in MODES:
        n = BertNormalizer(lowercase=lowercase, strip_accents=strip)
        for c in block(start):
            print(f"{ord(c):06x}", lowercase, strip, *(ascii(words(n, x.format(c))) for x in CONTEXTS), sep="\t")


LITERALS = ["[UNK]", "[CLS]", "[SEP]", "[PAD]", "[MASK]"]
STRINGS = [
    "", " ", "\t\r\n", "so happy today", "So HAPPY today!!!", "don't  stop...me_now",
    # Literals of the special pieces: whole, glued, nested, broken, in the wrong case.
    *LITERALS, " ".join(LITERALS), "good[SEP]day", "[SEP][SEP]", "[[SEP]]", "[SEP", "SEP]", "[sep] [Cls] [mAsK]",
    "[ SEP ]", "[S\u200bEP]", "[SE\u0301P]", "\uff3bSEP\uff3d", "e[MASK]\u0301", "a\u0301[PAD]\u0301b", "[UNK]s [UNUSED1]",
    # Accents: composed, decomposed, several, misordered, on nothing; letters that only look accented.
    "caf\u00e9 cafe\u0301 CAF\u00c9", "a\u0327\u0301 a\u0301\u0327", "\u0301 alone", "\u1ec7 e\u0323\u0302", "\u00f8 \u0142 \u0131 \u0130stanbul I\u0307",
    "z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324\u031e\u0349\u035a\u032f\u031e\u0320\u034da\u036b\u0357\u0334\u0362lgo",
    "a\u302e\U0001d165b a\U0001d165\u302eb", "a\u302e\u034f\U0001d165b", "a\u0345\u0301", "\u0344 \u0340", "\u00df \u1e9e \ufb01 \u01c5 \u03a3\u03c2\u03c3",
    # Canonical singletons that turn into other classes: Greek question mark, Kelvin, Ohm, grave accent, angle brackets.
    "what\u037e 20\u212a 5\u2126 \u1fef \u2329x\u232a \u2000\u2001",
    # White space, controls, formats, private use, what is not a character, U+FFFD (a lost surrogate).
    "a\u00a0b\u2003c\u3000d\u2028e\u2029f\u1680g\u202fh\u205fi", "a\x0bb\x0cc\x85d\x1ce\x00f\x7fg\x1bh", "a\u200bb\u200cc\u200dd\ufeffe\u2060f\u00adg",
    "a\ue000b \U000f0000 \U0010fffd", "a\ufffeb \uffff \U0001ffff", "lost \ufffd\ufffd emoji\ufffd", "tab\tline\nreturn\rend",
    # Emoji: skin tone, ZWJ families, flags, keycaps, with and without a variation selector, newer than Unicode 8.
    "\U0001f44d\U0001f3fd \U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466 \U0001f1e9\U0001f1ea 1\ufe0f\u20e3 \u2764\ufe0f \u2764 \U0001f923 \U0001fae0",
    "love\u2764\ufe0fyou \U0001f602\U0001f602lol", "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "\ufe0f \u20e3",
    # Right to left, with marks and directional controls; Indic and Thai; Hangul composed and in letters; kana; Chinese.
    "\u0645\u0631\u062d\u0628\u0627 \u0628\u0643\u060c \u0643\u064a\u0641 \u062d\u0627\u0644\u064f\u0643\u061f", "\u05e9\u05c1\u05dc\u05d5\u05b9\u05dd \u05f3\u05f4 \u202eabc\u202c \u2066x\u2069",
    "\u0939\u093f\u0928\u094d\u0926\u0940 \u0964\u0965 \u0e20\u0e32\u0e29\u0e32\u0e44\u0e17\u0e22 \u0e4f", "\uc548\ub155\ud558\uc138\uc694 \u1112\u1161\u11ab \ud55c", "\u3053\u308c\u306f\u30da\u30f3\u3067\u3059\u3002 \u304b\u3099\u304c \uff76\uff9e",
    "\u4f60\u597dworld\u4e16\u754c", "\U00020000\U0002b820\U0002b920\U0002f800 \uf900\ufa0e\ufa6e\u9fff \u3400\u4dc0", "\u3007 \u3005 \u2e80 \u3105",
    "\uff28\uff45\uff4c\uff4c\uff4f\u3000\uff01\uff03\uff04\uff05 \uff11\uff12", "\u041f\u0440\u0438\u0432\u0435\u0442, \u0401\u043b\u043a\u0430 \u0439 \u0451",
    # Punctuation: ASCII symbols, curly quotes, marks that are punctuation only since Unicode 9, or were only before.
    "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", "\u201cquoted\u201d \u2018it\u2019s\u2019 \u2014 \u2026 \u00a1\u00bf \u00a7\u00b6 \u20ac\u00a3 a\u2022b", "a\u2e44b a\u2e52b a\u166db a\U000111c9b a\u1734b a\U0001171eb a\ua9bdb a\u1885b",
    "##ing a ##s #hashtag #@user http://t.co/AbC?x=1&y=2 &amp;", "$1,000.50 3:30pm 50% 1st",
    # Words of 99, 100 and 101 scalars, counted after clean-up, decomposition, stripping and lower-casing.
    *("a" * n for n in (99, 100, 101)), *("\u00e9" * n for n in (100, 101)), *("e\u0301" * n for n in (50, 51, 100, 101)),
    *("\uac00" * n for n in (50, 51)), *("\uac01" * n for n in (33, 34)), *("\U0001f600" * n for n in (100, 101)), *("\u0130" * n for n in (50, 51, 100, 101)),
    "a" * 60 + "\u200b" + "b" * 40, "a" * 60 + "\u200b" + "b" * 41, "a" * 101 + " happy", "a" * 60 + "-" + "b" * 60,
]


def random_strings(pieces, count):
    """Pieces of the vocabulary, glued or not, with code points of many blocks between them."""
    r = random.Random(2022)
    ranges = [(0, 0x7F), (0x80, 0x24F), (0x300, 0x36F), (0x370, 0x5FF), (0x600, 0x10FF), (0x1100, 0x11FF), (0x1AB0, 0x1EFF), (0x2000, 0x206F),
              (0x20A0, 0x2BFF), (0x2E00, 0x33FF), (0x4E00, 0x4E20), (0xA640, 0xAC20), (0xE000, 0xE001), (0xF900, 0xFFFD), (0x1D150, 0x1D1B0), (0x1F300, 0x1FAFF)]
    for _ in range(count):
        parts = []
        for _ in range(r.randint(1, 16)):
            kind = r.random()
            if kind < 0.5:
                piece = r.choice(pieces)
                parts.append(r.choice([piece, piece.upper(), piece.title(), piece.removeprefix("##"), piece + "\u0301"]))
            elif kind < 0.55:
                parts.append(r.choice(LITERALS))
            else:
                parts += [chr(r.randint(*r.choice(ranges))) for _ in range(r.randint(1, 3))]
            if r.random() < 0.5:
                parts.append(" ")
        yield "".join(parts)


def encoded(tokenizer, text, limit):
    tokenizer.no_truncation()
    ids = tokenizer.encode(text).ids[1:-1]
    tokenizer.enable_truncation(max_length=limit)
    return {"ids": tokenizer.encode(text).ids, "pieces": len(ids), "unknown": ids.count(tokenizer.token_to_id("[UNK]"))}


def strings(out):
    path = f"{HERE}/vocab.txt"
    uncased, cased = (BertWordPieceTokenizer(path, lowercase=l) for l in (True, False))
    long = "why be happy when you can be at work on a monday morning ? " * 6
    cases = [(s, 512) for s in STRINGS] + [(long, n) for n in (2, 3, 4, 66, 77, 86, 87)] + [("", 2), ("\u00e9" * 101 + "[SEP] day", 4)]
    pieces = [line.rstrip("\n") for line in open(path, encoding="utf-8")]
    cases += [(s, 40) for s in random_strings(pieces, 300)]
    with open(f"{out}/strings.jsonl", "w") as f:
        for text, limit in cases:
            case = {"text": text, "limit": limit, "uncased": encoded(uncased, text, limit), "cased": encoded(cased, text, limit)}
            print(json.dumps(case, separators=(",", ":")), file=f)


SPECIAL = "[UNK]\n[CLS]\n[SEP]\n"
VOCABULARIES = [
    ("plain", SPECIAL + "good\n##ness\n", "good goodness goodnesses"),
    ("no newline at the end", SPECIAL + "good\n##ness", "goodness"),
    ("CRLF", SPECIAL.replace("\n", "\r\n") + "good\r\n##ness\r\n", "goodness"),
    ("blanks after a piece", SPECIAL + "good \t\u3000\n ##ness\n##ness\u2028\n", "good goodness"),
    ("blank lines count", SPECIAL + "\n\ngood\n", "good"),
    ("the last of equal lines", SPECIAL + "good\nday\ngood\nday \n[SEP]\n", "good day"),
    ("no piece continues a word", SPECIAL + "good\nness\n", "goodness good"),
    ("literals that the vocabulary lacks", SPECIAL + "[\n]\nmask\npad\n", "[MASK] [PAD] [SEP]"),
    ("two spellings of one letter", SPECIAL + "\u00e9\ne\u0301\ne\n", "\u00e9 e\u0301"),
    ("a piece of the prefix alone", SPECIAL + "##\n#\na\n", "## a##"),
    ("the longest piece wins even where it fails", SPECIAL + "a\nab\n##bc\n", "abc ab"),
    ("a byte-order mark is part of the first piece", "\ufeff[PAD]\n" + SPECIAL + "good\n", "[PAD] good"),
]


def vocabularies(out):
    with open(f"{out}/vocabularies.jsonl", "w") as f, tempfile.TemporaryDirectory() as folder:
        for name, content, text in VOCABULARIES:
            path = f"{folder}/vocab.txt"
            with open(path, "w", encoding="utf-8", newline="") as v:
                v.write(content)
            case = {"name": name, "vocabulary": content, "text": text}
            for mode, lowercase in (("uncased", True), ("cased", False)):
                case[mode] = BertWordPieceTokenizer(path, lowercase=lowercase).encode(text).ids
            print(json.dumps(case, separators=(",", ":")), file=f)


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] == "--explain":
        explain(int(sys.argv[2], 16) // BLOCK * BLOCK)
    else:
        for make in (sweep, strings, vocabularies):
            make(sys.argv[1])
