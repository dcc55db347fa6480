internal import Bytes
internal import Corpus
internal import Files

/// What the list of findings needs of a row.
struct SpooledRow {
  /// The part that is read in a scan; hashes and entries are 0 if there is none.
  struct Head: Equatable {
    var file = 0
    var line = 0
    /// The label's number; nil if it has none.
    var label: Int?
    var id: UInt64 = 0
    var content: UInt64 = 0
    var text: UInt64 = 0
    var picture: UInt64 = 0
    /// The entry of the earlier row to whose text this row's is close.
    var closeText = 0
    /// The entry of the earlier row whose picture looks like this row's.
    var lookalike = 0
    /// The same in the other corpus.
    var lookalikeThere = 0
    /// The group of its reposts.
    var reposts: UInt64 = 0
    /// The bits of the kinds of damage to its text.
    var damages: UInt8 = 0
    var signs = PostSigns()
    fileprivate var keyBytes: Int? = 0
    var faultBytes = 0, dateBytes = 0, valueBytes = 0
  }

  var head: Head
  /// Nil if it could not be read.
  var key: String?
  /// Why the row would be a fault in scoring; empty if it would not.
  var fault: String
  /// The post's date that cannot be read; empty if it can.
  var date = ""
  /// The cells of declared columns that do not have their type.
  var values = ""
}

/// The rows of a corpus on the disk, in order: about 120 bytes for each and its key. An *entry* is the offset of a row.
final class RowSpool {
  private static let words = 14, headBytes = words * 8, piece = 1 << 20
  private let file: ScratchFile
  /// The number of rows.
  private(set) var count = 0

  init(near path: String) throws(FileError) {
    file = try ScratchFile(near: path)
    // No entry is 0.
    try file.append { $0 += [UInt8](repeating: 0, count: 8) }
  }

  /// The entry that the next row gets.
  var nextEntry: Int { file.size }

  func append(_ row: SpooledRow) throws(FileError) {
    let head = row.head, key = row.key.map { Array($0.utf8) }, texts = [row.fault, row.date, row.values].map(\.utf8)
    let size = texts.reduce(Self.headBytes + (key?.count ?? 0)) { $0 + $1.count }
    let words: [UInt64] = [
      UInt64(head.file) << 32 | UInt64(UInt32(bitPattern: Int32(head.label ?? -1))), UInt64(head.line),
      UInt64(key?.count ?? 0xFFFF_FFFF) << 32 | UInt64(texts[0].count),
      head.id, head.content, head.text, head.picture, UInt64(head.closeText), UInt64(head.lookalike),
      UInt64(head.lookalikeThere), head.reposts, UInt64(texts[1].count) << 32 | UInt64(texts[2].count),
      UInt64(head.damages) << 8 | UInt64(head.signs.rawValue), UInt64(size),
    ]
    try file.append { bytes in
      words.withUnsafeBytes { bytes += $0 }
      bytes += key ?? []
      texts.forEach { bytes += $0 }
    }
    count += 1
  }

  /// The row of an entry.
  func row(_ entry: Int) throws(FileError) -> SpooledRow {
    let (head, size) = Self.head(try file.bytes(at: entry, Self.headBytes), 0)
    var rest = try file.bytes(at: entry + Self.headBytes, size - Self.headBytes)[...]
    func text(_ count: Int) -> String {
      defer { rest = rest.dropFirst(count) }
      return String(decoding: rest.prefix(count), as: UTF8.self)
    }
    let key = head.keyBytes.map(text)
    return SpooledRow(
      head: head, key: key, fault: text(head.faultBytes), date: text(head.dateBytes), values: text(head.valueBytes))
  }

  /// Passes on each row's entry and head, in order. O(bytes), in memory that does not grow.
  func each(_ body: (_ entry: Int, _ head: SpooledRow.Head) throws -> Void) throws {
    var entry = 8, window: [UInt8] = [], start = 8
    let end = file.size
    while entry < end {
      if entry + Self.headBytes > start + window.count {
        window = try file.bytes(at: entry, Self.piece)
        start = entry
      }
      let (head, size) = Self.head(window, entry - start)
      try body(entry, head)
      entry += size
    }
  }

  private static func head(_ bytes: [UInt8], _ offset: Int) -> (SpooledRow.Head, size: Int) {
    bytes.withUnsafeBytes { bytes in
      func word(_ number: Int) -> UInt64 { bytes.loadUnaligned(fromByteOffset: offset + 8 * number, as: UInt64.self) }
      let label = Int32(bitPattern: UInt32(truncatingIfNeeded: word(0))), key = word(2) >> 32
      let head = SpooledRow.Head(
        file: Int(word(0) >> 32), line: Int(word(1)), label: label < 0 ? nil : Int(label), id: word(3),
        content: word(4),
        text: word(5), picture: word(6), closeText: Int(word(7)), lookalike: Int(word(8)), lookalikeThere: Int(word(9)),
        reposts: word(10), damages: UInt8(truncatingIfNeeded: word(12) >> 8),
        signs: PostSigns(rawValue: UInt8(truncatingIfNeeded: word(12))),
        keyBytes: key == 0xFFFF_FFFF ? nil : Int(key), faultBytes: Int(word(2) & 0xFFFF_FFFF),
        dateBytes: Int(word(11) >> 32), valueBytes: Int(word(11) & 0xFFFF_FFFF))
      return (head, Int(word(13)))
    }
  }
}

extension SpooledRow {
  /// The row of a post or a fault, without what it is like.
  init(_ facts: RowFacts, hasIDs: Bool, label: Int?, place: RowLocation, fault: RowFault? = nil) {
    head = Head(file: place.file, line: place.line, label: label)
    key = facts.row.key?.text
    self.fault = fault.map(Self.words) ?? ""
    head.faultBytes = self.fault.utf8.count
    guard let post = facts.post else { return }
    if hasIDs { head.id = max(post.key, 1) }
    head.content = max(post.content, 1)
    head.text = post.text.folded.map { max($0, 1) } ?? 0
    head.picture = facts.picture.map { max($0.number, 1) } ?? 0
  }

  /// Notes the cells that cannot be read.
  mutating func note(_ cells: [CellTally.UnreadCell]) {
    date = cells.first { $0.column == nil }?.text.printable(upTo: 100) ?? ""
    values = cells.compactMap { cell in
      cell.column.map { "\($0.text.spelled): \"\(cell.text.printable(upTo: 100))\"" }
    }.joined(separator: "; ")
    (head.dateBytes, head.valueBytes) = (date.utf8.count, values.utf8.count)
  }

  /// A fault as in the report, without its place.
  private static func words(_ fault: RowFault) -> String {
    let path = fault.path.map { ": \($0.spelled)" } ?? ""
    return "\(fault.stage.rawValue): \(fault.code.rawValue)\(path)\(fault.detail.isEmpty ? "" : " — \(fault.detail)")"
  }
}
