import Bytes
import Corpus
import Testing

/// Presets in files of the user's.
@Suite struct PresetFileTests {
  private static func preset(_ json: String) throws(PresetError) -> Preset {
    try Preset(json: Array(json.utf8), file: "my.json")
  }

  /// Every key with a value, and the value as a run records it.
  private static let values: [(key: Preset.Key, json: String, recorded: String)] = [
    (.records, #""messages""#, "messages"), (.id, #""tweet_id""#, "tweet_id"),
    (.text, #""title + body""#, "title + body"),
    (.image, #""photo""#, "photo"), (.imageTemplate, #""media/{id}.jpg""#, "media/{id}.jpg"),
    (.pictures, #""each""#, "each"), (.knowledge, #""caption""#, "caption"), (.label, #""mood""#, "mood"),
    (.labels, #""0=glad,1=sad""#, "0=glad,1=sad"), (.date, #""created""#, "created"),
    (.dateFormat, #"["%d/%m/%Y", "%d.%m.%Y"]"#, "%d/%m/%Y\n%d.%m.%Y"), (.delimiter, #""\\t""#, "tab"),
    (.quote, #""'""#, "single"), (.escape, #""\\""#, "backslash"), (.skipLines, "2", "2"), (.comment, "\"#\"", "#"),
    (.encoding, #""UTF-16""#, "utf-16"), (.noHeader, "true", "true"),
  ]

  @Test func everyKeyIsRead() throws {
    #expect(Set(Self.values.map(\.key)) == Set(Preset.Key.allCases))
    for (key, json, recorded) in Self.values {
      let preset = try Self.preset("{\"\(key.rawValue)\": \(json)}")
      #expect(preset.settings == [Preset.Setting(key, recorded)], "\(key.rawValue)")
      #expect(try key.canonical(recorded) == recorded, "\(key.rawValue)")
    }
    let all = Self.values.filter { $0.key != .image }.map { "\"\($0.key.rawValue)\": \($0.json)" }
    let preset = try Self.preset("{\"purpose\": \"mine\", \"source\": \"here\", \(all.joined(separator: ", "))}")
    #expect(
      preset.settings.count == Preset.Key.allCases.count - 1 && preset.purpose == "mine" && preset.source == "here")
  }

  @Test(arguments: [
    ("{", "my.json: not valid JSON: expected a string at byte 1"),
    ("[]", "my.json: a list, where a preset is an object such as {\"text\": \"body\"}"),
    ("{}", "my.json: it sets nothing: name at least one key, such as {\"text\": \"body\"}"),
    (#"{"skip-lines": -1}"#, "my.json: the value of 'skip-lines' must be a whole number from 0 to 1000000"),
    (#"{"no-header": "yes"}"#, "my.json: the value of 'no-header' must be true or false"),
    (#"{"pictures": "all"}"#, "my.json: the value of 'pictures' must be first, each, as-written"),
    (#"{"text": 5}"#, "my.json: the value of 'text' must be a text that is not empty"),
    (#"{"text": ""}"#, "my.json: the value of 'text' must be a text that is not empty"),
    (#"{"purpose": 5}"#, "my.json: the value of 'purpose' must be a text"),
    (
      #"{"image": "photo", "image-template": "{id}.jpg"}"#,
      "my.json: 'image' and 'image-template' both say where a post's picture is: keep one of them"
    ),
    (
      #"{"quote": "x"}"#,
      "my.json: 'quote': 'x' is not a quote: give none if quotes are ordinary characters, or ' or \""
    ),
  ])
  func errorsSayWhatIsWrong(json: String, words: String) {
    #expect {
      try Self.preset(json)
    } throws: { "\($0)" == words }
  }

  @Test func anUnknownKeyIsNamedWithTheKeyThatIsNear() {
    #expect {
      try Self.preset(#"{"text": "a", "skip_lines": 1}"#)
    } throws: { error in
      let words = "\(error)"
      return words.hasPrefix("my.json: a preset has no key 'skip_lines' (did you mean") && words.contains("skip-lines")
        && words.contains("image-template, pictures")
    }
    #expect {
      try Preset.named("redit")
    } throws: { error in
      let words = "\(error)"
      return words.hasPrefix("there is no preset 'redit'") && words.contains("reddit") && words.contains("FILE.json")
    }
  }

  @Test func theUseSaysWhatCounts() throws {
    let preset = try Self.preset(#"{"text": "body", "id": "key", "date-format": ["%d/%m/%Y", "%d.%m.%Y"]}"#)
    #expect(
      "\(PresetUse(preset, replaced: [.text]))"
        == "read by the preset my.json: id = key, date-format = '%d/%m/%Y, %d.%m.%Y'; your own option counts instead of its text"
    )
    #expect(
      "\(PresetUse(preset, replaced: [.id, .text, .dateFormat]))"
        == "read by the preset my.json; your own options count instead of its id, text, date-format")
  }
}
