import Bytes
import Results

/// The states of all rows: a table by file, and a bar.
enum LedgerBlock {
  private struct State {
    var name: String
    var path: KeyPath<LedgerCounts.File, Int>
    var colour: Colour
    /// Whether the column is shown even if all its counts are 0.
    var isAlwaysShown: Bool
  }

  private static var states: [State] {
    [
      State(name: "scored", path: \.scored, colour: Palette.accent, isAlwaysShown: true),
      State(
        name: "without picture", path: \.withoutPicture, colour: Palette.accentLight, isAlwaysShown: true),
      State(name: "duplicate", path: \.duplicate, colour: Palette.quiet, isAlwaysShown: true),
      State(name: "faulted", path: \.faulted, colour: Palette.opposite, isAlwaysShown: true),
      State(name: "forgotten", path: \.forgotten, colour: Palette.muted, isAlwaysShown: false),
      State(name: "other shards", path: \.otherShards, colour: Palette.hairline, isAlwaysShown: false),
      State(name: "not sampled", path: \.notSampled, colour: Palette.hairline, isAlwaysShown: false),
    ]
  }

  static func pieces(_ context: BlockContext) -> [Piece] {
    let ledger = context.data.ledger
    let total = ledger.total
    let shown = states.filter { $0.isAlwaysShown || total[keyPath: $0.path] > 0 }
    let columns =
      [Table.Column(name: "file", alignment: .left, share: 1), Table.Column(name: "read", width: 56)]
      + shown.map { Table.Column(name: $0.name, width: 60) }
    func row(_ file: LedgerCounts.File, isSum: Bool = false) -> Table.Row {
      Table.Row(
        cells: [file.name] + ([file.read] + shown.map { file[keyPath: $0.path] }).map(Format.count),
        isBold: isSum,
        hasRule: isSum)
    }
    var rows = ledger.files.map { row($0) }
    if ledger.files.count != 1 { rows.append(row(total, isSum: true)) }
    let bar = StackedBar(
      parts: shown.map { StackedBar.Part(name: $0.name, count: total[keyPath: $0.path], colour: $0.colour) })
    var pieces = [context.heading("States of all rows")]
    pieces.append(
      .paragraph(
        sum(ledger, shown), .body, context.typesetter, width: context.width, lines: 3, gap: 2, staysWithNext: true))
    pieces += Table(columns: columns, rows: rows).pieces(context.typesetter, width: context.width)
    if total.accounted > 0 { pieces.append(bar.piece(context.typesetter, width: context.width)) }
    return pieces
  }

  private static func sum(_ ledger: LedgerCounts, _ shown: [State]) -> String {
    let total = ledger.total
    let terms = shown.map { "\(Format.count(total[keyPath: $0.path])) \($0.name)" }.joined(separator: " + ")
    if ledger.addsUp { return "\(terms) = \(Format.count(total.read)) read: every row is accounted for." }
    return
      "\(terms) = \(Format.count(total.accounted)), but \(Format.count(total.read)) were read: the sums do not "
      + "add up. clfa runs STORE shows where."
  }
}

/// The rows that could not be scored: for each code the count, the first few rows, and the query for the rest.
enum FaultsBlock {
  static func pieces(_ context: BlockContext) -> [Piece] {
    let faults = context.data.faults
    guard faults.total > 0 else { return [] }
    let read = context.data.ledger.total.read
    let codes = faults.groups.count == 1 && faults.others == 0 ? "one code" : "by code"
    var pieces = [
      context.heading("Rows that could not be scored, \(codes)"),
      context.note(
        "\(Format.count(faults.total)) faults in \(Format.count(read)) rows read "
          + "(\(Format.share(faults.total, of: read))). A fault affects only its own row.", gap: 0),
    ]
    for group in faults.groups { pieces += self.pieces(of: group, context) }
    if faults.others > 0 {
      pieces.append(context.note("and \(Format.count(faults.others)) faults with other codes"))
    }
    return pieces
  }

  private static func pieces(of group: RunFaultSummary.Group, _ context: BlockContext) -> [Piece] {
    let code = context.typesetter.shape(group.code, .small.bold(), width: context.width - 90)
    let count = context.typesetter.shape(
      "\(Format.count(group.count)) \(group.count == 1 ? "row" : "rows")", .small, width: 86,
      alignment: .right)
    var pieces = [
      Piece(height: 14, gap: 5, staysWithNext: true) { canvas, rect in
        canvas.line(Point(x: rect.x, y: rect.y), Point(x: rect.maxX, y: rect.y), Palette.hairline, width: 0.4)
        canvas.clipped(to: rect) {
          canvas.draw(code, x: rect.x, baseline: rect.y + 11)
          canvas.draw(count, x: rect.maxX - 86, baseline: rect.y + 11)
        }
      }
    ]
    for example in group.examples { pieces.append(line(words(example, context.redaction), .tiny, context)) }
    if group.count > group.examples.count {
      let rest = group.count - group.examples.count
      var query = "clfa query STORE faults \(word("code", group.code))"
      if !context.data.run.isLatest { query += " " + word("run", context.data.run.name.text) }
      pieces.append(line("and \(Format.count(rest)) more: \(query)", .code.size(6.5), context))
    }
    for index in pieces.indices.dropLast() { pieces[index].staysWithNext = true }
    return pieces
  }

  /// A parameter quoted for the shell, without control characters and shortened.
  private static func word(_ name: String, _ value: String) -> String {
    Shell.word("\(name)=\(DisplayText.line(value, limit: 120))")
  }

  private static func words(_ example: RunFaultSummary.Example, _ redaction: Redaction) -> String {
    let key = example.key.map { " (key \(DisplayText.line(redaction.key($0), limit: 60)))" } ?? ""
    // A picture is often named after its post, so the path may reveal the key.
    let path = example.path.map { "\(DisplayText.line(redaction.contains(.keys) ? "[path]" : $0, limit: 120)): " } ?? ""
    let hidden = redaction.contains(.keys) ? [example.path, example.key].compactMap(\.self) : []
    let detail = hidden.reduce(example.detail) { redaction.hiding($0, key: $1) }
    return "\(DisplayText.line(example.file, limit: 80)):\(example.line)\(key) \(example.stage): \(path)\(detail)"
  }

  private static func line(_ text: String, _ style: TextStyle, _ context: BlockContext) -> Piece {
    let shaped = context.typesetter.shape(text.isolatingNames, style, width: context.width - 10, lines: 2)
    let height = (shaped?.lines ?? 1) > 1 ? 20.0 : 10.5
    return Piece(height: height) { canvas, rect in
      canvas.clipped(to: rect) { canvas.draw(shaped, x: rect.x + 10, baseline: rect.y + 8) }
    }
  }
}
