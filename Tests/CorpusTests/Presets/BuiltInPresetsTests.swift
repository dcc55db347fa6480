import Bytes
import Corpus
import Foundation
import TestSupport
import Testing

/// Every built-in preset on a small file made in the published form.
@Suite struct BuiltInPresetsTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Data/presets").path

  /// A row in short: `key|text|picture|label|date`.
  private static func rows(_ file: String, _ preset: String) throws -> [String] {
    let options = try CorpusOptions(Preset.named(preset))
    return try read(["\(folder)/\(file)"], options).map { row in
      switch row {
      case .fault(let fault): "\(fault.key?.text ?? "-")!\(fault.code.rawValue)"
      case .post(let post):
        [
          post.key.text, post.text, post.image ?? "-", post.label?.text ?? "-",
          post.date.flatMap { options.dates.read($0).text } ?? "-",
        ].joined(separator: "|")
      }
    }
  }

  @Test func twitter() throws {
    #expect(
      try Self.rows("twitter-1.1.jsonl", "twitter-1.1") == [
        "1050118621198921728|A quiet morning at the harbour https://t.co/aaaa|https://pbs.twimg.com/media/Harbour1.jpg|-|"
          + "2018-10-10T20:19:24Z",
        "1050118621198921729|This text was longer than the old limit, so the stream cut it at some place in the middle|"
          + "https://pbs.twimg.com/media/Longer1.jpg|-|2018-10-10T20:20:00Z",
        "1050118621198921730|short and without a picture|-|-|2018-10-10T20:21:00Z",
      ])
    #expect(
      try Self.rows("twitter-2.jsonl", "twitter-2") == [
        "1460323737035677698|the first of two pictures https://t.co/b|https://pbs.twimg.com/media/One.jpg|-|"
          + "2021-11-15T19:08:05Z",
        "1460323737035677699|a video has a preview|https://pbs.twimg.com/ext_tw_video_thumb/Preview.jpg|-|"
          + "2021-11-15T19:09:00Z",
        "1460323737035677700|the beginning of a long note, and its end|-|-|2021-11-15T19:10:00Z",
      ])
    #expect(
      try Self.rows("twarc-csv.csv", "twarc-csv") == [
        "1460323737035677698|two lines\\nas twarc writes them|https://pbs.twimg.com/media/One.jpg|-|2021-11-15T19:08:05Z",
        "1460323737035677699|no picture here|-|-|2021-11-15T19:09:00Z",
      ])
  }

  @Test func bothPicturesOfATweetAreAList() throws {
    var options = try CorpusOptions(Preset.named("twitter-1.1"))
    options.pictures = .each
    let posts = try read(["\(Self.folder)/twitter-1.1.jsonl"], options).compactMap(\.post)
    #expect(posts.prefix(2).map(\.key) == ["1050118621198921728", "1050118621198921728#2"])
    #expect(posts.prefix(2).map(\.image).last == "https://pbs.twimg.com/media/Harbour2.jpg")
  }

  @Test func reddit() throws {
    #expect(
      try Self.rows("reddit.jsonl", "reddit") == [
        "q1a2b3|What a view|https://i.redd.it/view123.jpg|-|2021-10-01T00:00:00Z",
        "q1a2b4|A question\nHas anybody tried this?|-|-|2021-10-01T00:01:00Z",
        "q1a2b5|An article\n[removed]|-|-|2021-10-01T00:02:00Z",
      ])
  }

  @Test func telegram() throws {
    #expect(
      try Self.rows("telegram.json", "telegram") == [
        "1!empty_post",
        "2|Look at this, it is https://example.org|photos/photo_1@01-09-2022_10-05-00.jpg|-|2022-09-01T08:05:00Z",
        "3|#older exports have no entities|-|-|2022-09-01T08:06:00Z",
        "4|[plain] text is a string|-|-|2022-09-01T10:07:00Z",
      ])
  }

  @Test func the4CAT() throws {
    #expect(
      try Self.rows("4cat.csv", "4cat") == [
        "1001|A thread\nThe first post, with a comma|1620000000001.jpg|-|2021-05-01T12:00:00Z",
        "1002|an answer|-|-|2021-05-01T12:05:00Z",
        "1003||https://i.example.org/1620000000003.png|-|2021-05-01T12:06:00Z",
      ])
  }

  @Test func instaloader() throws {
    #expect(
      try Self.rows("instaloader.json", "instaloader") == [
        "CaMadeUp_1|A made-up caption #sea|2020-02-01_12-00-00_UTC.jpg|-|2020-02-01T12:00:00Z",
        "CaMadeUp_2||2020-02-01_12-01-01_UTC.jpg|-|2020-02-01T12:01:01Z",
        "CaMadeUp_3|an older form|2020-02-01_12-02-02_UTC.jpg|-|2020-02-01T12:02:02Z",
      ])
  }

  @Test func labelStudio() throws {
    let rows = [
      "100|a made-up task|/data/upload/3/ab12cd30-photo_0.jpg|sincere|-",
      "101|another task|/data/upload/3/ab12cd31-photo_1.jpg|sincere, ironic|-",
    ]
    #expect(try Self.rows("label-studio.json", "label-studio") == rows + ["102|not annotated yet|-|-|-"])
    #expect(try Self.rows("label-studio.csv", "label-studio") == rows)
    #expect(
      try Self.rows("label-studio-min.json", "label-studio") == [rows[0], "101|another task|-|sincere, ironic|-"])
  }

  @Test func doccano() throws {
    #expect(
      try Self.rows("doccano.jsonl", "doccano") == ["1|a made-up text|-|ironic|-", "2|another text|-|-|-"])
  }

  @Test func huggingFace() throws {
    #expect(
      try Self.rows("metadata.csv", "huggingface") == [
        "metadata.csv#2|a made-up caption, quoted|0001.png|sincere|-",
        "metadata.csv#3|another caption|sub/0002.png|ironic|-",
      ])
    #expect(
      try Self.rows("metadata.jsonl", "huggingface") == [
        "metadata.jsonl#1|a made-up caption|0001.png|sincere|-",
        "metadata.jsonl#2|another caption|sub/0002.png|ironic|-",
      ])
  }

  @Test func everyPresetIsSoundAndSaysWhereItIsDescribed() throws {
    #expect(Set(Preset.builtIn.map(\.name)).count == Preset.builtIn.count)
    for preset in Preset.builtIn {
      #expect(!preset.purpose.isEmpty && preset.source.hasPrefix("https://"), "\(preset.name)")
      for setting in preset.settings {
        #expect(try setting.key.canonical(setting.value) == setting.value, "\(preset.name): \(setting.key.rawValue)")
      }
    }
  }

  @Test func aFileMayLackThePresetsColumns() throws {
    let scratch = try Scratch()
    let path = try scratch.write("result.json", #"{"messages": [{"id": 1, "text": "no picture anywhere"}]}"#)
    let options = try CorpusOptions(Preset.named("telegram"))
    var reader = try CorpusReader(paths: [path], options: options)
    #expect(try reader.next()?.post?.text == "no picture anywhere")
    let words = reader.notices.map(\.description)
    #expect(words.first?.hasPrefix("read by the preset telegram: records = messages, id = id, text = '") == true)
    #expect(
      words.last == "result.json: the preset telegram also reads 'photo if picture | file if picture', "
        + "'date_unixtime | date', which the file does not have (of JSON, its first records)", "\(words)")
    #expect(!reader.notices.contains { !$0.isAboutPreset })
    // Without the text and the picture it is another file.
    #expect(throws: CorpusError.self) {
      try read([scratch.write("other.json", #"{"messages": [{"id": 1, "body": "a"}]}"#)], options)
    }
  }
}

extension CorpusOptions {
  /// The options of a preset's columns, records and template, as the command line makes them.
  init(_ preset: Preset) throws {
    var columns = ColumnMap(
      id: preset[.id], text: preset[.text], image: preset[.image], knowledge: preset[.knowledge], label: preset[.label],
      date: preset[.date])
    columns.imageTemplate = try preset[.imageTemplate].map { try ImageTemplate(parsing: $0) }
    columns.allowLack(of: ColumnRole.allCases)
    self.init(columns: columns, records: preset[.records])
    self.preset = PresetUse(preset, replaced: [])
  }
}
