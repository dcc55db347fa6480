/// What became of every row: a table by file whose sums add up, and one bar.
enum LedgerBlock {
  private struct State {
    var name: String
    var path: KeyPath<Ledger.File, Int>
    var colour: Colour
    /// Whether the column stands even where it is 0 throughout.
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
    func row(_ file: Ledger.File, isSum: Bool = false) -> Table.Row {
      Table.Row(
        cells: [file.name] + ([file.read] + shown.map { file[keyPath: $0.path] }).map(Format.count),
        isBold: isSum,
        hasRule: isSum)
    }
    var rows = ledger.files.map { row($0) }
    if ledger.files.count != 1 { rows.append(row(total, isSum: true)) }
    let bar = StackedBar(
      parts: shown.map { StackedBar.Part(name: $0.name, count: total[keyPath: $0.path], colour: $0.colour) })
    var pieces = [context.heading("What became of every row")]
    pieces.append(
      .paragraph(
        sum(ledger, shown), .body, context.typesetter, width: context.width, lines: 3, gap: 2, staysWithNext: true))
    pieces += Table(columns: columns, rows: rows).pieces(context.typesetter, width: context.width)
    if total.accounted > 0 { pieces.append(bar.piece(context.typesetter, width: context.width)) }
    return pieces
  }

  private static func sum(_ ledger: Ledger, _ shown: [State]) -> String {
    let total = ledger.total
    let terms = shown.map { "\(Format.count(total[keyPath: $0.path])) \($0.name)" }.joined(separator: " + ")
    if ledger.addsUp { return "\(terms) = \(Format.count(total.read)) read: every row is accounted for." }
    return
      "\(terms) = \(Format.count(total.accounted)), but \(Format.count(total.read)) were read: the sums do not "
      + "add up. clfa runs STORE says where."
  }
}
