internal import Bytes
internal import Corpus
package import Files

/// Every row behind the findings of a check, not only examples.
///
/// Rows are kept on the disk while the corpora are read. After that each finding is one scan of them, with the different
/// values of about half a million rows in memory; a larger corpus is scanned once for each of its parts, which share no
/// value. So the list is complete where the report's numbers are estimates. Only close texts and look-alikes are compared
/// with the first 200,000 different ones.
package final class FindingList {
  let rows: RowSpool
  let otherRows: RowSpool
  let cues: CueSpool
  private let rowsOfAPart: Int
  /// What the check knows at its end.
  var names = Names()

  /// Names of numbers.
  struct Names {
    var files: [String] = []
    var labels: [ByteText] = []
    var otherFiles: [String] = []
    var otherLabels: [ByteText] = []
    /// For each label's number, the spelling that most rows use in its place.
    var spellings: [Int: ByteText] = [:]
    /// The numbers of labels that the model does not know.
    var unknown: Set<Int> = []
    /// The bits of the kinds of damage that are findings, with the kind.
    var damages: [(bit: UInt8, kind: TextDamage)] = []
    /// The cues and words that are findings.
    var cues: [LeakingCue] = []
    var words: [LeakingWord] = []
  }

  /// Creates an empty list; rows are kept on the disk of `path`, which is not touched.
  ///
  /// - Parameters:
  ///   - path: a file in a folder that can be written to.
  ///   - rowsOfAPart: the number of rows whose values are in memory together, about 40 bytes for each.
  /// - Throws: errors of the disk.
  package init(near path: String, rowsOfAPart: Int = 500_000) throws(FileError) {
    rows = try RowSpool(near: path)
    otherRows = try RowSpool(near: path)
    cues = try CueSpool(near: path)
    self.rowsOfAPart = rowsOfAPart
  }

  /// Passes on the rows of all findings, in the order of ``ListedFinding``.
  ///
  /// - Throws: `CorpusCheckError.interrupted`; errors of the disk; errors of `body`.
  package func each(shouldStop: @escaping () -> Bool = { false }, _ body: (ListedRow) throws -> Void) throws {
    var scanned = 0
    for finding in ListedFinding.allCases {
      try each(finding) {
        scanned += 1
        if scanned.isMultiple(of: 4096), shouldStop() { throw CorpusCheckError.interrupted }
      } _: { entry, other, detail in
        try body(row(finding, entry, other, detail))
      }
    }
  }

  /// The row that another one is like, by its entry.
  private enum Other {
    case none
    case here(Int)
    case there(Int)
  }

  /// Takes a row behind a finding; without a detail, the labels are compared.
  private typealias Take = (_ entry: Int, _ other: Other, _ detail: String?) throws -> Void

  /// Passes on the rows behind one finding; `step` is called for each row that is read.
  private func each(_ finding: ListedFinding, _ step: @escaping () throws -> Void, _ take: Take) throws {
    let scan = FindingScan(rows: rows, otherRows: otherRows, rowsOfAPart: rowsOfAPart, step: step)
    switch finding {
    case .overlapContents: try scan.shared(\.content) { try take($0, .there($1), nil) }
    case .overlapTexts: try scan.shared(\.text) { try take($0, .there($1), nil) }
    case .overlapPictures: try scan.shared(\.picture) { try take($0, .there($1), nil) }
    case .overlapIDs: try scan.shared(\.id) { try take($0, .there($1), nil) }
    case .overlapLookalikes: try scan.linked(\.lookalikeThere) { try take($0, .there($1), nil) }
    case .closeTexts: try scan.linked(\.closeText) { try take($0, .here($1), nil) }
    case .lookalikes: try scan.linked(\.lookalike) { try take($0, .here($1), nil) }
    case .contradictions: try scan.contradictions { try take($0, .here($1), nil) }
    case .repeatedIDs: try scan.repeated(\.id) { if $2 != $3 { try take($0, .here($1), nil) } }
    case .duplicateRows: try scan.repeated(\.id) { if $2 == $3 { try take($0, .here($1), nil) } }
    case .duplicateContents: try scan.repeated(\.content) { entry, first, _, _ in try take(entry, .here(first), nil) }
    case .duplicateTexts: try scan.repeated(\.text) { entry, first, _, _ in try take(entry, .here(first), nil) }
    case .duplicatePictures: try scan.repeated(\.picture) { entry, first, _, _ in try take(entry, .here(first), nil) }
    case .reposts: try scan.repeated(\.reposts) { entry, first, _, _ in try take(entry, .here(first), nil) }
    case .cues: try cues(\.isRead, step, take)
    case .unreadCues: try cues({ !$0.isRead }, step, take)
    case .words: try words({ $0.hiding == nil }, step, take)
    case .unreadWords: try words({ $0.hiding != nil }, step, take)
    case .faults:
      try scan.each { entry, head in if head.faultBytes > 0 { try take(entry, .none, try rows.row(entry).fault) } }
    case .unreadDates:
      try scan.each { entry, head in
        if head.dateBytes > 0 { try take(entry, .none, Self.quoted(ByteText(try rows.row(entry).date))) }
      }
    case .unreadValues:
      try scan.each { entry, head in if head.valueBytes > 0 { try take(entry, .none, try rows.row(entry).values) } }
    case .damagedTexts:
      try scan.each { entry, head in
        var kinds: [String] = []
        for (bit, kind) in names.damages where head.damages & bit != 0 && !kinds.contains(kind.rawValue) {
          kinds.append(kind.rawValue)
        }
        if !kinds.isEmpty { try take(entry, .none, kinds.joined(separator: ", ")) }
      }
    case .roundedIDs: try scan.signs(.roundedID) { try take($0, .none, "") }
    case .pictureLists: try scan.signs(.pictureList) { try take($0, .none, "") }
    case .noPictures: try scan.signs(.noPicture) { try take($0, .none, "") }
    case .unnamedLabels:
      try scan.signs(.unnamedLabel) { entry in
        let label = try rows.row(entry).head.label
        try take(entry, .none, label.map { "label \(Self.quoted($0, names.labels))" } ?? "")
      }
    case .spellings where !names.spellings.isEmpty:
      try scan.each { entry, head in
        guard let label = head.label, let usual = names.spellings[label] else { return }
        try take(entry, .none, "label \(Self.quoted(label, names.labels)); most rows have \(Self.quoted(usual))")
      }
    case .unknownLabels where !names.unknown.isEmpty:
      try scan.each { entry, head in
        guard let label = head.label, names.unknown.contains(label) else { return }
        try take(entry, .none, "label \(Self.quoted(label, names.labels))")
      }
    case .spellings, .unknownLabels: break
    }
  }

  /// The posts that have the most informative value of a cue.
  private func cues(_ isWanted: (LeakingCue) -> Bool, _ step: () throws -> Void, _ take: Take) throws {
    let wanted = names.cues.filter(isWanted)
    guard !wanted.isEmpty else { return }
    try cues.each { post in
      try step()
      for cue in wanted where cue.match.holds(for: post) {
        let words = "\(Finding.name(cue.source, cue.name).spelled): \(cue.value.spelled)"
        try take(post.entry, .none, words + (try told(cue.label, post.entry)))
      }
    }
  }

  /// The posts that have a word.
  private func words(_ isWanted: (LeakingWord) -> Bool, _ step: () throws -> Void, _ take: Take) throws {
    let wanted = names.words.filter(isWanted)
    guard !wanted.isEmpty else { return }
    try cues.each { post in
      try step()
      for word in wanted where word.match.holds(for: post) {
        try take(post.entry, .none, "the word \"\(word.word.spelledWord)\"" + (try told(word.label, post.entry)))
      }
    }
  }

  /// The label that a cue stands for, and a row's own.
  private func told(_ label: ByteText, _ entry: Int) throws -> String {
    let own = try rows.row(entry).head.label.map { names.labels[$0] }
    return own == label
      ? ", as mostly with label \(Self.quoted(label)), which it has"
      : ", as mostly with label \(Self.quoted(label)); it has " + (own.map(Self.quoted) ?? "none")
  }

  // MARK: - Words

  private func row(_ finding: ListedFinding, _ entry: Int, _ other: Other, _ detail: String?) throws -> ListedRow {
    let row = try rows.row(entry), place = Self.place(row, names.files)
    let (second, labels, files) =
      switch other {
      case .none: (nil as SpooledRow?, names.labels, names.files)
      case .here(let entry): (try rows.row(entry), names.labels, names.files)
      case .there(let entry): (try otherRows.row(entry), names.otherLabels, names.otherFiles)
      }
    var words = detail ?? ""
    if detail == nil, let second {
      let (own, its) = (row.head.label, second.head.label)
      let isClear = own != nil && its != nil
      let differ = own.map { names.labels[$0] == its.map { labels[$0] } } != true
      if differ, isClear || finding == .contradictions {
        words = own.map { "label \(Self.quoted($0, names.labels))" } ?? "no label"
        words += "; the other row has " + (its.map { Self.quoted($0, labels) } ?? "none")
      }
    }
    return ListedRow(finding: finding, row: place, other: second.map { Self.place($0, files) }, detail: words)
  }

  private static func place(_ row: SpooledRow, _ files: [String]) -> ListedRow.Place {
    ListedRow.Place(key: row.key, file: files[row.head.file], line: row.head.line)
  }

  private static func quoted(_ label: Int, _ labels: [ByteText]) -> String { quoted(labels[label]) }
  private static func quoted(_ label: ByteText) -> String { "\"\(label.text.spelled)\"" }
}

