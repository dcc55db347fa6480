import Bytes
import CorpusCheck
import Corpus
import Testing

/// Columns are looked up once per file, not once per row, and without comparing all pairs.
@Suite struct ExtraCellsTests {
  private func columns(_ count: Int) -> [CorpusColumn] {
    (0..<count).map { CorpusColumn(name: "c\($0)", role: nil) }
  }

  @Test func eightTimesTheColumnsTakeEightTimesTheLookups() {
    func lookups(_ count: Int) -> Int {
      let own = columns(count)
      var cells = ExtraCells([own, own.reversed()])
      for row in 0..<40 { cells.begin(file: row / 20) }
      return cells.lookups
    }
    #expect(lookups(8000) == 8 * lookups(1000) && lookups(1000) <= 4000)
  }

  @Test func cellsAreFoundInAnyOrderOfColumns() {
    var cells = ExtraCells([columns(3), [CorpusColumn(name: "c2", role: nil), CorpusColumn(name: "c0", role: .date)]])
    func post(_ fields: [(String, String)]) -> Post {
      Post(
        position: RowPosition(file: "f", record: 1, line: 2), key: "k", text: "t",
        extra: fields.map { ExtraField(name: ByteText($0.0), value: $0.1) })
    }
    #expect(cells.names == ["c0", "c1", "c2"])
    cells.begin(file: 0)
    let first = post([("c0", "a"), ("c1", "b"), ("c2", "c")])
    #expect((0..<3).map { cells.cell($0, of: first) } == ["a", "b", "c"])
    cells.begin(file: 1)
    let second = post([("c2", "d"), ("c0", "e")])
    #expect((0..<3).map { cells.cell($0, of: second) } == ["e", nil, "d"])
  }

  /// A record of JSON may lack members and have others that its file's first records lack.
  @Test func cellsAreFoundInPostsThatLackSome() {
    var cells = ExtraCells([columns(4)])
    cells.begin(file: 0)
    for (fields, found) in [
      ([("c0", "a"), ("c3", "d")], ["a", "", "", "d"]), ([], ["", "", "", ""]),
      ([("c1", "b"), ("c2", "c"), ("x", "y"), ("z", "w")], ["", "b", "c", ""]),
      ([("c0", "a"), ("c1", "b"), ("c2", "c"), ("c3", "d")], ["a", "b", "c", "d"]),
      ([("c0", "a"), ("c1", "b"), ("c2", "c"), ("c3", "d"), ("x", "y")], ["a", "b", "c", "d"]),
    ] {
      let post = Post(
        position: RowPosition(file: "f", record: 1, line: 2), key: "k", text: "t",
        extra: fields.map { ExtraField(name: ByteText($0.0), value: $0.1) })
      cells.begin(post)
      #expect((0..<4).map { cells.cell($0, of: post) } == found)
    }
  }
}
