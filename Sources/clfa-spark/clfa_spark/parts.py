"""Scores the parts of `clfa split --parts` into a folder: for `clfa collect`, and as Parquet."""

import hashlib
import json
import os
import sys
import threading
import time
from typing import Any, Callable, Collection, Dict, List, Optional, Sequence, Tuple

from pyspark.sql import SparkSession

from clfa_spark import output, setup
from clfa_spark.child import Stream, StreamFailed


def score_part(settings: setup.Settings, parts: str, part: int, records: int, folder: str, table: bool) -> None:
    """Scores one part and commits its files; runs in a task.

    Raises `StreamFailed` if not exactly `records` records came back.
    """
    started = time.time()
    source = ["--part", f"{parts}:{part}", "--with-posts"]
    with output.PartWriter(folder, part, table=table) as writer, \
            Stream(settings.command(source), folder=settings.working_folder()) as stream:
        for lines in stream.blocks():
            writer.write(lines)
        if stream.records != records or (stream.end.get("part") or {}).get("number") != part:
            raise stream.failure(f"part {part} has {records} records and {stream.records} came back, as part "
                                 f"{stream.end.get('part')}")
        writer.commit(stream.end_line, summary(stream, part, started))


def summary(stream: Stream, part: int, started: float) -> Dict[str, Any]:
    """What `done` says of a part."""
    return {"part": part, "records": stream.records, "faults": stream.end.get("faults", 0),
            "start_seconds": stream.first_line, "started": started, "seconds": time.time() - started,
            "host": os.uname().nodename}


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def all_done(folder: str, listed: Collection[int]) -> List[Dict[str, Any]]:
    """The summaries of all parts; or else an error that names parts that are missing."""
    there = output.done(folder)
    lost = sorted(set(listed) - set(there))
    if lost:
        raise StreamFailed(f"{len(lost)} parts did not come back, the first of them {lost[:5]}")
    return [there[part] for part in sorted(there)]


class Progress:
    """Says on standard error which parts have come, with their faults and rows a second, until it is stopped."""

    def __init__(self, folder: str, total: int, seconds: float, say: Callable[[str], None]) -> None:
        self._folder, self._total, self._say = folder, total, say
        self._known = set(output.done(folder))
        self._rows = self._faults = 0
        self._started = time.monotonic()
        self._stopped = threading.Event()
        if self._known:
            say(f"{len(self._known)} of {total} parts are there already")
        self._thread = threading.Thread(target=self._run, args=(seconds,), daemon=True)
        self._thread.start()

    def _run(self, seconds: float) -> None:
        while not self._stopped.wait(seconds):
            self.look()

    def look(self) -> None:
        for part, summary in sorted(output.done(self._folder, self._known).items()):
            self._known.add(part)
            self._rows += summary["records"]
            self._faults += summary["faults"]
            rate = summary["records"] / max(summary["seconds"], 1e-9)
            whole = self._rows / max(time.monotonic() - self._started, 1e-9)
            self._say(f"part {part} on {summary['host']}: {summary['records']:,} records, {summary['faults']:,} faults, "
                      f"{rate:,.0f} rows/s; {len(self._known)} of {self._total} parts, {self._rows:,} records, "
                      f"{self._faults:,} faults, {whole:,.0f} rows/s")

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join()
        self.look()


def score_parts(spark: SparkSession, parts: str, model: str, folder: str, *, program: str = "clfa",
                arguments: Sequence[str] = (), table: bool = True, start: Optional[str] = None,
                say: Callable[[str], None] = say, seconds: float = 5) -> List[Dict[str, Any]]:
    """Scores the parts of a corpus that `folder` does not have yet. Returns the counts and times of all parts.

    The same call continues after an interruption; parts that are there are not scored again. It ends only when every
    part is there; then `clfa collect STORE FOLDER/parts/*` makes the store.

    - parts: the parts.json of `clfa split --parts`. It, the corpus, its pictures and `folder` are on a file system that
      driver and executors share.
    - model, program: paths that every executor has, or paths in archives of `--archives`.
    - arguments: further arguments of `clfa stream`, such as those for pictures, precision and vectors.
    - table: also write Parquet.
    - start: where relative paths in parts.json and arguments start; by default the driver's working folder.

    Raises `SetupError` before anything runs. Raises Spark's error with the last words of `clfa stream` if a part fails as
    often as `spark.task.maxFailures` allows.
    """
    parts, folder = os.path.abspath(parts), os.path.abspath(folder)
    try:
        with open(parts, "rb") as file:
            data = file.read()
        listed = {entry["number"]: entry["records"] for entry in json.loads(data)["parts"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise setup.SetupError(f"{parts} is not a list of parts; make it with: clfa split CORPUS --parts N -o {parts} "
                               f"({error})") from error
    settings = setup.Settings(program=program, model=model, threads=setup.threads_of(spark),
                              arguments=tuple(arguments), folder=start or os.getcwd())
    output.prepare(folder, {
        "parts": hashlib.sha256(data).hexdigest(), "model": model, "arguments": list(arguments), "table": table})
    missing = sorted(set(listed) - set(output.done(folder)))
    if missing:
        setup.ship(spark.sparkContext)
        setup.check_executors(spark, program, model)
        _run(spark, settings, parts, listed, missing, folder, table, Progress(folder, len(listed), seconds, say))
    return all_done(folder, listed)


def _run(spark: SparkSession, settings: setup.Settings, parts: str, listed: Dict[int, int], missing: List[int],
         folder: str, table: bool, progress: Progress) -> None:
    """One task for each missing part; returns when all have ended."""

    def task(entry: Tuple[int, int]) -> None:
        score_part(settings, parts, entry[0], entry[1], folder, table)

    try:
        entries = [(part, listed[part]) for part in missing]
        spark.sparkContext.parallelize(entries, len(entries)).map(task).collect()
    finally:
        progress.stop()
        output.tidy(folder)  # Of tasks that Spark killed, also those that still run when another has failed.
