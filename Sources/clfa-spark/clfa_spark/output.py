"""The output folder of `score_parts`: each part's files appear whole, or not at all.

    job.json                     what was scored, and how
    parts/part-00001.jsonl.zst   the lines of `clfa stream`, for `clfa collect`
    parquet/part-00001.parquet   the same as a table
    done/part-00001.json         the mark that both are there, with the part's counts and times

A task writes under a name of its own attempt and links the files into place at its end, `done` last. So copies that
speculation or a retry makes cannot mix, and the first to end counts. The folder must be shared by driver and executors.
"""

import glob
import json
import os
import uuid
from typing import Any, Collection, Dict, List, Optional

import pyarrow as pa
import pyarrow.parquet as parquet

from clfa_spark import schema
from clfa_spark.setup import SetupError

FOLDERS = ("parts", "parquet", "done")
PARTIAL = ".partial"


def name_of(part: int) -> str:
    return f"part-{part:05d}"


class PartWriter:
    """Writes the files of one attempt at a part. Use it in a `with` statement: without `commit`, nothing stays."""

    def __init__(self, folder: str, part: int, *, table: bool) -> None:
        self.folder, self.part = folder, part
        self._attempt = f"{os.uname().nodename}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
        self._made: List[str] = []
        self._lines = pa.CompressedOutputStream(pa.OSFile(self._partial("parts"), "wb"), "zstd")
        self._table: Optional[parquet.ParquetWriter] = None
        if table:
            self._table = parquet.ParquetWriter(self._partial("parquet"), schema.TABLE, compression="zstd")

    def __enter__(self) -> "PartWriter":
        return self

    def __exit__(self, *_: object) -> None:
        self._close()
        for path in self._made:
            if os.path.exists(path):
                os.unlink(path)

    def write(self, lines: List[bytes]) -> None:
        self._lines.write(b"\n".join(lines) + b"\n")
        if self._table is not None:
            rows = schema.parse(lines)
            self._table.write_table(pa.Table.from_arrays(schema.columns(rows, schema.TABLE), schema=schema.TABLE))

    def commit(self, end_line: bytes, summary: Dict[str, Any]) -> bool:
        """Adds the end line and puts the files into place. False if another attempt was first."""
        self._lines.write(end_line + b"\n")
        self._close()
        with open(self._partial("done"), "w", encoding="utf-8") as file:
            json.dump(summary, file)
        endings = {"parts": ".jsonl.zst", "parquet": ".parquet", "done": ".json"}
        is_first = False
        for path in self._made:
            kind = os.path.basename(os.path.dirname(path))
            is_first = _link(path, os.path.join(self.folder, kind, name_of(self.part) + endings[kind]))
        return is_first

    def _partial(self, kind: str) -> str:
        path = os.path.join(self.folder, kind, f".{name_of(self.part)}.{self._attempt}{PARTIAL}")
        self._made.append(path)
        return path

    def _close(self) -> None:
        if self._table is not None:
            self._table.close()
        if not self._lines.closed:
            self._lines.close()


def _link(path: str, final: str) -> bool:
    """Gives the finished file `path` its name, unless that is taken."""
    with open(path, "rb") as file:
        os.fsync(file.fileno())
    try:
        os.link(path, final)
    except FileExistsError:
        return False
    return True


def prepare(folder: str, job: Dict[str, Any]) -> None:
    """Makes the folder, or checks that it belongs to the same job, and removes what killed attempts left."""
    for name in FOLDERS:
        os.makedirs(os.path.join(folder, name), exist_ok=True)
    path = os.path.join(folder, "job.json")
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            earlier = json.load(file)
        differing = sorted(name for name in {*earlier, *job} if earlier.get(name) != job.get(name))
        if differing:
            raise SetupError(f"{folder} has parts of another job: {', '.join(differing)} differ (see {path}); use a new "
                             "folder, or the same settings")
    else:
        partial = f"{path}.{uuid.uuid4().hex[:8]}{PARTIAL}"
        with open(partial, "w", encoding="utf-8") as file:
            json.dump(job, file, indent=1)
        os.rename(partial, path)
    tidy(folder)


def tidy(folder: str) -> None:
    """Removes the files of attempts that did not end; an attempt that still runs then fails when it commits."""
    for name in FOLDERS:
        for path in glob.glob(os.path.join(folder, name, f".*{PARTIAL}")):
            try:
                os.unlink(path)
            except FileNotFoundError:
                pass  # The attempt removed it itself.


def done(folder: str, known: Collection[int] = ()) -> Dict[int, Dict[str, Any]]:
    """The summaries of the parts that are there, by number; those that are `known` are not read."""
    found: Dict[int, Dict[str, Any]] = {}
    for name in os.listdir(os.path.join(folder, "done")):
        if name.startswith("part-") and int(name[5:-5]) not in known:
            with open(os.path.join(folder, "done", name), encoding="utf-8") as file:
                found[int(name[5:-5])] = json.load(file)
    return found
