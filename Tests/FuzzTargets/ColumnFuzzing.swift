import Bytes
import Corpus
import Foundation

/// What is read from cells and of columns. The first byte chooses which, the rest is the input.
///
/// - 0: a line with a format of dates, or an empty one, and a date. The time of a date that is read must be read as itself.
/// - 1: a preset's file. An accepted one, written again, must be accepted as itself.
/// - 2: a line with an expression for the text, and a CSV file, whose rows must be the same however many bytes are read at
///   a time.
/// - 3: a text, whose group of reposts must not depend on blanks around it.
enum ColumnFuzzing {
  static func read(_ bytes: [UInt8]) throws(BrokenPromise) -> Bool {
    guard let choice = bytes.first else { return false }
    let rest = bytes.dropFirst()
    return switch choice & 3 {
    case 0: try readDate(rest)
    case 1: try readPreset(Array(rest))
    case 2: try readExpression(rest)
    default: try readRepost(String(decoding: rest, as: UTF8.self))
    }
  }

  /// The first line, and what follows it.
  private static func parts(_ bytes: ArraySlice<UInt8>) -> (String, ArraySlice<UInt8>) {
    let end = bytes.firstIndex(of: 0x0A) ?? bytes.endIndex
    return (String(decoding: bytes[..<end], as: UTF8.self), bytes[end...].dropFirst())
  }

  private static func readDate(_ bytes: ArraySlice<UInt8>) throws(BrokenPromise) -> Bool {
    let (pattern, rest) = parts(bytes), text = String(decoding: rest, as: UTF8.self)
    var formats: [DateFormat] = []
    if !pattern.isEmpty {
      guard try BrokenPromise.accepts({ formats = [try DateFormat(parsing: pattern)] }) else { return false }
    }
    guard let time = DateParser(formats: formats).read(text).text else { return false }
    try BrokenPromise.unless(DateParser.iso8601(time) == time, "\(time) is not read as itself")
    try BrokenPromise.unless(DateParser(formats: formats).read("  \(text) ").text == time, "blanks change \(time)")
    return true
  }

  private static func readPreset(_ bytes: [UInt8]) throws(BrokenPromise) -> Bool {
    try BrokenPromise.accepts {
      let preset = try Preset(json: bytes, file: "preset.json")
      let members = preset.settings.map { "\(JSONWriter.quoted($0.key.rawValue)):\(JSONWriter.quoted($0.value))" }
      let written = "{" + members.joined(separator: ",") + "}"
      let again = try? Preset(json: Array(written.utf8), file: "preset.json")
      try BrokenPromise.unless(again?.settings == preset.settings, "\(written) is another preset")
      let words = "\(PresetUse(preset, replaced: []))"
      try BrokenPromise.unless(words.utf8.count > "read by the preset preset.json".utf8.count, "no words")
    }
  }

  private static func readExpression(_ bytes: ArraySlice<UInt8>) throws(BrokenPromise) -> Bool {
    let (expression, rest) = parts(bytes)
    let path = try CorpusFuzzing.write(rest, "csv")
    defer { unlink(path) }
    let columns = ColumnMap(text: expression, image: expression.utf8.count.isMultiple(of: 2) ? expression : nil)
    return try CorpusFuzzing.rows(path, CorpusOptions(columns: columns)) != nil
  }

  private static func readRepost(_ text: String) throws(BrokenPromise) -> Bool {
    func group(_ text: String) -> RepostGroup {
      RepostGroup(text: text, pictureHash: nil, key: "key", contentHash: "00")
    }
    let found = group(text)
    try BrokenPromise.unless(found.id.utf8.count == 32, "the group \(found.id)")
    try BrokenPromise.unless(group(" \(text) ").id == found.id, "blanks around the text make another group")
    return !found.isSingle
  }
}
