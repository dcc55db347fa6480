import Bytes
import Foundation

/// JSON: accepted input must be JSON to another parser as well, and must survive writing and reading again.
enum JSONFuzzing {
  static func read(_ bytes: [UInt8]) throws(BrokenPromise) -> Bool {
    try BrokenPromise.accepts {
      let text = written(try JSONParser.parse(bytes))
      try BrokenPromise.unless(
        (try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)) != nil,
        "Foundation does not read it")
      let again = (try? JSONParser.parse(Array(text.utf8))).map(written)
      try BrokenPromise.unless(again?.utf8.elementsEqual(text.utf8) == true, "written \(text), then \(again ?? "-")")
    }
  }

  private static func written(_ value: JSON) -> String {
    var writer = JSONWriter()
    append(value, to: &writer)
    return writer.text
  }

  private static func append(_ value: JSON, to writer: inout JSONWriter) {
    switch value {
    case .null: writer.optional(nil as Int?)
    case .bool(let value): writer.bool(value)
    case .integer(let value): writer.number(value)
    case .real(let value): writer.number(value)
    case .string(let value): writer.string(value)
    case .array(let values): writer.array(values) { append($1, to: &$0) }
    case .object(let members):
      writer.object(members, key: { $0.key }, value: { append($1.value, to: &$0) })
    }
  }
}
