"""Makes dialects.json: files in several dialects as Python's csv writes them, and the rows that it reads from them."""
import csv
import io
import json
import random
import sys

ALPHABET = ["a", "b", " ", "é", "😂", '"', "'", "\\", ",", ";", "\t", "|", "\x01", "#"]


def cells(made, line_breaks, forbidden):
    letters = [c for c in ALPHABET + (["\n"] if line_breaks else []) if c not in forbidden]
    return ["".join(made.choice(letters) for _ in range(made.randrange(6))) for _ in range(3)]


def case(name, delimiter, quote, escape, seed):
    made = random.Random(seed)
    reading = {"delimiter": delimiter, "strict": True, "escapechar": "\\" if escape else None}
    if quote is None:
        reading |= {"quoting": csv.QUOTE_NONE}
    else:
        reading |= {"quotechar": quote, "doublequote": True}
    writing = dict(reading)
    if quote is not None:
        # With an escape, half of the files escape quotes, and half double them.
        writing |= {"quoting": made.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])}
        writing["doublequote"] = not escape or made.random() < 0.5
    plain = quote is None and not escape
    rows = [cells(made, not plain, [delimiter] if plain else []) for _ in range(12)]
    table = [["id", "text", "more"]] + [["k" + row[0], row[1], row[2]] for row in rows]
    if plain:
        # csv.writer refuses quotes that it cannot escape.
        written = "".join(delimiter.join(row) + "\n" for row in table)
    else:
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\n", **writing).writerows(table)
        written = text.getvalue()
    read = list(csv.reader(io.StringIO(written, newline=""), **reading))
    assert all(len(row) == 3 for row in read), name
    return {"name": name, "delimiter": delimiter, "quote": quote, "escapes": escape, "text": written,
            "rows": read[1:]}


def raw(name, delimiter, quote, escape, text):
    """A file that no writer makes, but people do."""
    reading = {"delimiter": delimiter, "escapechar": "\\" if escape else None}
    reading |= {"quoting": csv.QUOTE_NONE} if quote is None else {"quotechar": quote}
    rows = list(csv.reader(io.StringIO(text, newline=""), **reading))
    return {"name": name, "delimiter": delimiter, "quote": quote, "escapes": escape, "text": text, "rows": rows[1:]}


cases = [
    case(f"{delimiter!r}, quote {quote}, {'backslash' if escape else 'no escape'}, {seed}", delimiter, quote, escape, seed)
    for delimiter in [",", ";", "\t", "|", "\x01"] for quote in ['"', "'", None] for escape in [False, True]
    for seed in range(2)
]
HEADER = "id,text,more\n"
cases += [
    raw("a quote alone", ",", None, False, HEADER + '1,",x\n2,"a" b,"\n'),
    raw("escaped quotes", ",", '"', True, HEADER + '1,"he said \\"hi\\"","a, b"\n2,\\"x,y\n'),
    raw("doubled and escaped quotes", ",", '"', True, HEADER + '1,"a ""b"" \\"c\\"",x\n'),
    raw("escaped delimiters and letters", ",", None, True, HEADER + "1,a\\,b,\\n\\\\\n"),
    raw("an escaped line end", ",", None, True, HEADER + "1,a\\\nb,c\n2,d,e\n"),
    raw("a backslash before the end", ",", None, True, HEADER + "1,a,b\\"),
    raw("an escaped quote begins a cell", ",", "'", True, HEADER + "1,\\'a,'b\\'c'\n"),
    raw("Hive", "\x01", None, False, "id\x01text\x01more\n1\x01\"a\x01,\n"),
]
with open(f"{sys.argv[1]}/dialects.json", "w") as file:
    file.write(json.dumps(cases, indent=0) + "\n")
