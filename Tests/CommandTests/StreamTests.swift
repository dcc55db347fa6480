import Bytes
import Foundation
import Testing

/// `clfa stream`: the answers of `clfa score` as lines.
@Suite struct StreamTests {
  private static let model = ["--model", Workdir.model, "--precision", "f32"]

  /// Arguments that stream a corpus with the samples' model.
  static func stream(_ corpus: String..., more: [String] = []) -> [String] { ["stream"] + corpus + model + more }

  /// The objects of a stream's lines: the records, and the end.
  static func lines(_ output: String) throws -> (records: [[String: Any]], end: [String: Any]) {
    var objects = try output.split(separator: "\n").map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
    let end = try #require(objects.last)
    objects.removeLast()
    #expect(
      end["end"] as? Bool == true && end["written"] as? Int == objects.count && end["read"] as? Int == objects.count)
    return (objects, end)
  }

  /// Each record with its answer.
  private static let stored = """
    SELECT entry.file, entry.record, entry.line, coalesce(entry.key, 'none'), entry.state, prediction.label,
      prediction.confidence, prediction.probabilities, prediction.text_image_similarity, post.content_hash,
      fault.stage, fault.code, fault.path, fault.detail
    FROM entry LEFT JOIN post ON post.id = entry.post_id
    LEFT JOIN prediction ON prediction.post_id = post.id
    LEFT JOIN fault ON fault.run_id = entry.run_id AND fault.file = entry.file AND fault.line = entry.line
    ORDER BY entry.record
    """

  private static func rows(_ output: String) throws -> [String] {
    // JSONSerialization does not read every number to its last bit.
    let exact = try output.split(separator: "\n").map { try JSONParser.parse(Array($0.utf8)) }
    return try zip(lines(output).records, exact).map { line, exact in
      func text(_ key: String) -> String { (line[key] as? String) ?? "NULL" }
      func number(_ key: String) -> String { exact[ByteText(key)]?.asNumber.map { "\($0)" } ?? "NULL" }
      let probabilities = exact["probabilities"].flatMap(Self.numbers)
      return [
        text("file"), "\(line["record"] as? Int ?? 0)", "\(line["line"] as? Int ?? 0)",
        (line["key"] as? String) ?? "none", text("label"), number("confidence"),
        probabilities.map { $0.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",") }
          ?? "NULL",
        number("text_image_similarity"), text("content_hash"), text("stage"), text("code"), text("path"),
        text("detail"),
      ].joined(separator: "|")
    }
  }

  private static func numbers(_ json: JSON) -> [String: Double]? {
    guard case .object(let members) = json else { return nil }
    return Dictionary(
      members.compactMap { member in member.value.asNumber.map { (member.key.text, $0) } },
      uniquingKeysWith: { first, _ in first })
  }

  private static func rows(of store: String, _ workdir: borrowing Workdir) throws -> [String] {
    try workdir.rows(store, stored).map { row in
      var cells = row.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
      if let object = (try? JSONParser.parse(Array(cells[7].utf8))).flatMap(Self.numbers) {
        cells[7] = object.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
      }
      // SQLite prints more digits than are needed to read the same number.
      for place in [6, 8] { cells[place] = Double(cells[place]).map { "\($0)" } ?? cells[place] }
      cells.remove(at: 4)
      return cells.joined(separator: "|")
    }
  }

  @Test(arguments: ["posts.csv", "broken.csv"], [1, 2])
  func theAnswersAreThoseOfAStore(corpus: String, threads: Int) async throws {
    let workdir = try Workdir(), path = Workdir.samples + "/" + corpus
    _ = try await workdir.run(Workdir.score(path, "posts.sqlite"))
    let before = try FileManager.default.contentsOfDirectory(atPath: workdir.path).sorted()
    let outcome = try await workdir.run(Self.stream(path, more: ["--threads", "\(threads)"]))
    #expect(outcome.status == 0, "\(outcome.errors)")
    // Before the store is read here, which leaves files of its own.
    #expect(try FileManager.default.contentsOfDirectory(atPath: workdir.path).sorted() == before)
    let (stored, streamed) = (try Self.rows(of: "posts.sqlite", workdir), try Self.rows(outcome.output))
    #expect(stored.count == streamed.count)
    for (one, other) in zip(stored, streamed) { #expect(one == other) }
  }

  @Test func vectorsAreThoseOfAStore() async throws {
    let workdir = try Workdir(), path = Workdir.samples + "/broken.csv"
    _ = try await workdir.run(Workdir.score(path, "posts.sqlite"))
    let outcome = try await workdir.run(Self.stream(path, more: ["--embeddings", "all"]))
    let sql = """
      SELECT key, space, vector FROM embedding JOIN post ON post.id = post_id ORDER BY key, content_hash, space
      """
    var found: Set<String> = []
    for line in try Self.lines(outcome.output).records {
      for (space, text) in line["vectors"] as? [String: String] ?? [:] {
        let bytes = try #require(Data(base64Encoded: text))
        found.insert("\(line["key"] as? String ?? "")|\(space)|" + bytes.map { String(format: "%02x", $0) }.joined())
      }
    }
    #expect(try found == Set(workdir.rows("posts.sqlite", sql)) && !found.isEmpty)
  }

  @Test func partsTogetherAreTheWhole() async throws {
    let workdir = try Workdir(), path = Workdir.samples + "/broken.csv"
    let whole = try await workdir.run(Self.stream(path, more: ["--with-posts"]))
    let split = try await workdir.run("split", path, "--rows", "4", "-o", "parts.json")
    #expect(split.status == 0, "\(split.errors)")
    var lines: [Substring] = []
    for part in 1...8 {
      let outcome = try await workdir.run(Self.stream(more: ["--part", "parts.json:\(part)", "--with-posts"]))
      #expect(outcome.status == 0, "\(outcome.errors)")
      lines += outcome.output.split(separator: "\n").dropLast()
      let end = try Self.lines(outcome.output).end["part"] as? [String: Any]
      #expect(end?["number"] as? Int == part && end?["of"] as? Int == 8)
    }
    #expect(lines == whole.output.split(separator: "\n").dropLast())
    let beyond = try await workdir.run(Self.stream(more: ["--part", "parts.json:9"]))
    #expect(beyond.status == 64 && beyond.errors.contains("1 to 8"), "\(beyond.errors)")
  }

  @Test func columnsPassThrough() async throws {
    let workdir = try Workdir(), input = "id,text,likes,lang\n1,a text,3,en\n2,,4,de\n"
    let outcome = try await workdir.run(Self.stream(more: ["--pass", "lang"]), input: input)
    let records = try Self.lines(outcome.output).records
    #expect(records[0]["extra"] as? [String: String] == ["lang": "en"] && records[0]["text"] == nil)
    #expect(records[1]["code"] as? String == "empty_post")
    let wrong = try await workdir.run(Self.stream(more: ["--pass", "language"]), input: input)
    #expect(wrong.status == 64 && wrong.output.isEmpty, "\(wrong.errors)")
  }

  @Test func picturesMayBeInCells() async throws {
    let workdir = try Workdir()
    let picture = try Data(contentsOf: URL(filePath: Workdir.jpeg)).base64EncodedString()
    func similarity(_ cells: String, _ more: [String]) async throws -> Double? {
      let outcome = try await workdir.run(Self.stream(more: more), input: cells)
      return try Self.lines(outcome.output).records.first?["text_image_similarity"] as? Double
    }
    let inFile = try await similarity(
      "text,image\na text,\(Workdir.jpeg.split(separator: "/").last ?? "")\n",
      [
        "--images", Workdir.samples + "/images",
      ])
    #expect(inFile != nil)
    #expect(try await similarity("text,image\na text,\"data:image/jpeg;base64,\(picture)\"\n", []) == inFile)
    let template = ["--image-template", "data:image/jpeg;base64,{bytes}"]
    #expect(try await similarity("text,bytes\na text,\(picture)\n", template) == inFile)
  }

  @Test(arguments: [
    ("{\"id\":1,\"text\":\"a\"}\n{\"end\":true}\n", 0, 1), ("{\"end\":true}\n", 0, 0),
    ("{\"id\":1,\"text\":\"a\"}\n", 1, 1),
    ("", 1, 0),
  ])
  func anInputWithoutItsEndMarkIsAnError(input: String, status: Int32, records: Int) async throws {
    let workdir = try Workdir()
    let outcome = try await workdir.run(Self.stream(more: ["--input", "jsonl", "--expect-end"]), input: input)
    #expect(outcome.status == status, "\(outcome.errors)")
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.count == records + (status == 0 ? 1 : 0))
    #expect((lines.last?.contains("\"end\":true") ?? false) == (status == 0))
    if status != 0 { #expect(outcome.errors.contains("#end"), "\(outcome.errors)") }
  }

  /// The answer to a record is read before the next record is written.
  @Test func anAnswerComesBeforeTheNextRecord() async throws {
    let workdir = try Workdir()
    try workdir.write(
      "talk.sh",
      """
      set -e
      mkfifo in out
      "$@" < in > out &
      exec 3> in 4< out
      printf 'id,text\\n' >&3
      for id in 1 2 3; do
        printf '%s,a text\\n' $id >&3
        read -r line <&4
        echo "$line"
      done
      exec 3>&-
      cat <&4
      wait %1
      """)
    let outcome = try await workdir.run(
      ["talk.sh", Workdir.program] + Self.stream(more: ["--latency", "1ms"]), program: "/bin/bash")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try Self.lines(outcome.output).records.compactMap { $0["key"] as? String } == ["1", "2", "3"])
  }

  private static let many = "(echo id,text; for i in $(seq 20000); do echo \"$i,text $i\"; done; exec sleep 600)"

  /// Whether the last line of a file has its end, and is none of a whole stream.
  private static func endsWhole(_ path: String) -> Bool {
    let bytes = FileManager.default.contents(atPath: path) ?? Data()
    return bytes.last == UInt8(ascii: "\n") && !String(decoding: bytes, as: UTF8.self).contains("\"end\":true")
  }

  @Test func aSignalEndsItAfterAWholeLine() async throws {
    let workdir = try Workdir()
    let command = ([Workdir.program] + Self.stream()).map { "'\($0)'" }.joined(separator: " ")
    let outcome = try await workdir.shell(
      """
      mkfifo in; \(Self.many) > in & feeder=$!
      \(command) < in > lines.jsonl & program=$!
      until [ "$(wc -l < lines.jsonl)" -gt 100 ]; do sleep 0.05; done
      kill -TERM $program; wait $program; echo "code $?"; kill $feeder
      """)
    #expect(outcome.output.contains("code 130") && outcome.errors.contains("whole line"), "\(outcome)")
    #expect(Self.endsWhole(workdir.path + "/lines.jsonl"))
  }

  @Test func aClosedOutputEndsIt() async throws {
    let workdir = try Workdir()
    let command = ([Workdir.program] + Self.stream()).map { "'\($0)'" }.joined(separator: " ")
    let outcome = try await workdir.shell(
      """
      mkfifo in; (echo id,text; echo 1,a; exec sleep 600) > in & feeder=$!
      (\(command) < in; echo "code $?" >&2) | head -n 1 > /dev/null; kill $feeder
      """)
    #expect(outcome.errors.contains("code 1") && outcome.errors.contains("output was closed"), "\(outcome)")
  }

  @Test func itEndsWithItsParent() async throws {
    let workdir = try Workdir()
    let command = ([Workdir.program] + Self.stream()).map { "'\($0)'" }.joined(separator: " ")
    // The parent is a shell of its own, which is killed once the first answer is there.
    let outcome = try await workdir.shell(
      """
      mkfifo in; (echo id,text; echo 1,a; exec sleep 600) > in & feeder=$!
      bash -c '"$@" < in > lines.jsonl 2> said & echo $! > number; wait' bash \(command) & parent=$!
      until [ -s lines.jsonl ]; do sleep 0.05; done
      kill -KILL $parent
      while kill -0 "$(cat number)" 2> /dev/null; do sleep 0.05; done
      cat said; kill $feeder
      """)
    #expect(outcome.output.contains("started this one has ended"), "\(outcome)")
    #expect(Self.endsWhole(workdir.path + "/lines.jsonl"))
  }
}
