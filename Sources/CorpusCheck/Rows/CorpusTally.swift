package import Bytes
internal import Corpus
internal import Preparation

/// Counts rows in the order of the corpus: all findings except the rules for cues come from here.
struct CorpusTally {
  private static let shown = 5
  private(set) var rows = 0
  private var readable = 0
  private var faults: [FaultKind: CorpusFindings.FaultSummary] = [:]
  private var columns: [ColumnTally]
  private var pictures: CorpusPictureTally
  private var features: FeatureTally
  private var labels = LabelTally()
  private var scripts = ScriptTally()
  private var damages = TextDamageTally()
  private var pieces = QuantileSketch()
  private var pieceCounts = (truncated: 0, texts: 0, all: 0, unknown: 0, withUnknown: 0)
  private var duplicates: DuplicateTally
  private var overlap: OverlapTally?
  private var book: CueCollector?
  private var typed: CellTally
  private var remedies = FaultRemedies()
  /// Rows that are not in the encoding of the corpus, by the number of their file.
  private(set) var undecoded: [Int: Int] = [:]
  private let labelNames: LabelNames
  private let files: [ByteText]
  private let hasIDs: Bool
  private var cells: ExtraCells
  /// The number of the last row's file.
  private var file = 0
  /// The list of all rows behind findings, if one was requested.
  private let list: FindingList?

  /// Faults of a kind.
  private struct FaultKind: Hashable {
    var stage: RowFault.Stage
    var code: FaultCode
  }

  /// Counts rows of files with these columns: `columns` has each of all files once.
  init(
    files: [String], columns: [CorpusColumn], columnsByFile: [[CorpusColumn]], features: CorpusChecker.Features?,
    against: ReferenceCorpus?, decodes: Bool, hasTemplate: Bool, cells: CellTally, labelNames: LabelNames,
    list: FindingList?
  ) {
    (self.typed, self.labelNames) = (cells, labelNames)
    self.list = list
    self.features = FeatureTally(features)
    self.files = files.map { ByteText($0) }
    let cells = ExtraCells(columnsByFile)
    self.cells = cells
    self.columns = columns.map { ColumnTally($0, number: cells.number(of: $0)) }
    hasIDs = columns.contains { $0.role == .id }
    duplicates = DuplicateTally(hasIDs: hasIDs, decodes: decodes)
    overlap = against.map { OverlapTally($0) }
    book = columns.contains { $0.role == .label } ? CueCollector(columns: columns, kept: cells.names.map(\.text)) : nil
    pictures = CorpusPictureTally(hasTemplate: hasTemplate, isDecoded: decodes)
  }

  /// Counts a row.
  ///
  /// - Throws: errors of the disk that holds the list of findings.
  mutating func add(_ facts: RowFacts) throws {
    rows += 1
    enter(facts.row.position.file)
    let place = RowLocation(file: file, line: facts.row.position.line, entry: list?.rows.nextEntry ?? 0)
    switch facts.row {
    case .fault(let fault):
      note(fault)
      pictures.addFault()
      try list?.rows.append(SpooledRow(facts, hasIDs: hasIDs, label: nil, place: place, fault: fault))
    case .post(let post):
      guard let seen = facts.post else { return }
      cells.begin(post)
      readable += 1
      let featureFault = features.add(facts.features)?.rowFault(at: post.position, key: post.key)
      // Of several faults, the one that scoring would report first.
      let fault = (facts.isPictureLost ? facts.pictureFault : nil) ?? featureFault ?? facts.pictureFault
      if let fault { note(fault) }
      for place in columns.indices { columns[place].add(post, cells) }
      pictures.add(post, facts)
      scripts.add(seen.text)
      damages.add(seen.damages, of: post.text, file: post.position.file.text, line: post.position.line)
      if let found = seen.pieces, seen.text.characters > 0 {
        pieces.add(Double(found.count))
        pieceCounts.texts += 1
        pieceCounts.all += found.count
        pieceCounts.unknown += found.unknown
        if found.truncated > 0 { pieceCounts.truncated += 1 }
        if found.unknown > 0 { pieceCounts.withUnknown += 1 }
      }
      let unread = typed.read(post).unread
      let label = labels.add(post.label)
      let outcome = duplicates.add(post, facts, seen, label: label, place: place)
      let lookalikeThere = overlap?.add(post, facts, seen, hasIDs: hasIDs, place: place)
      if let list {
        var row = SpooledRow(facts, hasIDs: hasIDs, label: label, place: place, fault: fault)
        row.head.closeText = outcome.closeText?.entry ?? 0
        row.head.lookalike = outcome.lookalike?.entry ?? 0
        row.head.lookalikeThere = lookalikeThere?.entry ?? 0
        row.head.reposts = outcome.reposts.map { max($0, 1) } ?? 0
        row.head.damages = seen.damages.reduce(0) { $0 | TextDamageTally.bit($1.damage) }
        row.head.signs = PostSigns(post, labelNames)
        row.note(unread)
        try list.rows.append(row)
      }
      // Each content counts once: a post that many people shared is not counted many times.
      guard let label, outcome.isNew || list != nil, book != nil else { return }
      book?.add(
        CueCollector.Observation(
          post: post, facts: seen, picture: facts.picture, pictureFault: facts.pictureFault?.code, label: label,
          ordinal: rows, cells: cells), isNew: outcome.isNew)
      guard let list, let book, !book.hasTooManyLabels else { return }
      let words = [seen.text.tokens, seen.knowledge?.tokens ?? []].map { $0.map(\.hash) }
      try list.cues.append(CueSpool.Post(entry: place.entry, values: book.lastValues, words: words))
    }
  }

