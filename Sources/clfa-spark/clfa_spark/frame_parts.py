"""Scores a DataFrame into a folder of parts, as `score_parts` does a file: for `clfa collect`, and as Parquet.

First the rows of each partition are counted, so that every record has a number; then each partition is a part.
"""

import hashlib
import json
import os
import re
import time
from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional, Sequence

import pyarrow as pa
from pyspark import TaskContext
from pyspark.sql import DataFrame

from clfa_spark import frames, output, parts, setup
from clfa_spark.child import Stream, StreamFailed

#: How every line of clfa begins; the place is written again, since a stream counts its own records.
PLACE = re.compile(rb'\{"file":"(?:[^"\\]|\\.)*","record":(\d+),"line":\d+,')


class Digest:
    """Recognises the rows of a partition by their ids, in their order."""

    def __init__(self, column: str) -> None:
        self.column, self.rows, self._hash = column, 0, hashlib.sha256()

    def add(self, batch: pa.RecordBatch) -> None:
        for value in batch.column(batch.schema.get_field_index(self.column)).to_pylist():
            self._hash.update(repr(value).encode("utf-8", "surrogatepass") + b"\0")
        self.rows += batch.num_rows

    def text(self) -> str:
        return self._hash.hexdigest()


def count(frame: DataFrame, column: str) -> List[Dict[str, Any]]:
    """The partitions that have rows, with the numbers and the digests of their rows."""

    def task(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        digest = Digest(column)
        for batch in batches:
            digest.add(batch)
        if digest.rows:
            yield pa.RecordBatch.from_pydict({
                "partition": pa.array([TaskContext.get().partitionId()], pa.int64()),
                "records": pa.array([digest.rows], pa.int64()), "digest": [digest.text()]})

    # Of all columns: fewer could be divided among partitions in another way.
    found = frame.mapInArrow(task, "partition long, records long, digest string").collect()
    return sorted((row.asDict() for row in found), key=lambda row: row["partition"])


def plan(frame: DataFrame, column: str, name: str) -> bytes:
    """A parts.json for the DataFrame's partitions."""
    listed, first = [], 1
    for number, entry in enumerate(count(frame, column), 1):
        listed.append({"number": number, "file": 0, "first_record": first, **entry})
        first += entry["records"]
    if not listed:
        raise setup.SetupError("the DataFrame has no rows")
    return json.dumps({"clfa_parts": 1, "files": [{"name": name, "records": first - 1}], "parts": listed}).encode()


def placed(lines: Sequence[bytes], name: bytes, first: int) -> List[bytes]:
    """The lines with the places that their records have in the whole DataFrame."""
    out = []
    for line in lines:
        found = PLACE.match(line)
        if found is None:
            raise StreamFailed(f"not a line of clfa stream: {line[:200]!r}")
        record = first - 1 + int(found.group(1))
        out.append(b'{"file":%b,"record":%d,"line":%d,' % (name, record, record) + line[found.end():])
    return out


def score_partition(batches: Iterator[pa.RecordBatch], settings: setup.Settings, columns: Mapping[str, str], whole: bytes,
                    part: Mapping[str, Any], folder: str, table: bool) -> None:
    """Scores one partition and commits its files; runs in a task."""
    started, digest = time.time(), Digest(columns["id"])

    def watched() -> Iterator[pa.RecordBatch]:
        for batch in batches:
            digest.add(batch)
            yield batch

    listed = json.loads(whole)
    name = listed["files"][0]["name"]
    source = ["-", "--input", "jsonl", "--expect-end", "--with-posts"]
    with output.PartWriter(folder, part["number"], table=table) as writer, \
            Stream(settings.command(source), fed=True, folder=settings.working_folder()) as stream:
        feeder = frames.Feeder(stream, watched(), columns, keep=False)
        try:
            for lines in stream.blocks():
                writer.write(placed(lines, json.dumps(name).encode(), part["first_record"]))
        except StreamFailed as error:
            feeder.check(error)
            raise
        feeder.thread.join()
        feeder.check(None)
        if (stream.records, digest.rows, digest.text()) != (part["records"], part["records"], part["digest"]):
            raise StreamFailed(
                f"partition {part['partition']} had {part['records']} rows when they were counted, now {digest.rows} went in "
                f"and {stream.records} came out, or their ids differ; a DataFrame that changes must be written first, such "
                "as to Parquet, and be read with the same settings")
        end = {**stream.end, "corpus": name, "files": [{"name": name, "records": part["records"]}], "part": {
            "number": part["number"], "of": len(listed["parts"]), "parts": hashlib.sha256(whole).hexdigest(),
            "file": name, "first_record": part["first_record"], "records": part["records"]}}
        writer.commit(json.dumps(end, ensure_ascii=False, separators=(",", ":")).encode(),
                      parts.summary(stream, part["number"], started))


def score_frame(frame: DataFrame, model: str, folder: str, *, name: str = "frame", program: str = "clfa",
                columns: Optional[Mapping[str, str]] = None, arguments: Sequence[str] = (), table: bool = True,
                start: Optional[str] = None, say: Callable[[str], None] = parts.say, seconds: float = 5
                ) -> List[Dict[str, Any]]:
    """Scores every row of `frame` into `folder`, for `clfa collect STORE FOLDER/parts/*` and as Parquet.

    The same call continues after an interruption. `frame` is read twice, first to count its rows. Each partition with rows is a part, scored by one `clfa stream`.

    - name: what the store calls the file of the records.
    - columns: as for `score`; `id` is needed. Other columns of text, numbers and times go to the store, too.
    - model, program, arguments, table, start: as for `score_parts`.

    Raises `SetupError` before anything is scored; and Spark's error if a partition fails, or has other rows than when it
    was counted.
    """
    spark, folder = frame.sparkSession, os.path.abspath(folder)
    chosen = frames.chosen_columns(frame, columns)
    if "id" not in chosen:
        raise setup.SetupError("name a column of ids: columns={\"id\": …, …}; the store knows posts by them")
    for field in frame.schema.fields:
        simple = field.dataType.typeName() not in ("binary", "array", "map", "struct")
        if simple and field.name not in chosen and field.name not in chosen.values():
            chosen[field.name] = field.name
    frame = frame.select(*[f"`{column}`" for column in dict.fromkeys(chosen.values())])
    settings = setup.Settings(program=program, model=model, threads=setup.threads_of(spark),
                              arguments=tuple(arguments), folder=start or os.getcwd())
    setup.ship(spark.sparkContext)
    setup.check_executors(spark, program, model)
    whole = plan(frame, chosen["id"], name)
    output.prepare(folder, {"parts": hashlib.sha256(whole).hexdigest(), "model": model, "columns": chosen,
                            "arguments": list(arguments), "table": table})
    listed = {part["number"]: part for part in json.loads(whole)["parts"]}
    there = output.done(folder)
    missing = {part["partition"]: part for number, part in listed.items() if number not in there}

    def task(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        part = missing.get(TaskContext.get().partitionId())
        if part is not None:
            score_partition(batches, settings, chosen, whole, part, folder, table)
        yield from ()

    if missing:
        progress = parts.Progress(folder, len(listed), seconds, say)
        try:
            frame.mapInArrow(task, "part long").collect()
        finally:
            progress.stop()
            output.tidy(folder)
    return parts.all_done(folder, listed)
