import Bytes
import Corpus
import Evaluation
import TestSupport
import Testing

/// Random records: those that are well formed against what they were made from, damaged ones against the reader of whole
/// JSON documents, which knows nothing of columns.
@Suite struct JSONRecordPropertyTests {
  @Test(arguments: 0..<8 as Range<UInt64>) func recordsBecomeWhatTheyWereMadeFrom(seed: UInt64) throws {
    let scratch = try Scratch()
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<60 {
      let records = (0..<Int.random(in: 1...8, using: &generator)).map { number in
        Record(number: number, &generator)
      }
      let lines = records.map(\.line).joined(separator: "\n")
      let path = try scratch.write("posts.jsonl", lines)
      let rows = try read([path])
      for (row, record) in zip(rows, records) { #expect(row.post.map(Self.fields) == record.fields, "\(record.line)") }
      #expect(rows.count == records.count)
      var fewBytes = CorpusOptions()
      (fewBytes.limits.chunkBytes, fewBytes.limits.pieceBytes) = (7, 64)
      #expect(try read([path], fewBytes) == rows, "\(lines)")
      // The same records as a list, and as one within other values.
      let list = "[" + records.map(\.printed).joined(separator: ",\n") + "]"
      let whole = try read([scratch.write("posts.json", list)])
      #expect(whole.compactMap(\.post).map(Self.fields) == records.map(\.fields), "\(list)")
      let member = "{\"a\": [1, \"]\", {}], \"b\": {\"posts\": \(list)}, \"c\": null}"
      let within = try read([scratch.write("more.json", member)], CorpusOptions(records: "b.posts"))
      #expect(within.compactMap(\.post).map(Self.fields) == records.map(\.fields), "\(member)")
    }
  }

  @Test(arguments: 0..<8 as Range<UInt64>) func damageIsFoundInItsLine(seed: UInt64) throws {
    let scratch = try Scratch()
    var generator = SeededGenerator(seed: 500 + seed)
    let wild = Array("{}[]\",:\\b10 -.tx".utf8) + [0x01, 0xC3, 0xFF]
    for _ in 0..<150 {
      let first = Array(#"{"id": 0, "text": "first"}"#.utf8)
      let lines = (0..<4).map { number -> [UInt8] in
        var line = Array(Record(number: number, &generator).line.utf8)
        for _ in 0..<Int.random(in: 0...2, using: &generator) {
          let place = Int.random(in: 0..<line.count, using: &generator)
          let byte = wild[Int.random(in: 0..<wild.count, using: &generator)]
          switch Int.random(in: 0..<3, using: &generator) {
          case 0: line[place] = byte
          case 1: line.insert(byte, at: place)
          default: line.remove(at: place)
          }
        }
        return line
      }
      let rows = try read([scratch.write("posts.jsonl", ([first] + lines).joined(separator: [0x0A]))])
      #expect(rows.map(\.position.line) == [1, 2, 3, 4, 5])
      for (row, line) in zip(rows.dropFirst(), lines) {
        let isDamaged = [.invalidJSON, .invalidEncoding].contains(row.fault?.code)
        #expect(isDamaged == Self.isDamaged(line), "\(String(decoding: line, as: UTF8.self)): \(row)")
      }
    }
  }

  /// Whether a line is no object; a member twice within a list is none of a record's columns.
  private static func isDamaged(_ line: [UInt8]) -> Bool {
    do {
      guard case .object = try JSONParser.parse(line) else { return true }
      return false
    } catch .duplicateKey(let key, _) {
      return !key.hasPrefix("in")
    } catch {
      return true
    }
  }

  private static func fields(_ post: Post) -> [String] {
    (["id=\(post.key)", "text=\(post.text)"] + post.extra.map { "\($0.name)=\($0.value)" }).sorted()
  }

  /// A record in two spellings, and the columns that it stands for.
  private struct Record {
    var line = ""
    var printed = ""
    var fields: [String] = []

    init(number: Int, _ generator: inout SeededGenerator) {
      var names = ["a", "b", "é", "long name", "q\\\""].shuffled(using: &generator)
      names.removeLast(Int.random(in: 0...4, using: &generator))
      let members = ["id", "text"].shuffled(using: &generator) + names
      fields = ["id=\(number)"]
      var parts: [(key: String, dense: String, wide: String)] = []
      for name in members {
        let key = "\"\(name)\"", column = name.replacing("\\\"", with: "\"")
        switch name {
        case "id": parts.append((key, "\(number)", " \(number) "))
        case "text":
          fields.append("text=é \"漢\"\n😀")
          let text = #""é \"漢\"\n\ud83d\ude00""#
          parts.append((key, text, text))
        default:
          let (dense, wide) = value(column, depth: 0, &generator)
          parts.append((key, dense, wide))
        }
      }
      line = "{" + parts.map { "\($0.key):\($0.dense)" }.joined(separator: ",") + "}"
      printed = "{\n" + parts.map { "  \($0.key) : \($0.wide)" }.joined(separator: ",\r\n") + "\n}"
      fields.sort()
    }

    private mutating func value(
      _ column: String, depth: Int, _ generator: inout SeededGenerator
    ) -> (dense: String, wide: String) {
      let plain = [
        ("null", ""), ("true", "true"), ("false", "false"), ("-12.50", "-12.50"),
        ("123456789012345678901", "123456789012345678901"),
        ("\"\"", ""), ("\"a\\u0041\\/\"", "aA/"), ("\"{[,:\\\\\"", "{[,:\\"), ("[]", "[]"),
        ("[1,{\"in\":[true,\"]\"]}]", "[1,{\"in\":[true,\"]\"]}]"),
      ]
      let choice = Int.random(in: 0..<(depth < 3 ? plain.count + 4 : plain.count), using: &generator)
      if choice < plain.count {
        fields.append("\(column)=\(plain[choice].1)")
        return (plain[choice].0, plain[choice].0)
      }
      let parts = ["x", "y", "z"].prefix(choice - plain.count).map { name in
        (name, value("\(column).\(name)", depth: depth + 1, &generator))
      }
      let dense = parts.map { "\"\($0.0)\":\($0.1.dense)" }.joined(separator: ",")
      let wide = parts.map { "\"\($0.0)\" :\t\($0.1.wide)" }.joined(separator: " ,\n    ")
      return ("{\(dense)}", "{ \(wide)}")
    }
  }
}
