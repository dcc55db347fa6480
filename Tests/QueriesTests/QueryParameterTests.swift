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
