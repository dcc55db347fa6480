import Queries
import Testing

@Suite struct QueryArgumentTests {
  let parameters = [
    QueryParameter(name: "run", kind: .run, fallback: .text("latest")),
    QueryParameter(name: "key", kind: .text),
    QueryParameter(name: "limit", kind: .integer, fallback: .integer(20)),
    QueryParameter(name: "code", kind: .text, fallback: .null),
  ]

  private func values(_ arguments: String...) throws -> [QueryValue] {
    let arguments = try arguments.map { text in try QueryArgument(parsing: text) }
    return try parameters.bindings(for: arguments, of: "post").map(\.value)
  }

  @Test func splitsAtTheFirstSign() throws {
    let argument = try QueryArgument(parsing: "key=a=b")
    #expect(argument.name == "key")
    #expect(argument.value == "a=b")
    #expect(try QueryArgument(parsing: "key=").value == "")
  }

  @Test(arguments: ["", "key", "=3"]) func refusesWhatIsNoAssignment(text: String) {
    #expect {
      try QueryArgument(parsing: text)
    } throws: { "\($0)".contains("name=value") }
  }

  @Test func fallsBackWhereNothingIsGiven() throws {
    #expect(try values("key=1") == [.text("latest"), .text("1"), .integer(20), .null])
    #expect(
      try values("limit=-1", "key=", "code=missing")
        == [.text("latest"), .text(""), .integer(-1), .text("missing")])
  }

  @Test func unknownNamesListTheParameters() {
    #expect {
      try values("key=1", "limt=3")
    } throws: { error in
      "\(error)"
        == "query post has no parameter \"limt\" (did you mean \"limit\"?); it takes "
        + "run (run, default latest), key (text, required), limit (integer, default 20), code (text, optional)"
    }
  }

  @Test func missingOnesAreNamed() {
    #expect { try values("limit=3") } throws: {
      "\($0)".hasPrefix("query post needs key=…; it takes run (run")
    }
  }

  @Test func repetitionsAndWrongKindsAreRefused() {
    #expect { try values("key=1", "key=1") } throws: { "\($0)".contains("given twice") }
    #expect { try values("key=1", "limit=9223372036854775808") } throws: {
      "\($0)".contains("64-bit integer")
    }
    #expect { try values("key=1", "limit=x\u{1B}") } throws: { "\($0)".contains("limit=x\\u001b is not") }
  }

  @Test func namesAreComparedByBytes() {
    let parameters = [QueryParameter(name: "\u{E9}", kind: .any)]
    #expect(throws: QueryArgumentError.self) {
      try parameters.bindings(for: [QueryArgument(name: "e\u{301}", value: "1")], of: "q")
    }
  }
}
