import Bytes
import Queries
import Store

/// The corpus' rows as far as they are in the store, in their order.
///
/// Columns with a role have their default names, so that the export can be scored itself; if another column of the
/// corpus has such a name, it gets the prefix `clfa_`. Faulted rows have their position, key and fault; rows that
/// repeat a post have that post's cells.
struct StoredRowSource {
  let columns: ExportColumns
  private let source: ExportSource
  private let extra: [ByteText: Int]
  /// The positions of the columns with a role; `nil` if the run has no values for it.
  private let id, text, knowledge, image, label: Int?

  private static let maximumColumns = 10_000

  init(_ source: ExportSource) throws {
    self.source = source
    let names = try source.extraNames(limit: Self.maximumColumns)
    guard names.count <= Self.maximumColumns else { throw ExportError.tooManyColumns(limit: Self.maximumColumns) }
    let used = try source.usedColumns()
    let taken = Set(names)
    var own: [ByteText] = []
    func place(_ name: ByteText, if isUsed: Bool) -> Int? {
      guard isUsed else { return nil }
      var free = name
      while taken.contains(free) { free = "clfa_\(free)" }
      own.append(free)
      return own.count - 1
    }
    id = place("id", if: true)
    text = place("text", if: true)
    image = place("image", if: used.image)
    knowledge = place("knowledge", if: used.knowledge)
    label = place("label", if: used.label)
    let start = own.count
    extra = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, start + $0) })
    columns = ExportColumns(own: own + names, of: source.run)
  }

  /// Passes on every row with a value for each column.
  func forEach(_ body: (ExportRow, [QueryValue]) throws -> Void) throws {
    for file in source.run.files {
      var next = try source.firstRow(of: file)
      while let row = next {
        try body(row, cells(of: row) + columns.values(row, source))
        next = try source.nextRow()
      }
    }
  }

  private func cells(of row: ExportRow) throws -> [QueryValue] {
    var cells = [QueryValue](repeating: .text(""), count: columns.own.count)
    func put(_ value: String?, _ place: Int?) {
      if let place, let value { cells[place] = .text(value) }
    }
    put(row.key?.text, id)
    guard let post = row.post else { return cells }
    put(post.text, text)
    put(post.image, image)
    put(post.knowledge, knowledge)
    put(post.label, label)
    for (name, value) in try source.members(of: post.extra) {
      if let place = extra[name] { cells[place] = value }
    }
    return cells
  }
}

/// The columns of an export: the corpus' own, followed by the run's results.
struct ExportColumns {
  /// The corpus' own columns.
  let own: [ByteText]
  /// All columns' names, each once.
  let names: [ByteText]
  private let labels: [ByteText]
  /// The calibration in words; nil for the model's own answers, which have no such column.
  private let calibration: String?

  /// Puts what a run says behind the corpus' own columns; a name that one of those has gets `_2`, `_3` and so on.
  init(own: [ByteText], of run: RunExport) {
    (self.own, labels, calibration) = (own, run.labels, run.calibration?.rule)
    var taken = Set(own)
    let said: [ByteText] =
      ["clfa_state", "clfa_label", "clfa_confidence"] + labels.map { "clfa_p_\($0)" }
      + ["clfa_similarity", "clfa_fault"] + (calibration == nil ? [] : ["clfa_calibration"])
    names =
      own
      + said.map { name in
        var free = name, number = 2
        while !taken.insert(free).inserted {
          free = "\(name)_\(number)"
          number += 1
        }
        return free
      }
  }

  /// A run's values for a row, in the order of the columns that follow the corpus' own.
  func values(_ row: ExportRow, _ source: ExportSource) throws -> [QueryValue] {
    var values: [QueryValue] = [.text(row.state)]
    if let answer = row.answer {
      var shares = [QueryValue](repeating: .null, count: labels.count)
      for (place, member) in try source.members(of: answer.probabilities).enumerated() {
        // They usually are in the model's order.
        let own = place < labels.count && labels[place] == member.name ? place : labels.firstIndex(of: member.name)
        if let own { shares[own] = member.value }
      }
      values += [.text(answer.label), answer.confidence] + shares + [answer.similarity]
    } else {
      values += [QueryValue](repeating: .null, count: labels.count + 3)
    }
    values.append(row.fault.map { .text($0) } ?? .null)
    if let calibration { values.append(row.answer == nil ? .null : .text(calibration)) }
    return values
  }
}
