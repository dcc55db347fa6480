import Bytes
import Testing

@Suite struct JSONParserTests {
  @Test func readsEveryKindOfValue() throws {
    let text = #" {"a": [1, -2, 0.5, 1e3, -0, true, false, null], "b": {"c": "x\n\"\\\/é😀"}} "#
    #expect(
      try describe(text)
        == #"{a:[1,-2,real 0.5,real 1000.0,0,true,false,null],b:{c:"x\#n"\/é😀"}}"#)
  }

  /// Two spellings that look the same are two keys; the same spelling twice is an error.
  @Test func keysAreBytes() throws {
    let composed = "\u{E9}", decomposed = "e\u{301}"
    #expect(composed == decomposed)
    #expect(try describe(#"{"\#(composed)":1,"\#(decomposed)":2}"#).count > 5)
    #expect(throws: JSONError.duplicateKey("a", at: 7)) { try describe(#"{"a":1,"a":2}"#) }
    #expect(throws: JSONError.duplicateKey("a", at: 7)) { try describe(#"{"a":1,"\u0061":2}"#) }
  }

  static let bad = [
    "", " ", "{", "[", "[1", "[1,", "[1,]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{'a':1}", "1 2",
    "[1]x",
    "tru", "nul", "NaN", "Infinity", "-", "+1", ".5", "1.", "1e", "1e+", "01", "-01", "0x1", "1e999", "\"",
    "\"\\",
    "\"\\x\"", "\"\\u12\"", "\"\\u12G4\"", "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\\udc00\"",
    "\"\\ud800\\n\"",
    "\"\u{1}\"", "\"\n\"", "[1 2]", "// x\n1", "[\u{A0}1]",
  ]

  @Test(arguments: bad) func invalidJSONIsRejected(text: String) {
    #expect(throws: JSONError.self) { try describe(text) }
  }

  @Test func invalidUTF8IsRejected() {
    for bytes in [
      [0x22, 0xFF, 0x22], [0x22, 0xC3, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0xEF, 0xBB, 0xBF, 0x31], [0],
    ] {
      #expect(throws: JSONError.self) { try JSONParser.parse(bytes.map(UInt8.init)) }
    }
  }

  @Test func nestingIsBounded() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    #expect(try describe(nested(16)) == nested(16))
    #expect(throws: JSONError.tooDeep(limit: 16, at: 16)) { try describe(nested(17)) }
    #expect(throws: JSONError.self) { try describe(String(repeating: "{\"a\":", count: 1_000_000)) }
  }

  @Test func wholeNumbersBeyondAnIntegerAreReal() throws {
    #expect(try describe("9223372036854775807") == "9223372036854775807")
    #expect(try describe("9223372036854775808").hasPrefix("real"))
  }

  private func describe(_ text: String) throws -> String { describe(try JSONParser.parse(Array(text.utf8))) }

  private func describe(_ json: JSON) -> String {
    switch json {
    case .null: "null"
    case .bool(let bool): "\(bool)"
    case .integer(let integer): "\(integer)"
    case .real(let real): "real \(real)"
    case .string(let string): "\"\(string)\""
    case .array(let values): "[\(values.map(describe).joined(separator: ","))]"
    case .object(let members):
      "{\(members.map { "\($0.key):\(describe($0.value))" }.joined(separator: ","))}"
    }
  }
}
