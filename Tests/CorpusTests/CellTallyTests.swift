import Bytes
import Corpus
import TestSupport
import Testing

@Suite struct CellTallyTests {
  /// The tally of a corpus' posts, and what each post's cells were.
  private static func tally(_ csv: String, _ columns: [ColumnDeclaration]) throws -> (CellTally, [String]) {
    let scratch = try Scratch()
    var reader = try CorpusReader(
      paths: [scratch.write("posts.csv", csv)], options: CorpusOptions(columns: ColumnMap(date: "when")))
    var tally = CellTally(reader.dates, namesDates: reader.namesDates, columns: columns), cells: [String] = []
    while let row = try reader.next() {
      guard case .post(let post) = row else { continue }
      let read = tally.read(post)
      cells.append(
        ([read.time ?? "-"] + read.unread.map { "\($0.column?.text ?? "date")=\($0.text)" }).joined(separator: " "))
    }
    return (tally, cells)
  }

  @Test func cellsWithoutTheirTypeAreCountedAndQuoted() throws {
    let (tally, cells) = try Self.tally(
      "text,when,likes,share,at\na,2018-10-10,12,0.5,2018-10-10\nb,soon,3.5,12%,soon\nc,,inf,\"0,5\",\n"
        + "d,nan,n/a,inf,10/11/2018\ne,soon,1 234,-,1539202764\n",
      [
        ColumnDeclaration(name: "likes", type: .integer), ColumnDeclaration(name: "share", type: .real),
        ColumnDeclaration(name: "at", type: .time),
      ])
    #expect(
      cells == [
        "2018-10-10T00:00:00Z", "- date=soon likes=3.5 share=12% at=soon", "- likes=inf share=0,5",
        "- share=inf at=10/11/2018", "- date=soon likes=1 234",
      ], "\(cells)")
    #expect(tally.unreadDates?.rows == 2)
    #expect(tally.unreadColumns.map(\.rows) == [3, 3, 2])
    #expect(
      tally.notices == [
        "rows without a date: 4 of 5: 2 with an empty cell, 2 with a date that cannot be read, such as \"soon\" "
          + "(posts.csv:3); --date-format says how such dates are written, such as '%d/%m/%Y %H:%M'",
        "column likes: 3 of 4 values are no whole numbers, such as \"3.5\" (posts.csv:3), \"inf\" (posts.csv:4), "
          + "\"1 234\" (posts.csv:6): queries have no value for them",
        "column share: 3 of 4 values are no numbers, such as \"12%\" (posts.csv:3), \"0,5\" (posts.csv:4), \"inf\" "
          + "(posts.csv:5): queries have no value for them; 1 has a decimal comma: write them with a point in the corpus",
        "column at: 2 of 4 values are no times with one meaning, such as \"soon\" (posts.csv:3), \"10/11/2018\" "
          + "(posts.csv:5): queries have no value for them",
      ], "\(tally.notices)")
  }

  @Test func nothingIsSaidOfCellsThatHaveTheirType() throws {
    let (tally, _) = try Self.tally("text,when,likes\na,2018-10-10,12\n", [])
    #expect(tally.notices.isEmpty && tally.unreadDates == nil && tally.unreadColumns.isEmpty)
  }
}
