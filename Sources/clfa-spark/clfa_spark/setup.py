"""What must hold before a job starts: one process an executor, and an executor's Python, program and model."""

import os
import shutil
import subprocess
import zipfile
from dataclasses import dataclass, field
from typing import List, Optional, Sequence

from pyspark import SparkContext, SparkFiles
from pyspark.sql import SparkSession


class SetupError(ValueError):
    """Something that must be changed before any row is scored; the message says what."""


@dataclass(frozen=True)
class Settings:
    """How `clfa stream` is started in every task."""

    #: The program: a name on the executors' PATH, an absolute path, or a path in an archive of `--archives`.
    program: str
    #: The model folder, likewise.
    model: str
    #: Threads of each process: the cores of its task.
    threads: int
    #: Further arguments of `clfa stream`, such as `--id tweet_id`.
    arguments: Sequence[str] = field(default_factory=tuple)
    #: Where relative paths in arguments and in parts.json start, if the executor has this folder.
    folder: Optional[str] = None

    def command(self, source: Sequence[str]) -> List[str]:
        """The command line on this executor; `source` says where the records come from."""
        return [resolve(self.program, is_program=True), "stream", "--model", resolve(self.model), "--threads",
                str(self.threads), *source, *self.arguments]

    def working_folder(self) -> Optional[str]:
        return self.folder if self.folder and os.path.isdir(self.folder) else None


def resolve(path: str, *, is_program: bool = False) -> str:
    """The absolute path on this executor: archives are in the working folder (YARN) or in Spark's folder of files."""
    if os.path.isabs(path):
        return path
    for root in (os.getcwd(), SparkFiles.getRootDirectory()):
        place = os.path.join(root, path)
        if os.path.exists(place):
            return place
    found = shutil.which(path) if is_program else None
    if found is None:
        raise SetupError(f"{path} is not on the executor {os.uname().nodename}; send it with --archives "
                         f"FILE.tar.gz#NAME, or give a path that every executor has")
    return found


def threads_of(spark: SparkSession) -> int:
    """The cores of a task, which has its executor for itself; or else an error that says what to set.

    Each process holds a model, so two of them on an executor need twice the memory and are no faster than one with all
    cores.
    """
    cores = spark.conf.get("spark.executor.cores", None)
    cpus = spark.conf.get("spark.task.cpus", "1")
    if not spark.sparkContext.master.startswith("local") and cores != cpus:
        raise SetupError(f"spark.task.cpus is {cpus} and spark.executor.cores is {cores or 'not set'}: set both to the "
                         "same number, so that an executor runs one clfa with all of its cores")
    return int(cpus)


def ship(context: SparkContext) -> None:
    """Sends this package to the executors, so that they need no more than pyspark's own Python with pyarrow."""
    source = os.path.dirname(os.path.abspath(__file__))
    if getattr(context, "_clfa_spark_shipped", False) or not os.path.isdir(source):
        return  # Within an archive of --py-files, which Spark has sent already.
    # Spark serves this file as long as the context lives, and removes its folder with it.
    archive = os.path.join(context._temp_dir, "clfa_spark.zip")  # type: ignore[attr-defined]
    with zipfile.ZipFile(archive, "w") as file:
        for name in sorted(os.listdir(source)):
            if name.endswith(".py"):
                file.write(os.path.join(source, name), f"clfa_spark/{name}")
    context.addPyFile(archive)
    context._clfa_spark_shipped = True  # type: ignore[attr-defined]


def _probe(program: str, model: str):  # type: ignore[no-untyped-def]
    """A function for executors that says what is wrong with one, or nothing. It needs neither pyarrow nor this package."""

    def probe(_: int) -> str:
        import os
        import sys
        try:
            import pyarrow  # noqa: F401
        except ImportError:
            return (f"the Python of executor {os.uname().nodename}, {sys.executable}, has no pyarrow: install it there, or "
                    "name another Python with --conf spark.pyspark.python=PATH")
        from clfa_spark.setup import SetupError, resolve
        try:
            found = subprocess.run([resolve(program, is_program=True), "--version"], capture_output=True, text=True)
            if found.returncode != 0:
                return f"{program} --version fails on executor {os.uname().nodename}: {found.stderr.strip()}"
            if not os.path.isdir(resolve(model)):
                return f"the model {model} is not a folder on executor {os.uname().nodename}"
        except (OSError, SetupError) as error:
            return str(error)
        return ""

    return probe


def check_executors(spark: SparkSession, program: str, model: str) -> None:
    """Runs a tiny task on as many executors as there are, and raises `SetupError` with what one of them lacks."""
    context = spark.sparkContext
    count = max(context.defaultParallelism, 1)
    for words in context.parallelize(range(count), count).map(_probe(program, model)).collect():
        if words:
            raise SetupError(words)
