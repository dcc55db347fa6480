import Store
import Testing

@Suite struct PostConditionTests {
  @Test(arguments: [
    "label = 'ironic'", "(confidence > 0.5) AND key <> ')'", "text LIKE '%;--/*%'", "\"label\" = ')'",
    "extra ->> 'likes' > 5", "key IN ('a', 'b')", "1", "[label] = 1", "text = 'it''s'",
  ])
  func anExpressionIsTaken(sql: String) throws {
    #expect(try PostCondition(sql).sql == sql)
  }

  @Test(arguments: [
    ("", ConditionProblem.empty), (" \n\t", .empty), ("1) UNION SELECT (1", .unpaired), ("1)", .unpaired),
    ("(1", .unpaired), ("1) OR (1", .unpaired), ("1; DROP TABLE post", .semicolon), ("1;", .semicolon),
    ("1 -- x", .comment), ("1 /* x */", .comment), ("1 /*", .comment), ("'a", .open(quote: "'")),
    ("\"a", .open(quote: "\"")), ("[a", .open(quote: "[")), ("label = :x", .parameter(":x")),
    ("key = ?1", .parameter("?1")),
    ("a\u{0}b", .nul), ("clfa_take(1)", .reserved("clfa_take")), ("\"CLFA_take\"(1)", .reserved("\"CLFA_take\"")),
  ])
  func whatIsNoExpressionIsNamed(sql: String, problem: ConditionProblem) {
    #expect(throws: problem) { try PostCondition(sql) }
  }
}
