"""What a line of `clfa stream` says, as columns of Arrow and of Spark."""

import base64
import json
from typing import Any, Dict, List, Sequence

import pyarrow as pa

#: The columns of an answer, in the order of the struct `clfa` that `score` adds.
ANSWER = pa.schema([
    ("state", pa.string()),
    ("label", pa.string()),
    ("confidence", pa.float64()),
    ("probabilities", pa.map_(pa.string(), pa.float64())),
    ("text_image_similarity", pa.float64()),
    ("unknown_share", pa.float64()),
    ("truncated", pa.int64()),
    ("content_hash", pa.string()),
    ("vectors", pa.map_(pa.string(), pa.list_(pa.float32()))),
    ("stage", pa.string()),
    ("code", pa.string()),
    ("path", pa.string()),
    ("detail", pa.string()),
])

#: The same columns in Spark's words.
ANSWER_DDL = (
    "struct<state: string, label: string, confidence: double, probabilities: map<string, double>, "
    "text_image_similarity: double, unknown_share: double, truncated: bigint, content_hash: string, "
    "vectors: map<string, array<float>>, stage: string, code: string, path: string, detail: string>")

#: The place of a record, and what `--with-posts` adds; `extra` and `features` are JSON.
PLACE = pa.schema([("file", pa.string()), ("record", pa.int64()), ("line", pa.int64()), ("key", pa.string())])
POST = pa.schema([
    ("text", pa.string()), ("knowledge", pa.string()), ("image", pa.string()), ("picture_hash", pa.string()),
    ("posted_at", pa.string()), ("truth", pa.string()), ("extra", pa.string()), ("features", pa.string()),
])

#: The columns of a part's Parquet file.
TABLE = pa.schema([*PLACE, *ANSWER, *POST])


def parse(lines: Sequence[bytes]) -> List[Dict[str, Any]]:
    """The objects of some lines, by one call of the JSON parser."""
    return json.loads(b"[" + b",".join(lines) + b"]")


def _vectors(rows: Sequence[Dict[str, Any]]) -> pa.Array:
    """The vectors of all rows as an array of maps; base 64 becomes float32 without a loop over numbers."""
    offsets, names, sizes, data = [0], [], [0], []
    for row in rows:
        for name, text in (row.get("vectors") or {}).items():
            vector = base64.b64decode(text)
            names.append(name)
            data.append(vector)
            sizes.append(sizes[-1] + len(vector) // 4)
        offsets.append(len(names))
    numbers = pa.Array.from_buffers(pa.float32(), sizes[-1], [None, pa.py_buffer(b"".join(data))])
    lists = pa.ListArray.from_arrays(pa.array(sizes, pa.int32()), numbers)
    return pa.MapArray.from_arrays(pa.array(offsets, pa.int32()), pa.array(names, pa.string()), lists)


def _column(rows: Sequence[Dict[str, Any]], field: pa.Field) -> pa.Array:
    name = field.name
    if name == "vectors":
        return _vectors(rows)
    if name == "probabilities":
        return pa.array([list((row.get(name) or {}).items()) for row in rows], field.type)
    if name in ("extra", "features"):
        return pa.array([None if row.get(name) is None else json.dumps(row[name], ensure_ascii=False) for row in rows],
                        field.type)
    return pa.array([row.get(name) for row in rows], field.type)


def columns(rows: Sequence[Dict[str, Any]], schema: pa.Schema) -> List[pa.Array]:
    """The columns of `schema`, filled from parsed lines; a member that a line lacks is null."""
    return [_column(rows, field) for field in schema]


def answers(rows: Sequence[Dict[str, Any]]) -> pa.StructArray:
    """The answers of parsed lines, as the struct `clfa`."""
    return pa.StructArray.from_arrays(columns(rows, ANSWER), fields=list(ANSWER))
