import Queries
import Testing

@Suite struct SQLTokensTests {
  private func pieces(_ sql: String) -> [String] {
    let bytes = Array(sql.utf8)
    return SQLTokens.of(bytes).filter { $0.kind != .blank }
      .map { "\($0.kind) \(String(decoding: bytes[$0.range], as: UTF8.self))\($0.isClosed ? "" : " open")" }
  }

  @Test(arguments: [
    (
      "a = 'it''s' -- x)\n(b)",
      ["word a", "symbol =", "text 'it''s'", "comment -- x)", "symbol (", "word b", "symbol )"]
    ),
    ("\"a\"\"b\" [c)] `d`", ["quotedName \"a\"\"b\"", "quotedName [c)]", "quotedName `d`"]),
    (
      ":run+@a+$b+?+?1",
      [
        "parameter :run", "symbol +", "parameter @a", "symbol +", "parameter $b", "symbol +", "parameter ?", "symbol +",
        "parameter ?1",
      ]
    ),
    ("1/*;*/2", ["word 1", "comment /*;*/", "word 2"]), ("/* x", ["comment /* x open"]), ("'x", ["text 'x open"]),
    ("x'00'", ["word x", "text '00'"]), ("[x", ["quotedName [x open"]),
    ("é = ':é'", ["word é", "symbol =", "text ':é'"]),
    ("a:", ["word a", "symbol :"]), ("", []),
  ])
  func cutsAsSQLiteDoes(sql: String, expected: [String]) {
    #expect(pieces(sql) == expected)
  }

  @Test func thePiecesJoinToTheWhole() throws {
    for query in try NamedQuery.all {
      let bytes = Array(query.sql.utf8)
      let tokens = SQLTokens.of(bytes)
      #expect(tokens.flatMap { bytes[$0.range] } == bytes)
      #expect(tokens.filter { !$0.isClosed } == [])
    }
  }
}
