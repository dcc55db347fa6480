/// What people type who come from other programs, and what it is called here.
enum MeantNames {
  /// Commands by other programs' names for them.
  static let commands: [String: [String]] = [
    "label": ["score", "import"], "labels": ["score", "import"], "annotate": ["score", "import"],
    "predict": ["score"], "run": ["score"], "infer": ["score"], "classify": ["score"], "inference": ["score"],
    "eval": ["evaluate"], "test": ["evaluate"], "metrics": ["evaluate"], "compare": ["evaluate", "report"],
    "plot": ["report"], "figure": ["report"], "pdf": ["report"], "draw": ["report"], "print": ["report"],
    "sql": ["query"], "ask": ["query"], "select": ["query"], "search": ["query", "similar"],
    "find": ["similar", "query"],
    "near": ["similar"], "nearest": ["similar"], "neighbours": ["similar"], "neighbors": ["similar"],
    "validate": ["check"], "lint": ["check"], "inspect": ["check"], "audit": ["check"],
    "fit": ["train"], "learn": ["train"], "finetune": ["train"], "sweep": ["ablate"], "grid": ["ablate"],
    "ablation": ["ablate"], "delete": ["forget", "runs drop"], "remove": ["forget", "runs drop"], "rm": ["forget"],
    "join": ["merge"], "combine": ["merge"], "list": ["runs"], "ls": ["runs"], "history": ["runs"],
    "convert": ["model import"], "quantise": ["model quantize"], "int8": ["model quantize"],
    "benchmark": ["bench"], "speed": ["bench"], "save": ["export"], "dump": ["export"], "csv": ["export"],
    "embed": ["teach"], "distill": ["teach"],
  ]

  /// Flags by other programs' names for them, `_` as `-`; the first that the command has is meant. A sentence is for
  /// what is no flag here.
  static let flags: [String: [String]] = [
    "lr": ["rate"], "learning-rate": ["rate"], "batch-size": ["batch"], "bs": ["batch"],
    "num-epochs": ["epochs"], "n-epochs": ["epochs"], "epoch": ["epochs"], "max-epochs": ["epochs"],
    "wd": ["decay"], "weight-decay": ["decay"], "warmup-steps": ["warmup"], "warmup-ratio": ["warmup"],
    "max-grad-norm": ["clip"], "grad-clip": ["clip"], "gradient-clip": ["clip"], "tau": ["temperature"],
    "output-dir": ["output", "store"], "output-file": ["output", "store"], "out": ["output", "store"],
    "o": ["output", "store"], "output": ["output", "store"], "save": ["output", "store"],
    "db": ["store"], "database": ["store"], "sqlite": ["store"],
    "input": [noFlagForCorpus], "in": [noFlagForCorpus], "input-file": [noFlagForCorpus], "data": [noFlagForCorpus],
    "file": [noFlagForCorpus], "csv": [noFlagForCorpus], "dataset": [noFlagForCorpus],
    "verbose": ["progress"], "v": ["progress"], "debug": ["progress"], "quiet": ["progress"], "silent": ["progress"],
    "n": ["limit", "rows"], "num": ["limit", "rows"], "max-rows": ["limit", "rows"], "head": ["limit"],
    "top": ["limit"], "top-k": ["limit"], "k": ["limit"],
    "num-workers": ["threads"], "workers": ["threads"], "jobs": ["threads"], "n-jobs": ["threads"],
    "cpus": ["threads"], "cores": ["threads"], "num-threads": ["threads"],
    "device": [noDevice], "gpu": [noDevice], "cuda": [noDevice],
    "dtype": ["precision"], "fp16": ["precision"], "bf16": ["precision"], "int8": ["precision"], "half": ["precision"],
    "image-dir": ["images"], "images-dir": ["images"], "image-folder": ["images"], "pictures": ["images"],
    "sep": ["delimiter"], "separator": ["delimiter"], "delim": ["delimiter"],
    "val": ["validation"], "valid": ["validation"], "dev": ["validation"], "validation-file": ["validation"],
    "id-column": ["id"], "text-column": ["text"], "image-column": ["image"], "label-column": ["label"],
    "target": ["label"], "checkpoint": ["model", "from"], "weights": ["model", "from"],
    "model-path": ["model", "from"],
    "model-dir": ["model", "from"], "resume-from": ["resume"], "continue": ["resume"],
    "random-state": ["seed", "seeds"],
    "random-seed": ["seed", "seeds"], "name": ["run"], "run-name": ["run"], "pos-label": ["positive"],
    "positive-label": ["positive"], "output-format": ["format"], "group-by": ["by"], "dry-run": ["plan"],
    "timeout": ["stop-after"], "time-limit": ["stop-after"], "max-time": ["stop-after"], "vocab": ["vocabulary"],
    "lang": ["language"],
  ]

  private static let noFlagForCorpus = "files are named without a flag"
  private static let noDevice = "the processor alone computes; --threads says how many cores it may use"
}
