import Bytes
import Foundation
import Testing

/// Text from outside on standard error: none of it controls the terminal, and no line of it looks like one of clfa's.
@Suite struct HostileTextTests {
  private static let model = Workdir.model
  private static let text = HostileText.text, cell = HostileText.cell, json = HostileText.json

  /// A copy of the sample's model.
  private static func copy(_ workdir: borrowing Workdir, _ name: String = "M") throws {
    try FileManager.default.copyItem(atPath: model, toPath: workdir.path + "/" + name)
  }

  @Test(arguments: [
    ["\(text)"], ["score", text, "--model", model, "--store", "s"], ["score", "a", "--model", text, "--store", "s"],
    ["score", "a", "--model", text, "--store", "s"],
    ["score", "a", "--model", "M", "--store", "s", "--\(text)"], ["score", "a", "--\(text)=\(text)"],
    ["score", "a", "--model", "M", "--store", "s", "--precision", text],
    ["score", "a", "--model", "M", "--store", "s", "--shard", text],
    ["score", "a", "--model", "M", "--store", "s", "--labels", text],
    ["score", "a", "--model", "M", "--store", "s", "--encoding", text],
    ["score", "a", "--model", "M", "--store", "s", "--delimiter", text],
    ["score", "a", "--model", "M", "--store", "s", "--isa", text],
    ["score", "a", "--model", "M", "--store", "s", "--column", text],
    ["score", "a", "--model", "M", "--store", "s", "--column", "a:\(text)"],
    ["score", "a", "--model", "M", "--store", "s", "--embeddings", text],
    ["score", "a", "--model", "M", "--store", "s", "--feature", text],
    ["check", text], ["check", "a", "--format", text], ["evaluate", text], ["report", text, "-o", "x.pdf"],
    ["report", "a", "-o", "x.\(text)"], ["report", "a", "-o", "x.pdf", "--layout", text],
    ["report", "a", "-o", "x.pdf", "--section", text], ["report", "a", "-o", "x.pdf", "--redact", text],
    ["report", "--training", text, "-o", "x.pdf"], ["explain", text, "k", "--model", "M"], ["query", text, "labels"],
    ["query", "a", text], ["query", "a", "\(text).sql"], ["runs", text], ["runs", "show", text, "r"],
    ["runs", "drop", text, "r"], ["similar", text, "--post", "k"], ["similar", "a", "--post", "k", "--space", text],
    ["export", text], ["explain", "a", "k", "--model", "M", "-o", text], ["merge", "out.sqlite", text],
    ["forget", "a", text], ["import", "a", text, "--run", "r"], ["label", "a", text],
    ["label", text, "--list"], ["train", text, "--\(text)"],
    ["ablate", "\(text).json", "--test", "t", "--store", "s", "-o", "c"],
    ["teach", text, "--vectors", text, "-o", "t"], ["model", text], ["model", "info", text], ["model", "verify", text],
    ["model", "export", text, "-o", "x"], ["bench", "--model", text],
    ["model", "import", text, "--vocabulary", text, "--label-names", "a,b", "-o", "x"],
  ])
  func argumentsAreNotObeyed(arguments: [String]) async throws {
    let outcome = try await Workdir().run(arguments)
    HostileText.check(outcome, "\(arguments)")
    #expect(outcome.status == 1 || outcome.status == 64)
  }

