internal import Bytes
package import Corpus
internal import Dispatch
internal import Models
package import Preparation
internal import Synchronization

/// How a corpus is examined.
package struct CorpusCheckOptions: Sendable {
  /// Whether every picture is decoded, rather than only its header read.
  package var decodes = false
  /// The share of the keys that is examined; `nil` for all.
  package var sample: Sample?
  /// The number of rows after which reading ends; `nil` for no limit.
  package var limit: Int?
  /// The types of columns that the model does not read.
  package var columnTypes: [ColumnDeclaration] = []
  /// The number of threads that examine rows.
  package var threads: Int

  /// Creates options that examine all rows, and the headers of pictures.
  package init(threads: Int) { self.threads = threads }
}

/// Reads a whole corpus, row by row, in bounded memory.
package struct CorpusChecker {
  private let options: CorpusCheckOptions
  private let shouldStop: @Sendable () -> Bool
  /// The number of rows that threads share, and the maximum size of their cells in bytes.
  private static let batchRows = 2048, batchBytes = 16 << 20

  /// Creates a checker; `shouldStop` is called from time to time, and if it returns true, reading ends with
  /// `CorpusCheckError.interrupted`.
  package init(_ options: CorpusCheckOptions, shouldStop: @escaping @Sendable () -> Bool = { false }) {
    (self.options, self.shouldStop) = (options, shouldStop)
  }

  /// The location of the posts' features.
  package struct Features: Sendable {
    package var files: FeatureFiles
    /// Whether each stream has the width of the first usable file, rather than that of its column.
    package var areNew: Bool

    package init(_ files: FeatureFiles, areNew: Bool) { (self.files, self.areNew) = (files, areNew) }
  }

  /// Examines a corpus.
  ///
  /// - Parameters:
  ///   - corpus: the rows, from the beginning.
  ///   - folders: the folders of the pictures.
  ///   - features: the feature files, if any.
  ///   - model: the model whose tokenizer is used and with whose training posts the corpus is compared, if any.
  ///   - against: another corpus that should not share posts with this one.
  ///   - list: takes every row behind the findings, if it is given.
  ///   - observe: called from time to time with the number of rows read, and the share of the files if it is known.
  /// - Returns: the findings.
  /// - Throws: errors of the corpus, and of the disk that holds the list; `CorpusCheckError.interrupted`.
  package func check(
    _ corpus: consuming CorpusReader, folders: PictureFolders, features: Features? = nil, model: CheckedModel? = nil,
    against: ReferenceCorpus? = nil, list: FindingList? = nil,
    observe: (_ rows: Int, _ share: Double?) -> Void = { _, _ in }
  ) throws -> CorpusFindings {
    let mismatches = try model?.mismatches(
      in: &corpus, folders: folders, features: features?.files,
      subset: CorpusSubset(sample: options.sample, limit: options.limit), shouldStop: shouldStop)
    let columns = Self.columns(corpus)
    var tally = CorpusTally(
      files: corpus.files, columns: columns, columnsByFile: corpus.columnsByFile, features: features,
      against: against, decodes: options.decodes, hasTemplate: corpus.hasImageTemplate,
      cells: CellTally(corpus.dates, namesDates: corpus.namesDates, columns: options.columnTypes),
      labelNames: corpus.labelNames, list: list)
    let reader = RowReader(
      folders: folders, features: features?.files, decodes: options.decodes,
      readsKnowledge: columns.contains { $0.role == .knowledge },
      model: model?.reader)
    let end = try read(&corpus, reader, observe) { try tally.add($0) }
    if end.isLimited { corpus.endReading() }
    var check = tally.check(
      model: model.map { ($0.path, $0.configuration.tokenizer.maxText, $0.configuration.labelNames) })
    if corpus.options.encoding == .utf8 {
      let files = tally.undecoded.filter { $0.value >= UndecodedFile.few }.sorted { $0.key < $1.key }
      check.undecodedFiles = files.map { UndecodedFile(path: corpus.paths[$0.key], rows: $0.value) }
    }
    check.mismatches = mismatches ?? []
    if let reading = model?.reading { check.leakage?.hide(from: reading) }
    list?.names.cues = check.leakage?.cues.filter(\.isFinding) ?? []
    list?.names.words = check.leakage?.words.filter(\.isFinding) ?? []
    check.notices = corpus.notices
    check.left = end.left
    check.isLimited = end.isLimited
    return check
  }

  /// Records the contents of another corpus, with the same feature streams as the corpus itself.
  package func other(
    _ corpus: consuming CorpusReader, folders: PictureFolders, features: FeatureFiles? = nil, list: FindingList? = nil,
    observe: (_ rows: Int, _ share: Double?) -> Void = { _, _ in }
  ) throws -> ReferenceCorpus {
    var other = ReferenceCorpus(files: corpus.files, isDecoded: options.decodes)
    let columns = Self.columns(corpus), files = corpus.files.map { ByteText($0) }
    let reader = RowReader(
      folders: folders, features: features, decodes: options.decodes, readsKnowledge: false, model: nil)
    // A sample or a limit applies only to the corpus itself.
    let whole = CorpusChecker(CorpusCheckOptions(threads: options.threads), shouldStop: shouldStop)
    let hasIDs = columns.contains { $0.role == .id }
    _ = try whole.read(&corpus, reader, observe) { facts in
      let position = facts.row.position
      let place = RowLocation(
        file: files.firstIndex(of: position.file) ?? 0, line: position.line, entry: list?.otherRows.nextEntry ?? 0)
      let label = other.add(facts, hasIDs: hasIDs, place: place)
      try list?.otherRows.append(SpooledRow(facts, hasIDs: hasIDs, label: label, place: place))
    }
    list?.names.otherFiles = corpus.files
    list?.names.otherLabels = other.labelNames
    return other
  }

  /// All columns of all files, each once.
  private static func columns(_ corpus: borrowing CorpusReader) -> [CorpusColumn] {
    var columns: [CorpusColumn] = [], rolesByName: [ByteText: [ColumnRole?]] = [:]
    for column in corpus.columnsByFile.joined() {
      guard !rolesByName[column.name, default: []].contains(column.role) else { continue }
      rolesByName[column.name, default: []].append(column.role)
      columns.append(column)
    }
    return columns
  }

  func read(
    _ corpus: inout CorpusReader, _ reader: RowReader, _ observe: (Int, Double?) -> Void,
    _ take: (RowFacts) throws -> Void
  ) throws -> (left: Int, isLimited: Bool) {
    var rows = 0, left = 0, hasEnded = false, isLimited = false
    while !hasEnded {
      var batch: [CorpusRow] = [], bytes = 0
      while batch.count < Self.batchRows, bytes < Self.batchBytes {
        if shouldStop() { throw CorpusCheckError.interrupted }
        if let limit = options.limit, rows + batch.count >= limit {
          (hasEnded, isLimited) = (true, true)
          break
        }
        guard let row = try corpus.next() else {
          hasEnded = true
          break
        }
        if let sample = options.sample, !sample.contains(row.partitionKey) {
          left += 1
          if left.isMultiple(of: 10_000) { observe(rows + left, share(corpus)) }
          continue
        }
        bytes += row.size
        batch.append(row)
      }
      let facts = Self.facts(batch, reader, threads: options.threads, shouldStop)
      if shouldStop() { throw CorpusCheckError.interrupted }
      try facts.forEach(take)
      rows += batch.count
      observe(rows + left, share(corpus))
    }
    return (left, isLimited)
  }

  private func share(_ corpus: borrowing CorpusReader) -> Double? {
    guard let total = corpus.totalBytes, total > 0 else { return nil }
    return min(1, Double(corpus.bytesRead) / Double(total))
  }

  /// Examines rows on several threads; the results keep the order of the rows.
  private static func facts(
    _ batch: [CorpusRow], _ reader: RowReader, threads: Int, _ shouldStop: @Sendable () -> Bool
  ) -> [RowFacts] {
    // The pieces are so small that a slow picture delays only few of its neighbours.
    let size = 16, pieces = (batch.count + size - 1) / size
    guard threads > 1, pieces > 1 else { return batch.map(reader.facts) }
    let results = Mutex([[RowFacts]](repeating: [], count: pieces))
    let next = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: min(threads, pieces)) { _ in
      while true {
        let piece = next.add(1, ordering: .relaxed).oldValue
        guard piece < pieces, !shouldStop() else { return }
        let facts = batch[piece * size..<min(batch.count, (piece + 1) * size)].map(reader.facts)
        results.withLock { $0[piece] = facts }
      }
    }
    return results.withLock { Array($0.joined()) }
  }
}

extension CorpusRow {
  /// The approximate size of its cells in bytes.
  fileprivate var size: Int {
    guard case .post(let post) = self else { return 256 }
    return post.extra.reduce(256 + post.text.utf8.count + post.knowledge.utf8.count) { $0 + $1.value.utf8.count }
  }
}

/// The reasons that end a check.
package enum CorpusCheckError: Error, CustomStringConvertible {
  /// The caller asked to stop.
  case interrupted

  package var description: String { "interrupted" }
}
