"""Scores the rows of a DataFrame, and adds the answers as one column."""

import base64
import collections
import itertools
import json
import threading
from typing import Any, Deque, Dict, Iterator, List, Mapping, Optional, Sequence

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql.types import StructField, StructType, _parse_datatype_string

from clfa_spark import schema, setup
from clfa_spark.child import Stream, StreamFailed

#: Rows that are encoded at once: few enough for flat memory with pictures, many enough for speed.
ROWS = 64
END_MARK = b'{"end":true}\n'


def cell(value: Any, name: str) -> Any:
    """A cell as clfa reads it from JSON. The bytes of a picture become a `data:` address."""
    if isinstance(value, (bytes, bytearray)):
        if name != "image":
            raise ValueError(f"the column of {name} has bytes; only a picture may")
        return "data:application/octet-stream;base64," + base64.b64encode(value).decode("ascii")
    if value is None or isinstance(value, (str, int, float, bool, list)):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def json_lines(batch: pa.RecordBatch, columns: Mapping[str, str]) -> bytes:
    """The rows of a batch as JSON Lines. `columns` has for each member's name the column that fills it."""
    names = list(columns)
    values = [batch.column(batch.schema.get_field_index(columns[name])).to_pylist() for name in names]
    out: List[str] = []
    for row in zip(*values):
        out.append(json.dumps(
            {name: cell(value, name) for name, value in zip(names, row) if value is not None}, ensure_ascii=False))
    out.append("")
    return "\n".join(out).encode("utf-8", "surrogatepass")


class Feeder:
    """Writes batches to a stream from a thread of its own, and keeps those that have no answers yet."""

    def __init__(self, stream: Stream, batches: Iterator[pa.RecordBatch], columns: Mapping[str, str], *,
                 keep: bool = True) -> None:
        """`keep`: whether the batches are kept in `waiting`, for their answers."""
        self.waiting: Deque[pa.RecordBatch] = collections.deque()
        self.rows = 0
        self.error: Optional[BaseException] = None
        self._stream, self._batches, self._columns, self._keep = stream, batches, columns, keep
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        try:
            for whole in self._batches:
                for start in range(0, whole.num_rows, ROWS):
                    batch = whole.slice(start, ROWS)
                    lines = json_lines(batch, self._columns)
                    if self._keep:
                        self.waiting.append(batch)
                    self.rows += batch.num_rows
                    self._stream.write(lines)
            self._stream.write(END_MARK)
            self._stream.close_input()
        except BaseException as error:  # It is raised again where the answers are read.
            self.error = error
            self._stream.process.kill()

    def check(self, after: Optional[StreamFailed]) -> None:
        """Raises what went wrong on the way in, which is the cause of a program that failed `after` it was killed."""
        if self.error is not None and not (after is not None and isinstance(self.error, StreamFailed)):
            raise self.error from after


def scored(batches: Iterator[pa.RecordBatch], settings: setup.Settings, columns: Mapping[str, str],
           keep: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """The kept columns of every row, in order, with its answer as the last column.

    Raises `StreamFailed` if not exactly one answer came for each row.
    """
    first = next(batches, None)
    if first is None:
        return  # An empty partition needs no model.
    batches = itertools.chain([first], batches)
    source = ["-", "--input", "jsonl", "--expect-end"]
    with Stream(settings.command(source), fed=True, folder=settings.working_folder()) as stream:
        feeder = Feeder(stream, batches, columns)
        try:
            rows: List[Dict[str, Any]] = []
            for lines in stream.blocks():
                rows += schema.parse(lines)
                while feeder.waiting and len(rows) >= feeder.waiting[0].num_rows:
                    batch = feeder.waiting.popleft()
                    yield _joined(batch, keep, rows[:batch.num_rows])
                    del rows[:batch.num_rows]
            feeder.thread.join()
        except StreamFailed as error:
            feeder.check(error)
            raise
        feeder.check(None)
        if rows or feeder.waiting or stream.records != feeder.rows:
            raise stream.failure(f"{feeder.rows} rows went in and {stream.records} came out")


def _joined(batch: pa.RecordBatch, keep: Sequence[str], rows: List[Dict[str, Any]]) -> pa.RecordBatch:
    kept = [batch.column(batch.schema.get_field_index(name)) for name in keep]
    return pa.RecordBatch.from_arrays([*kept, schema.answers(rows)], names=[*keep, "clfa"])


def chosen_columns(frame: DataFrame, columns: Optional[Mapping[str, str]]) -> Dict[str, str]:
    """The DataFrame's column for each of clfa's, or an error that names one which is missing."""
    fields = frame.columns
    chosen = dict(columns) if columns is not None else {
        name: name for name in ("id", "text", "image", "knowledge", "label") if name in fields}
    for name, column in chosen.items():
        if column not in fields:
            raise setup.SetupError(f"the DataFrame has no column {column} for {name}; it has {', '.join(fields)}")
    if not {"text", "image"} & set(chosen):
        raise setup.SetupError("name a column for text or for image: columns={\"text\": …}")
    return chosen


def score(frame: DataFrame, model: str, *, program: str = "clfa", columns: Optional[Mapping[str, str]] = None,
          keep: Optional[Sequence[str]] = None, arguments: Sequence[str] = (), folder: Optional[str] = None) -> DataFrame:
    """Adds a column `clfa` with the model's answer to every row of `frame`; see `schema.ANSWER` for its members.

    A row that cannot be scored has the state `faulted`, with stage, code and detail; it is never left out. Rows stay in
    their order within a partition. Every partition starts a `clfa stream`, so few large partitions are faster.

    - frame: any DataFrame, such as Parquet with the bytes of pictures.
    - model, program: paths that every executor has, or paths in archives of `--archives` (`model.tar.gz#model`).
    - columns: the DataFrame's column for each of `id`, `text`, `image`, `knowledge` and others that `arguments` name; by
      default the columns with these names. A column of bytes as `image` has the pictures themselves.
    - keep: the columns that stay; by default all but one of bytes that is the picture.
    - arguments: further arguments of `clfa stream`, such as `["--images", "/data/pictures", "--embeddings", "none"]`.

    Raises `SetupError` before anything runs; a task fails with the last words of its `clfa stream`.
    """
    spark = frame.sparkSession
    fields = {field.name: field for field in frame.schema.fields}
    chosen = chosen_columns(frame, columns)
    kept = list(keep) if keep is not None else [
        name for name in fields
        if not (name == chosen.get("image") and fields[name].dataType.typeName() == "binary") and name != "clfa"]
    for name in kept:
        if name not in fields or name == "clfa":
            raise setup.SetupError(f"the column {name} cannot be kept: the DataFrame lacks it, or the answer has its name")
    settings = setup.Settings(program=program, model=model, threads=setup.threads_of(spark),
                              arguments=tuple(arguments), folder=folder)
    setup.ship(spark.sparkContext)
    setup.check_executors(spark, program, model)

    def task(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return scored(batches, settings, chosen, kept)

    needed = list(dict.fromkeys([*kept, *chosen.values()]))
    answer = StructField("clfa", _parse_datatype_string(schema.ANSWER_DDL))
    return frame.select(*[f"`{name}`" for name in needed]).mapInArrow(
        task, StructType([*(fields[name] for name in kept), answer]))
