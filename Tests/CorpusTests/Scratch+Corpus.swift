import Bytes
import Corpus
import TestSupport

extension Scratch {
  /// All rows of a corpus of one file called `posts.csv`.
  func rows(_ text: String, _ options: CorpusOptions = CorpusOptions()) throws -> [CorpusRow] {
    try read([write("posts.csv", text)], options)
  }

  /// All rows of a corpus of one file called `posts.csv`.
  func rows(bytes: [UInt8], _ options: CorpusOptions = CorpusOptions()) throws -> [CorpusRow] {
    try read([write("posts.csv", bytes)], options)
  }

  /// The error that a corpus of one file called `posts.csv` ends with.
  func error(_ text: String, _ options: CorpusOptions = CorpusOptions()) throws -> CorpusError? {
    try error(bytes: Array(text.utf8), options)
  }

  /// The error that a corpus of one file called `posts.csv` ends with.
  func error(bytes: [UInt8], _ options: CorpusOptions = CorpusOptions()) throws -> CorpusError? {
    let path = try write("posts.csv", bytes)
    do throws(CorpusError) {
      _ = try read([path], options)
      return nil
    } catch {
      return error
    }
  }
}

/// All rows of a corpus.
func read(_ paths: [String], _ options: CorpusOptions = CorpusOptions()) throws(CorpusError) -> [CorpusRow] {
  var reader = try CorpusReader(paths: paths, options: options)
  var rows: [CorpusRow] = []
  while let row = try reader.next() { rows.append(row) }
  return rows
}

extension CorpusRow {
  var post: Post? {
    if case .post(let post) = self { post } else { nil }
  }

  var fault: RowFault? {
    if case .fault(let fault) = self { fault } else { nil }
  }

  /// The row in a few characters: `line:key` of a post, `line!code` of a fault.
  var brief: String {
    switch self {
    case .post(let post): "\(post.position.line):\(post.key)"
    case .fault(let fault): "\(fault.position.line)!\(fault.code.rawValue)"
    }
  }
}
