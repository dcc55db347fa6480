import Bytes
package import Corpus
internal import Files
import Queries

/// Writes the rows of a corpus to several files of a new folder.
package enum SplitExport {
  /// Reads a corpus again and writes each of its posts to the file of its part, completely or not at all.
  ///
  /// Tables become CSV in UTF-8 with all their columns; JSON becomes JSON Lines, each object as it was. Rows that cannot be
  /// read are left out.
  ///
  /// - Parameters:
  ///   - corpus: the rows, from the beginning.
  ///   - path: the folder, which must be new or empty.
  ///   - names: the parts' names, which become file names.
  ///   - parts: for each post, in the order of the corpus, the index of its name.
  ///   - shouldStop: called from time to time; true ends the writing with `ExportError.interrupted`.
  /// - Returns: the files' paths.
  /// - Throws: `ExportError`, `CorpusError`; then nothing is left.
  package static func write(
    _ corpus: consuming CorpusReader, to path: String, names: [String], parts: [Int],
    shouldStop: () -> Bool = { false }
  ) throws -> [String] {
    let folder = try ExportError.writing(path) { () throws(FileError) in
      try AtomicFolder(path, mayReplaceEmpty: true)
    }
    let columns = SplitColumns(corpus)
    var files: [ExportFile] = [], isJSON: Bool?, place = 0, last: RowPosition?
    var format = CorpusCSVFormat()
    while let row = try corpus.next() {
      if place % 1024 == 0, shouldStop() { throw ExportError.interrupted }
      // The further pictures of a post are in the same record.
      guard case .post(let post) = row, last != post.position else { continue }
      last = post.position
      guard parts.indices.contains(place) else { throw ExportError.corpusChanged }
      let object = corpus.object
      if isJSON == nil {
        isJSON = object != nil
        files = try names.map { try ExportFile(folder.file("\($0).\(object == nil ? "csv" : "jsonl")")) }
        if object == nil {
          for file in files { try file.write { format.begin(columns.names, into: &$0) } }
        }
      }
      guard isJSON == (object != nil) else { throw ExportError.severalFormats }
      let file = files[parts[place]]
      if let object {
        // Line breaks within an object are between its members: those of a string are escaped.
        try file.write { $0 += object.map { $0 == 0x0A || $0 == 0x0D ? 0x20 : $0 } + [0x0A] }
      } else {
        let cells = columns.cells(corpus.cells, file: post.position.file)
        try file.write { format.row(cells, into: &$0) }
      }
      place += 1
    }
    guard place == parts.count else { throw ExportError.corpusChanged }
    for file in files { try file.finish() }
    try ExportError.writing(folder.path) { () throws(FileError) in try folder.finish() }
    return isJSON.map { isJSON in names.map { "\(path)/\($0).\(isJSON ? "jsonl" : "csv")" } } ?? []
  }
}

/// The columns of all files of a corpus, each once.
private struct SplitColumns {
  private(set) var names: [String] = []
  /// For each file, the places of its columns among all.
  private var places: [ByteText: [Int]] = [:]

  init(_ corpus: borrowing CorpusReader) {
    var known: [ByteText: Int] = [:]
    for (file, header) in zip(corpus.files, corpus.columnsByFile) {
      for name in header.map(\.name) where known[name] == nil {
        known[name] = names.count
        names.append(name.text)
      }
      places[ByteText(file)] = header.map { known[$0.name] ?? 0 }
    }
  }

  /// A row's cells by the places of their columns.
  func cells(_ cells: [String], file: ByteText) -> [QueryValue] {
    var result = [QueryValue](repeating: .null, count: names.count)
    for (place, cell) in zip(places[file] ?? [], cells) { result[place] = .text(cell) }
    return result
  }
}
