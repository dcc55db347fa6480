"""Scores posts of text and picture on an Apache Spark cluster, with one `clfa stream` an executor.

`score` adds clfa's answers to a DataFrame. `score_parts` scores the parts of `clfa split --parts` into a folder, for
`clfa collect` and as Parquet; `score_frame` does so with a DataFrame. `python -m clfa_spark.job --help` is the same as a command. docs/cluster.md has examples.
"""

from clfa_spark.child import StreamFailed
from clfa_spark.frame_parts import score_frame
from clfa_spark.frames import score
from clfa_spark.parts import score_parts
from clfa_spark.setup import SetupError

__all__ = ["SetupError", "StreamFailed", "score", "score_frame", "score_parts"]
