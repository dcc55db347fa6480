import Bytes
import Corpus
import Queries
import Store

/// How `clfa score` reads its corpus: all of it, or the parts of a shard.
struct ScoreInput {
  /// How the files are read.
  private(set) var options: CorpusOptions
  /// The flags that the run records; of a file of parts, its hash, so that shards of other parts are not mixed with them.
  private(set) var reading: [ReadingFlag]

  /// - Throws: `PartsError`.
  init(_ corpus: CorpusArguments, _ flags: ScoreOptions) throws {
    guard let path = flags.partsFile, let shard = flags.shard else {
      (options, reading) = (corpus.options, corpus.columns.reading)
      return
    }
    var columns = corpus.columns
    let (parts, hash) = try CorpusParts.load(path)
    try columns.fill(from: parts, at: path)
    guard parts.files.map(\.name) == FileStem.ledgerNames(corpus.corpora).map({ ByteText($0) }) else {
      throw PartsError.otherFiles(path: path, files: parts.files.map(\.path))
    }
    for (file, path) in zip(parts.files, corpus.corpora) { try file.check(at: path) }
    options = columns.options
    options.portion = parts.portion(parts.numbers(of: shard))
    reading = columns.reading + [ReadingFlag(name: RunCounts.partsFlag, value: hash)]
  }
}