  @Test func namesOfFilesColumnsAndLabelsAreEscaped() async throws {
    let workdir = try Workdir()
    try workdir.write("\(Self.text).csv", "id,\(Self.cell),label\n1,a,b\n")
    let name = "./\(Self.text).csv"
    func score(_ more: String...) -> [String] {
      ["score", name, "--model", Self.model, "--store", "s.sqlite", "--precision", "f32"] + more
    }
    HostileText.check(try await workdir.run(score()), "a header", status: 1)
    HostileText.check(try await workdir.run(score("--text", "body")), "a missing column", status: 64)
    HostileText.check(try await workdir.run(["check", name]), "check", status: 1)
    HostileText.check(
      try await workdir.run(score("--text", HostileText.field, "--id", "none")), "a missing id", status: 64)
    try workdir.write("twice.csv", "text,\(Self.cell),\(Self.cell)\n1,a,b\n")
    HostileText.check(try await workdir.run(Workdir.score("twice.csv", "s.sqlite")), "two columns of a name")
    // Rows: keys, pictures and labels.
    try workdir.write(
      "\(Self.text).csv",
      "\(Self.cell),text,image,label\n\(Self.cell),a text,\(Self.cell),\(Self.cell)\nk,another,,\(Self.cell)\n,c,,d\nk\n"
    )
    for progress in ["auto", "none", "json"] {
      let outcome = try await workdir.run(
        score("--id", HostileText.field, "--progress", progress, "--rescore", "--run", "r-\(progress)"))
      HostileText.check(outcome, "rows with --progress \(progress)", status: 0)
      for line in outcome.errors.split(separator: "\n") where progress == "json" {
        #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(line.utf8)) }
      }
    }
    HostileText.check(try await workdir.run("evaluate", "s.sqlite"), "labels of the corpus", status: 0)
    HostileText.check(
      try await workdir.run("evaluate", "s.sqlite", "--by", HostileText.field + "?"), "a column", status: 64)
    try workdir.write("out.csv", "id,text,image\n1,a,../../\(Self.line).jpg\n2,b,images/\(Self.line)\n")
    let pictures = try await workdir.run(Workdir.score("out.csv", "o.sqlite"))
    HostileText.check(pictures, "pictures' paths", status: 0)
    try workdir.write("cut.csv", "text,\(Self.line)\na,b\0c\nd,\u{FF}\n")
    HostileText.check(try await workdir.run(Workdir.score("cut.csv", "o.sqlite")), "a damaged row's column")
    let typed = try await workdir.run(score("--text", "text", "--column", "nope:real"))
    HostileText.check(typed, "columns that may have a type", status: 64)
  }

  private static let line = HostileText.line

  @Test(arguments: [
    ("\"dim\":", "\"\(json)\": 1, \"dim\":"), ("\"mean\", \"labels\"", "\"\(json)\", \"labels\""),
    ("\"sincere\", \"ironic\"", "\"\(json)\", \"\(json)\""), ("clfa-model/1", json), ("\"wordpiece\"", "\"\(json)\""),
    ("\"preparation\": []", "\"preparation\": [\"\(json)\"]"), ("\"dim\": 32", "\"dim\": \"\(json)\""),
    ("\"dim\": 32", "\"features\": [{\"name\": \"\(json)\", \"width\": 1}], \"dim\": 32"), ("\"dim\": 32", "\"\(json)"),
    ("\"dim\": 32", "\"\(json)\": 1, \"\(json)\": 1, \"dim\": 32"),
  ])
  func keysAndValuesOfAConfigurationAreNotObeyed(part: String, hostile: String) async throws {
    let workdir = try Workdir()
    try Self.copy(workdir)
    let config = try String(contentsOfFile: workdir.path + "/M/config.json", encoding: .utf8)
    #expect(config.contains(part))
    try workdir.write("M/config.json", config.replacing(part, with: hostile))
    try workdir.write("a.csv", "text\na\n")
    let outcome = try await workdir.run("score", "a.csv", "--model", "M", "--store", "s.sqlite")
    HostileText.check(outcome, hostile, says: "Error", status: 1)
    HostileText.check(try await workdir.run("model", "info", "M"), hostile, says: "")
  }

