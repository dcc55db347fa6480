import Bytes
import Corpus
import Queries
import Store

/// The corpus' own rows, read again, with the run's results for each.
///
/// Every record is compared with the run's entry, so that no row gets the result of another. Records that the run has
/// not examined (other shards, outside the sample, beyond a limit) are left out and counted.
struct CorpusRowSource: ~Copyable {
  let columns: ExportColumns
  /// The number of records without an entry in the run.
  private(set) var left = 0
  private let source: ExportSource
  private var reader: CorpusReader
  /// For each file, the places of its columns among all.
  private let places: [[Int]]
  /// For each file, how the ledger names it.
  private let names: [ByteText]
  /// For each file, how it was given.
  private let given: [ByteText]

  init(_ reader: consuming CorpusReader, _ source: ExportSource) throws {
    let run = source.run
    given = reader.files.map { ByteText($0) }
    if given.count == 1, run.files.count == 1 {
      // A file with another name is still compared row by row.
      names = run.files
    } else {
      guard Set(given) == Set(run.files) else {
        throw ExportError.otherFiles(run: run.name, given: given.map(\.text), wanted: run.files.map(\.text))
      }
      names = given
    }
    var own: [ByteText] = []
    var known: [ByteText: Int] = [:]
    places = reader.columnsByFile.map { header in
      header.map(\.name).map { name in
        if let place = known[name] { return place }
        known[name] = own.count
        own.append(name)
        return own.count - 1
      }
    }
    columns = ExportColumns(own: own, of: run)
    self.source = source
    self.reader = reader
  }

  /// Passes on every row of the run with a value for each column.
  mutating func forEach(_ body: (ExportRow, [QueryValue]) throws -> Void) throws {
    var file = -1
    var next: ExportRow?
    var count = 0
    while let row = try reader.next() {
      let position = row.position
      while file < 0 || given[file] != position.file {
        try finish(file, next: next, count: count)
        file += 1
        count = 0
        next = try source.firstRow(of: names[file])
      }
      count = position.record
      guard let entry = next, entry.record == position.record else {
        left += 1
        continue
      }
      try check(row, entry, file: given[file].text)
      var cells = [QueryValue](repeating: .text(""), count: columns.own.count)
      // Forgotten data must not come back through the corpus.
      if entry.state != EntryState.forgotten.rawValue {
        for (place, cell) in zip(places[file], reader.cells) { cells[place] = .text(cell) }
      }
      try body(entry, cells + columns.values(entry, source))
      next = try source.nextRow()
    }
    try finish(file, next: next, count: count)
    // Files without a record have none in the run, either.
    for rest in names.indices where rest > file {
      try finish(rest, next: source.firstRow(of: names[rest]), count: 0)
    }
  }

  /// Rejects a file that ends too early or too late.
  private func finish(_ file: Int, next: ExportRow?, count: Int) throws {
    guard file >= 0 else { return }
    let run = source.run
    func differs(_ difference: ExportError.Difference) -> ExportError {
      .corpusDiffers(run: run.name, file: given[file].text, difference: difference)
    }
    if next != nil { throw differs(.fewerRecords(found: count)) }
    let place = run.files.firstIndex(of: names[file])
    if run.isWhole, let place, count > run.read[place] { throw differs(.moreRecords(read: run.read[place])) }
    if run.isWhole, let place, count < run.read[place] { throw differs(.fewerRecords(found: count)) }
  }

  private func check(_ row: CorpusRow, _ entry: ExportRow, file: String) throws {
    let position = row.position
    func differs(_ difference: ExportError.Difference) -> ExportError {
      .corpusDiffers(run: source.run.name, file: file, difference: difference)
    }
    guard entry.state != EntryState.forgotten.rawValue else { return }
    if let key = entry.key, key != row.key ?? "" {
      throw differs(.otherKey(record: position.record, line: position.line))
    }
    guard let content = entry.post else { return }
    guard case .post(let post) = row, ByteText(post.text) == ByteText(content.text),
      ByteText(post.knowledge) == ByteText(content.knowledge)
    else { throw differs(.otherContent(record: position.record, line: position.line)) }
  }
}
