"""Scores the parts of a corpus on Spark, as a command.

    spark-submit --master spark://HOST:7077 --archives clfa.tar.gz#clfa,model.tar.gz#model \\
      job.py --parts parts.json --output scored --program clfa/bin/clfa --model model --cores 8 -- --embeddings none

What follows `--` goes to `clfa stream`. The same command continues after an interruption. Exit code: 0 every part is
there; 1 failed; 64 wrong usage.
"""

import argparse
import os
import sys
from typing import List, Optional

if __package__ in (None, ""):  # spark-submit runs this file, not the package.
    sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

from pyspark.sql import SparkSession

from clfa_spark import output
from clfa_spark.parts import score_parts
from clfa_spark.setup import SetupError


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="clfa-spark", description=__doc__,
                                   formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--parts", required=True, help="the parts.json of clfa split --parts, on a shared file system")
    made.add_argument("--output", required=True, help="the folder for the scored parts, on a shared file system")
    made.add_argument("--model", required=True, help="the model folder: a path of every executor, or in an archive")
    made.add_argument("--program", default="clfa", help="clfa: on the PATH, a path, or in an archive (default: clfa)")
    made.add_argument("--cores", type=int, help="the cores of an executor; sets spark.executor.cores and spark.task.cpus")
    made.add_argument("--no-parquet", action="store_true", help="write only the parts for clfa collect")
    made.add_argument("stream", nargs="*", metavar="-- FLAGS", help="flags for clfa stream")
    return made


def main(arguments: Optional[List[str]] = None) -> int:
    options = parser().parse_args(arguments)
    builder = SparkSession.builder.appName(f"clfa {os.path.basename(options.output.rstrip('/'))}")
    if options.cores is not None:
        if options.cores < 1:
            parser().error("--cores must be at least 1")
        builder = builder.config("spark.executor.cores", options.cores).config("spark.task.cpus", options.cores)
    spark = builder.getOrCreate()
    try:
        made = score_parts(spark, options.parts, options.model, options.output, program=options.program,
                           arguments=options.stream, table=not options.no_parquet)
    except SetupError as error:
        print(f"clfa-spark: {error}", file=sys.stderr)
        return 64
    except Exception as error:
        print(f"clfa-spark: {error}", file=sys.stderr)
        return 1
    finally:
        spark.stop()
        if os.path.isdir(options.output):
            output.tidy(options.output)
    records, faults = sum(part["records"] for part in made), sum(part["faults"] for part in made)
    print(f"{len(made)} parts, {records:,} records, {faults:,} faults; to make a store:\n"
          f"clfa collect STORE {os.path.join(options.output, 'parts')}/*.jsonl.zst", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
