import Bytes
import Corpus
import Foundation
import Glibc

/// A folder of files for one test, removed with it.
final class Scratch {
  let folder: String

  init() {
    var template = Array("/tmp/clfa-corpus-XXXXXX".utf8CString)
    folder = template.withUnsafeMutableBufferPointer { buffer in
      buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) } ?? ""
    }
    precondition(!folder.isEmpty, "The temporary folder could not be made.")
  }

  deinit {
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// Writes a file, making its folder where needed, and returns its path.
  func file(_ name: String, _ bytes: some Collection<UInt8>) -> String {
    let path = folder + "/" + name
    if let slash = name.lastIndex(of: "/") { mkdir(folder + "/" + name[..<slash], 0o755) }
    // A new file rather than a shortened one, which some file systems write out at once.
    unlink(path)
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL, 0o644)
    precondition(descriptor >= 0, "The file could not be made.")
    defer { close(descriptor) }
    var rest = Array(bytes)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      precondition(count > 0, "The file could not be written.")
      rest = rest.dropFirst(count)
    }
    return path
  }

  /// Writes a text file and returns its path.
  func file(_ name: String, _ text: String) -> String {
    file(name, Array(text.utf8))
  }

  /// All rows of a corpus of one file called `posts.csv`.
  func rows(_ text: String, _ options: CorpusOptions = CorpusOptions()) throws(CorpusError) -> [CorpusRow] {
    try read([file("posts.csv", text)], options)
  }

  /// All rows of a corpus of one file called `posts.csv`.
  func rows(bytes: [UInt8], _ options: CorpusOptions = CorpusOptions()) throws(CorpusError) -> [CorpusRow] {
    try read([file("posts.csv", bytes)], options)
  }

  /// The error that a corpus of one file called `posts.csv` ends with.
  func error(_ text: String, _ options: CorpusOptions = CorpusOptions()) -> CorpusError? {
    do {
      _ = try rows(text, options)
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