/// Scans of spooled rows for equal values.
private struct FindingScan {
  typealias Head = SpooledRow.Head

  let rows: RowSpool
  let otherRows: RowSpool
  let rowsOfAPart: Int
  let step: () throws -> Void

  /// All rows.
  func each(_ body: (Int, Head) throws -> Void) throws { try each(in: rows, body) }

  private func each(in rows: RowSpool, _ body: (Int, Head) throws -> Void) throws {
    try rows.each { entry, head in
      try step()
      try body(entry, head)
    }
  }

  /// Rows with a sign.
  func signs(_ sign: PostSigns, _ take: (Int) throws -> Void) throws {
    try each { entry, head in if head.signs.contains(sign) { try take(entry) } }
  }

  /// Rows with an entry of another row, and that entry.
  func linked(_ link: KeyPath<Head, Int>, _ take: (Int, Int) throws -> Void) throws {
    try each { entry, head in if head[keyPath: link] > 0 { try take(entry, head[keyPath: link]) } }
  }

  /// Rows whose value the other corpus has, too, and the first row there.
  func shared(_ value: KeyPath<Head, UInt64>, _ take: (Int, Int) throws -> Void) throws {
    guard otherRows.count > 0 else { return }
    for part in parts(of: otherRows) {
      var first: [UInt64: Int] = [:]
      try each(in: otherRows) { entry, head in
        let value = head[keyPath: value]
        if part.contains(value), first[value] == nil { first[value] = entry }
      }
      try each { entry, head in
        if let there = first[head[keyPath: value]] { try take(entry, there) }
      }
    }
  }

