import Bytes
import Foundation
import Testing

@Suite struct JSONWriterTests {
  private static let value = JSON.members([
    ("name", .string("a/\"b\"\\\n\t\u{1} é 🙃")), ("absent", nil),
    ("list", .array([.integer(1), .real(1), .real(0.1), .real(1e-5), .real(-2.5e300), .bool(true)])),
    ("Upper", .object([])), ("empty", .array([])),
    ("inner", .members([("b_2", .real(3)), ("b10", .members([("z", .integer(-7))])), ("a", .array([.object([])]))])),
  ])

  @Test func membersAndNumbersStayUnchanged() {
    let value = JSON.members([("b", .real(1)), ("a", .array([.integer(2), .null])), ("c", .object([]))])
    #expect(value.text() == #"{"b":1.0,"a":[2,null],"c":{}}"#)
    #expect(value.text(.spaced) == #"{"b": 1.0, "a": [2, null], "c": {}}"#)
    #expect(value.text(.canonical) == #"{"a":[2,null],"b":1,"c":{}}"#)
  }

  /// Files written by Foundation are compared with the output of this writer.
  @Test func canonicalTextEqualsFoundations() throws {
    struct Value: Encodable {
      struct Inner: Encodable { var b_2 = 3.0, b10 = ["z": -7], a = [[String: Int]()] }
      struct Number: Encodable {
        var value: Double?
        func encode(to encoder: any Encoder) throws {
          var container = encoder.singleValueContainer()
          if let value { try container.encode(value) } else { try container.encode(true) }
        }
      }
      var name = "a/\"b\"\\\n\t\u{1} é 🙃", list = [1, 1, 0.1, 1e-5, -2.5e300, nil].map(Number.init(value:))
      var Upper = [String: Int](), empty = [Int](), inner = Inner()
    }
    for (style, options) in [(JSONWriter.Style.canonical, JSONEncoder.OutputFormatting()), (.indented, .prettyPrinted)]
    {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, options]
      #expect(Self.value.text(style) == String(decoding: try encoder.encode(Value()), as: UTF8.self))
    }
  }

  @Test(arguments: [JSONWriter.Style.dense, .spaced, .canonical, .indented])
  func whatIsWrittenIsReadAsTheSame(style: JSONWriter.Style) throws {
    let read = try JSONParser.parse(Array(Self.value.text(style).utf8))
    #expect(read.text(.canonical) == Self.value.text(.canonical))
    #expect(read["name"]?.asString == "a/\"b\"\\\n\t\u{1} é 🙃" && read["inner"]?["b10"]?["z"]?.asInteger == -7)
    #expect(read["list"]?.asList?.compactMap(\.asNumber) == [1, 1, 0.1, 1e-5, -2.5e300])
    #expect(read["absent"] == nil && read["list"]?.asList?.last?.asBool == true)
  }

  @Test func aNumberThatIsNotFiniteIsNull() throws {
    let value = JSON.members([("a", .array([.members([("b", .real(.nan))])]))])
    #expect(value.text() == #"{"a":[{"b":null}]}"#)
    #expect(throws: JSONError.notFinite) { try value.finiteText(.canonical) }
    #expect(try Self.value.finiteText(.canonical) == Self.value.text(.canonical))
  }

  @Test func aFloatHasItsOwnDigits() {
    #expect(JSON.array([.float(0.1), .float(1e-7), .float(16_777_216)]).text() == "[0.1,1e-07,16777216.0]")
    var json = JSONWriter()
    json.number(UInt64.max)
    #expect(json.text == "18446744073709551615")
  }

  @Test func keysAreRenamedAtAnyDepth() {
    let value = JSON.members([("a", .array([.members([("b", .string("c"))])]))])
    #expect(value.withKeys { $0.uppercased() }.text() == #"{"A":[{"B":"c"}]}"#)
  }
}
