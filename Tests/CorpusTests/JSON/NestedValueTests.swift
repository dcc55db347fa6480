import Bytes
import Corpus
import TestSupport
import Testing

/// Objects and lists where a post's text, picture, label or id is expected.
@Suite struct NestedValueTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func rows(_ lines: [String], _ columns: ColumnMap = ColumnMap()) throws -> [CorpusRow] {
    try read(
      [scratch.write("posts.jsonl", lines.joined(separator: "\n") + "\n")], CorpusOptions(columns: columns))
  }

  @Test(arguments: [
    (
      #""text": "a", "image": {"width": 3, "alt": "x", "url": "b.jpg"}"#, "the member 'image' is an object",
      "--image image.url"
    ),
    (#""text": "a", "image": {"size": 1, "large": {"where": "b.jpg"}}"#, "'image'", "--image image.large.where"),
    (#""text": "a", "image": [{"id": 1, "url": "c.jpg"}, {"url": "d.jpg"}]"#, "is a list", "--image 'image.*.url'"),
    (#""text": {"lang": "de", "full": "b"}"#, "not a text", "--text text.full"),
    (#""text": ["x", "y"]"#, "'text' is a list, not a text", "--text 'text.*'"),
    (#""text": [{"type": 1, "text": "x"}]"#, "'text' is a list", "--text 'text.*.text'"),
    (#""text": "a", "label": {"id": 1, "name": "x"}"#, "'label' is an object, not a label", "--label label.name"),
    (#""text": "a", "label": ["x"]"#, "'label' is a list", "--label 'label.*'"),
    (#""text": "a", "knowledge": {"ocr": "x"}"#, "'knowledge' is an object", "--knowledge knowledge.ocr"),
  ]) func eachIsAFaultThatNamesWhatWorks(members: String, finding: String, flag: String) throws {
    let plain = #"{"id": 1, "text": "a", "image": "a.jpg", "label": "x", "knowledge": "k"}"#
    let found = try rows([plain, "{\"id\": 2, \(members)}", plain])
    #expect(found.map(\.brief) == ["1:1", "2!invalid_json", "3:1"])
    let fault = try #require(found[1].fault)
    #expect(
      fault.key == "2" && fault.detail.contains(finding) && fault.detail.hasSuffix("such as \(flag)"), "\(fault.detail)"
    )
    // What it names is read.
    let parts = flag.split(separator: " ", maxSplits: 1).map(String.init)
    let name = parts[1].replacing("'", with: "")
    let columns =
      switch parts[0] {
      case "--text": ColumnMap(text: name)
      case "--image": ColumnMap(image: name)
      case "--label": ColumnMap(label: name)
      default: ColumnMap(knowledge: name)
      }
    let post = try #require(try rows(["{\"id\": 2, \(members)}"], columns).first?.post)
    let value: String? =
      switch parts[0] {
      case "--text": post.text
      case "--image": post.image
      case "--label": post.label?.text
      default: post.knowledge
      }
    #expect(["b.jpg", "c.jpg", "b", "xy", "x"].contains(value), "\(value ?? "nothing")")
  }

  @Test func anIDIsOneValue() throws {
    let found = try rows([
      #"{"id": 1, "text": "a"}"#, #"{"id": {"$oid": "5f"}, "text": "b"}"#, #"{"id": [7], "text": "c"}"#,
    ])
    #expect(found.map(\.brief) == ["1:1", "2!invalid_json", "3!invalid_json"])
    #expect(found.compactMap(\.fault?.key).isEmpty)
    #expect(
      found[1].fault?.detail.hasSuffix("--id 'id.$oid'") == true
        && found[2].fault?.detail.hasSuffix("--id id.0") == true)
    #expect(try rows([#"{"id": {"$oid": "5f"}, "text": "b"}"#], ColumnMap(id: "id.$oid")).map(\.key) == ["5f"])
  }

  /// Then it is no row that is damaged.
  @Test func alwaysNestedIsAnErrorOfTheFile() throws {
    let path = try scratch.write(
      "posts.jsonl", #"{"text": "a", "image": {"url": "b.jpg"}}"# + "\n" + #"{"text": "c", "image": null}"# + "\n")
    let error = #expect(throws: CorpusError.self) { try read([path]) }
    #expect(
      error
        == .nestedMember(
          file: path, role: .image, name: "image", kind: "an object", suggestion: "image.url", rows: 2))
    let options = CorpusOptions(columns: ColumnMap(image: "image.url"))
    #expect(try read([path], options).map { $0.post?.image } == ["b.jpg", nil])
  }

  @Test func nothingWithinIsAnEmptyCell() throws {
    let posts = try rows([
      #"{"id": 1, "text": "a", "image": "a.jpg", "label": "x"}"#, #"{"id": 2, "text": "b", "image": {}, "label": [ ]}"#,
      #"{"id": 3, "text": "c", "image": ["c.jpg"], "label": "[x]"}"#,
    ]).compactMap(\.post)
    #expect(posts.map(\.image) == ["a.jpg", nil, "c.jpg"] && posts.map(\.label) == ["x", nil, "[x]"])
  }

  @Test func objectsOfOtherMembersAreColumnsOfTheirOwn() throws {
    let post = try #require(try rows([#"{"id": 1, "text": "a", "user": {"name": "b"}, "tags": ["c"]}"#]).first?.post)
    #expect(post.extra.map { "\($0.name)=\($0.value)" } == ["user.name=b", #"tags=["c"]"#])
  }
}