  @Test func namesInTensorsAndVocabulariesAreEscaped() async throws {
    let workdir = try Workdir()
    try Self.copy(workdir)
    for header in [
      #"{"NAME":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
      #"{"NAME":{"dtype":"NAME","shape":[1],"data_offsets":[0,4]}}"#,
      #"{"NAME":{"dtype":"F32","shape":[1],"data_offsets":[9,4]}}"#, #"{"NAME":7}"#, #"{"NAME":7,"NAME":7}"#,
      #"{"NAME":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#,
    ] {
      let text = header.replacing("NAME", with: Self.json), count = text.utf8.count
      var file = Data((0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) })
      file += Data(text.utf8) + Data(count: 4)
      try workdir.write("M/weights.safetensors", file)
      try workdir.write("hub.safetensors", file)
      HostileText.check(try await workdir.run("model", "verify", "M"), header, says: "Error", status: 1)
      let imported = try await workdir.run(
        "model", "import", "hub.safetensors", "--vocabulary", "M/vocab.txt", "--label-names", "a,b", "-o", "N")
      HostileText.check(imported, header, status: 1)
      let taught = try await workdir.run(TrainFixture.arguments("T", "--teacher", "hub.safetensors"))
      HostileText.check(taught, header, says: "Error")
    }
    try workdir.write("M/vocab.txt", "\(Self.text)\n[CLS]\n")
    HostileText.check(
      try await workdir.run(Workdir.score("a.csv", "s.sqlite", "--model", "M")), "a vocabulary", says: "Error",
      status: 1)
    let config = try String(contentsOfFile: workdir.path + "/M/config.json", encoding: .utf8)
    try workdir.write("a.csv", "text\na\n")
    try FileManager.default.removeItem(atPath: workdir.path + "/M/weights.safetensors")
    try FileManager.default.copyItem(
      atPath: Self.model + "/weights.safetensors", toPath: workdir.path + "/M/weights.safetensors")
    try workdir.write("M/config.json", config.replacing("\"wordpiece\"", with: "\"subword\""))
    for tokenizer in [
      #"{"model":{"type":"NAME"}}"#, #"{"NAME":1,"NAME":2}"#,
      #"{"model":{"type":"BPE","vocab":{"NAME":0},"merges":["NAME NAME"],"unk_token":"NAME"},"normalizer":{"type":"NAME"}}"#,
      #"{"model":{"type":"BPE","vocab":{"a":0},"merges":[]},"pre_tokenizer":{"type":"NAME"}}"#,
    ] {
      try workdir.write("M/tokenizer.json", tokenizer.replacing("NAME", with: Self.json))
      HostileText.check(
        try await workdir.run("score", "a.csv", "--model", "M", "--store", "s.sqlite"), tokenizer,
        says: "tokenizer.json", status: 1)
    }
  }

  @Test(arguments: [
    "\(line)\n", "\(line)\t\(line)\n", "love\t0.5\n\(line)\t7\n", "\(line)\t1\n\(line)\t1\n", "a\t\(line)\n",
  ])
  func linesOfALexiconAreNotObeyed(lexicon: String) async throws {
    let workdir = try Workdir()
    try Self.copy(workdir)
    let config = try String(contentsOfFile: workdir.path + "/M/config.json", encoding: .utf8)
    try workdir.write("M/config.json", config.replacing("\"dim\":", with: "\"lexicon\": \"lexicon.tsv\", \"dim\":"))
    try workdir.write("M/lexicon.tsv", lexicon)
    try workdir.write("a.csv", "text\na\n")
    let outcome = try await workdir.run("score", "a.csv", "--model", "M", "--store", "s.sqlite")
    HostileText.check(outcome, lexicon.debugDescription, says: "lexicon.tsv", status: 1)
  }

  @Test func textsInLayoutsPlansAndHistoriesAreEscaped() async throws {
    let workdir = try Workdir()
    try workdir.write("a.csv", "text\na text\n")
    _ = try await workdir.run(Workdir.score("a.csv", "s.sqlite"))
    for layout in [
      #"{"NAME": 1}"#, #"{"title": "t", "pages": [{"title": "NAME", "blocks": ["NAME"]}]}"#,
      #"{"title": "NAME", "pages": 1}"#,
      #"{"title": "t", "pages": [{"title": "t", "blocks": [{"section": "run", "NAME": 1}]}]}"#,
      #"{"NAME": 1, "NAME": 2}"#,
      #"{"title": "t", "pages": [{"title": "t", "NAME": []}]}"#,
    ] {
      try workdir.write("\(Self.text).json", layout.replacing("NAME", with: Self.json))
      let outcome = try await workdir.run("report", "s.sqlite", "-o", "x.pdf", "--layout", "./\(Self.text).json")
      HostileText.check(outcome, layout, status: 1)
    }
    for plan in [
      #"{"NAME": 1}"#, #"{"corpus": "NAME", "validation": "NAME", "grid": {"NAME": [1]}}"#, #"{"NAME": 1, "NAME": 2}"#,
      #"{"corpus": "NAME", "grid": {"alpha": ["NAME"]}}"#,
      #"{"corpus": "a.csv", "validation": ["NAME"], "test": "NAME"}"#,
      #"{"corpus": {"NAME": 1}}"#,
    ] {
      try workdir.write("plan.json", plan.replacing("NAME", with: Self.json))
      let outcome = try await workdir.run(
        "ablate", "plan.json", "--test", "a.csv", "--store", "c.sqlite", "-o", "cells")
      HostileText.check(outcome, plan, says: "Error")
      #expect(outcome.status != 0)
    }
    try Self.copy(workdir)
    for history in ["\(Self.json)\n", "{\"epoch\": \"\(Self.json)\"}\n"] {
      try workdir.write("M/history.jsonl", history)
      HostileText.check(
        try await workdir.run("report", "--training", "M", "-o", "x.pdf"), "a history", says: "history", status: 1)
    }
    try FileManager.default.removeItem(atPath: workdir.path + "/M/history.jsonl")
    try workdir.write("M/card.md", "---\nlicense: \(Self.text)\n---\n\(Self.text)")
    HostileText.check(
      try await workdir.run("report", "--training", "M", "-o", "x.pdf"), "a card", says: "history", status: 1)
  }
}
