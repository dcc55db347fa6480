import Queries
import Testing

@Suite struct QueryParameterTests {
  private func value(_ kind: QueryParameter.Kind, _ text: String) -> QueryValue? {
    QueryParameter(name: "p", kind: kind).value(of: text)
  }

  @Test func integersAreWholeAndFit() {
    #expect(value(.integer, "20") == .integer(20))
    #expect(value(.integer, "-9223372036854775808") == .integer(.min))
    for text in ["9223372036854775808", "1.0", "1e3", "", " 1", "0x10", "١"] {
      #expect(value(.integer, text) == nil, "\(text)")
    }
  }

  @Test func realsAreDecimalAndFinite() {
    #expect(value(.real, "0.5") == .real(0.5))
    #expect(value(.real, "-1e-3") == .real(-0.001))
    #expect(value(.real, "3") == .real(3))
    for text in ["nan", "NaN", "inf", "-infinity", "1e999", "0x1p3", "", "e", "1,5", "--1"] {
      #expect(value(.real, text) == nil, "\(text)")
    }
  }

  @Test func textIsKeptToTheByte() {
    #expect(value(.text, "") == .text(""))
    #expect(value(.text, "e\u{301}") == .text("e\u{301}"))
    #expect(value(.text, "e\u{301}") != .text("\u{E9}"))
    #expect(value(.run, "") == nil)
  }

  @Test func anyValueKeepsWhatANumberWouldLose() {
    #expect(value(.any, "42") == .integer(42))
    #expect(value(.any, "0.5") == .real(0.5))
    for text in ["007", "+1", "-0", "9223372036854775808", "1e5", "1.2.3", "", "nan", "1e999.0"] {
      #expect(value(.any, text) == .text(text), "\(text)")
    }
  }
}

@Suite struct QueryArgumentTests {
  let parameters = [
    QueryParameter(name: "run", kind: .run, defaultValue: .text("latest")),
    QueryParameter(name: "key", kind: .text),
    QueryParameter(name: "limit", kind: .integer, defaultValue: .integer(20)),
    QueryParameter(name: "code", kind: .text, defaultValue: .null),
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

  @Test(arguments: ["", "key", "=3"]) func rejectsInvalidAssignments(text: String) {
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

  @Test func repetitionsAndWrongKindsAreRejected() {
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