  /// Rows whose value an earlier row has, the first such row, and the contents of both.
  func repeated(_ value: KeyPath<Head, UInt64>, _ take: (Int, Int, UInt64, UInt64) throws -> Void) throws {
    for part in parts(of: rows) {
      var first: [UInt64: (entry: Int, content: UInt64)] = [:]
      try each { entry, head in
        let value = head[keyPath: value]
        guard part.contains(value) else { return }
        if let earlier = first[value] {
          try take(entry, earlier.entry, head.content, earlier.content)
        } else {
          first[value] = (entry, head.content)
        }
      }
    }
  }

  /// The rows of each content that has different labels, each with a row of another label.
  func contradictions(_ take: (Int, Int) throws -> Void) throws {
    for part in parts(of: rows) {
      // The first row with a label, and the first with another one.
      var groups: [UInt64: (entry: Int, label: Int, contrary: Int?)] = [:]
      try each { entry, head in
        guard part.contains(head.content), let label = head.label else { return }
        guard let group = groups[head.content] else { return groups[head.content] = (entry, label, nil) }
        if group.contrary == nil, label != group.label { groups[head.content]?.contrary = entry }
      }
      groups = groups.filter { $0.value.contrary != nil }
      guard !groups.isEmpty else { continue }
      try each { entry, head in
        guard part.contains(head.content), let group = groups[head.content], let contrary = group.contrary else {
          return
        }
        try take(entry, head.label == group.label ? contrary : group.entry)
      }
    }
  }

  /// A part of all values other than 0.
  private struct Part {
    let number: UInt64
    let mask: UInt64

    func contains(_ value: UInt64) -> Bool { value != 0 && value & mask == number }
  }

  /// Parts of so many values that each holds those of about `rowsOfAPart` rows.
  private func parts(of rows: RowSpool) -> [Part] {
    var parts: UInt64 = 1
    while Int(parts) * rowsOfAPart < rows.count { parts *= 2 }
    return (0..<parts).map { Part(number: $0, mask: parts - 1) }
  }
}