  /// Sets the file of a row; rows come file by file.
  private mutating func enter(_ name: ByteText) {
    if !(files.indices.contains(file) && files[file] == name) { file = files.firstIndex(of: name) ?? 0 }
    cells.begin(file: file)
  }

  private mutating func note(_ fault: RowFault) {
    remedies.add(fault.detail)
    if fault.code == .invalidEncoding { undecoded[file, default: 0] += 1 }
    let kind = FaultKind(stage: fault.stage, code: fault.code)
    var summary =
      faults[kind] ?? CorpusFindings.FaultSummary(stage: fault.stage, code: fault.code, count: 0, first: [])
    summary.count += 1
    if summary.first.count < Self.shown { summary.first.append(fault) }
    faults[kind] = summary
  }

  /// All results; with a model, also its folder, the maximum number of tokens of a text, and its labels.
  func check(model: (name: String, limit: Int, labels: [ByteText])?) -> CorpusFindings {
    var check = CorpusFindings()
    check.files = files.map(\.text)
    check.rows = rows
    check.readableRows = readable
    check.faults = RowFault.Stage.allCases.flatMap { stage in
      FaultCode.allCases.compactMap { faults[FaultKind(stage: stage, code: $0)] }
    }
    check.remedies = remedies
    check.typed = typed
    check.columns = columns.map(\.summary)
    check.pictures = pictures.summary
    check.features = features.summary
    check.duplicates = duplicates.summary(labels: labels.labels.map(\.label))
    check.labels = labels.sorted
    check.otherLabels = labels.others
    check.unlabelled = labels.unlabelled
    check.spellings = labels.spellings
    check.scripts = scripts.summary
    check.damagedTexts = damages.summary
    check.against = overlap?.overlap
    if let model {
      let known = Set(model.labels)
      check.pieces = PieceSummary(
        model: model.name, limit: model.limit, pieces: pieces.summary, truncated: pieceCounts.truncated,
        texts: pieceCounts.texts, allPieces: pieceCounts.all, unknownPieces: pieceCounts.unknown,
        withUnknown: pieceCounts.withUnknown,
        unknownLabels: labels.sorted.filter { !known.contains($0.label) },
        modelLabels: model.labels)
    }
    if let book, !labels.labels.isEmpty {
      switch book.leakage(labels.labels.map(\.label)) {
      case .success(let leakage): check.leakage = leakage
      case .failure(let failure): check.leakageSkipReason = failure.reason
      }
    } else {
      check.leakageSkipReason = .noLabels
    }
    nameListed(check)
    return check
  }

  /// Gives the list of findings the names of files and labels, and the labels that are findings.
  private func nameListed(_ check: CorpusFindings) {
    guard let list else { return }
    list.names.files = check.files
    list.names.labels = labels.labels.map(\.label)
    let numbers = Dictionary(uniqueKeysWithValues: labels.labels.enumerated().map { ($1.label, $0) })
    for group in check.spellings {
      for label in group.dropFirst() {
        if let number = numbers[label.label] { list.names.spellings[number] = group[0].label }
      }
    }
    list.names.damages = damages.bits
    list.names.unknown = Set((check.pieces?.unknownLabels ?? []).compactMap { numbers[$0.label] })
  }
}

/// A label of the corpus.
package struct LabelSummary: Sendable, Equatable {
  package var label: ByteText
  /// Rows that have it.
  package var count: Int
}

/// Numbers for labels in the order in which they appear, and how often each does.
struct LabelTally {
  /// The maximum number of labels that are distinguished, so that a column of ids, say, does not use up memory.
  static let most = 1000
  /// The maximum size of a distinguished label in bytes.
  private static let longest = 1000
  private var numbers: [ByteText: Int] = [:]
  private(set) var labels: [LabelSummary] = []
  /// Rows with a label beyond those.
  private(set) var others = 0
  /// Rows without a label.
  private(set) var unlabelled = 0

  /// Counts a row's label, and returns its number; `nil` without a label, and beyond the maximum number.
  mutating func add(_ label: ByteText?) -> Int? {
    guard let label, !label.utf8.allSatisfy({ $0 == 0x20 || (0x09...0x0D).contains($0) }) else {
      unlabelled += 1
      return nil
    }
    if let number = numbers[label] {
      labels[number].count += 1
      return number
    }
    guard labels.count < Self.most, label.utf8.count <= Self.longest else {
      others += 1
      return nil
    }
    numbers[label] = labels.count
    labels.append(LabelSummary(label: label, count: 1))
    return labels.count - 1
  }

  /// The most common first.
  var sorted: [LabelSummary] {
    labels.indices.sorted { (labels[$1].count, $0) < (labels[$0].count, $1) }.map { labels[$0] }
  }

  /// Labels that differ only in case, blanks, `-`, `_` and invisible characters, in groups, the most common spelling
  /// first.
  var spellings: [[LabelSummary]] {
    var groups: [[UInt8]: [LabelSummary]] = [:], order: [[UInt8]] = []
    for label in sorted {
      let folded = label.label.text.lowercased().unicodeScalars.filter {
        $0.value > 0x20 && $0 != "-" && $0 != "_" && !$0.properties.isWhitespace
          && !$0.properties.isDefaultIgnorableCodePoint
      }.flatMap { UTF8.encode($0) ?? UTF8.encodedReplacementCharacter }
      if groups[folded] == nil { order.append(folded) }
      groups[folded, default: []].append(label)
    }
    return order.compactMap { groups[$0] }.filter { $0.count > 1 }
  }
}
