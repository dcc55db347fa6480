import Bytes
import Corpus
import Foundation
import TestSupport
import Testing

@Suite struct LabelReaderTests {
  /// The rows of a file: `line|key|label|annotator|note`, `line empty` or `line code`.
  private func rows(
    _ name: String, _ text: String, _ columns: LabelColumns = LabelColumns(), _ options: CorpusOptions = CorpusOptions()
  ) throws -> [String] {
    let folder = try Scratch()
    return try rows([folder.write(name, text)], columns, options)
  }

  private func rows(
    _ paths: [String], _ columns: LabelColumns = LabelColumns(), _ options: CorpusOptions = CorpusOptions()
  ) throws -> [String] {
    var reader = try LabelReader(paths: paths, columns: columns, options: options)
    var rows: [String] = []
    while let row = try reader.next() {
      switch row {
      case .label(let label):
        rows.append(
          [
            "\(label.position.line)", label.key.text + (label.plainKey.map { " or \($0)" } ?? ""), label.label.text,
            label.annotator?.text ?? "-", label.note ?? "-",
          ].joined(separator: "|"))
      case .empty(let position): rows.append("\(position.line) empty")
      case .fault(let fault): rows.append("\(fault.position.line) \(fault.code.rawValue)")
      }
    }
    return rows
  }

  private func preset(_ name: String) -> String {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Data/presets/\(name)").path
  }

  @Test func aTableNeedsNeitherTextsNorPictures() throws {
    #expect(try rows("labels.csv", "id,label\n100,sincere\n101,ironic\n") == ["2|100|sincere|-|-", "3|101|ironic|-|-"])
    #expect(
      try rows("labels.jsonl", #"{"id": 7, "label": "a"}"# + "\n" + #"{"id": "8", "label": null}"#)
        == ["1|7|a|-|-", "2 empty"])
  }

  @Test func columnsHaveTheNamesThatTheUserGives() throws {
    let text = "key,who,mood,why\nx,anna,1,clear\ny,,0,\n"
    let columns = LabelColumns(id: "key", label: "mood", annotator: "who", note: "why")
    var options = CorpusOptions()
    options.labelNames = try LabelNames(parsing: "0=sincere,1=ironic")
    #expect(try rows("labels.csv", text, columns, options) == ["2|x|ironic|anna|clear", "3 no_annotator"])
  }

  @Test func missingValuesAreNoLabelsAndListsAreOne() throws {
    let text = """
      id,label
      1,
      2,nan
      3,NULL
      4,none
      5,"[""ironic""]"
      6,"{""choices"": [""a"", ""b""]}"
      7,"{""choices"": [""a"", ""a""]}"
      8,[]
      ,a
      ,
      10,[sic]

      """
    #expect(
      try rows("labels.csv", text) == [
        "2 empty", "3 empty", "4 empty", "5|4|none|-|-", "6|5|ironic|-|-", "7 several_labels", "8|7|a|-|-", "9 empty",
        "10 empty_key", "11 empty", "12|10|[sic]|-|-",
      ])
  }

  @Test func aWordForMissingValuesCanBeTheCodeOfALabel() throws {
    var options = CorpusOptions()
    options.labelNames = try LabelNames(parsing: "nan=unclear,[]=nothing")
    #expect(
      try rows("labels.csv", "id,label\n1,nan\n2,null\n3,[]\n", LabelColumns(), options)
        == ["2|1|unclear|-|-", "3 empty", "4|3|nothing|-|-"])
  }

  @Test func labelStudiosExportsAreRecognised() throws {
    #expect(
      try rows([preset("label-studio.json")])
        == ["2|100|sincere|1|-", "2|100|ironic|2|-", "38 several_labels", "60 empty"])
    #expect(try rows([preset("label-studio.csv")]) == ["2|100|sincere|1|-", "3 several_labels"])
    #expect(try rows([preset("label-studio-min.json")]) == ["1|100|sincere|1|-", "1 several_labels"])
    #expect(
      try rows([preset("label-studio.csv")], LabelColumns(findsAnnotators: false))
        == ["2|100|sincere|-|-", "3 several_labels"])
  }

  @Test func ofSeveralQuestionsOneIsNamedAndTheOwnIdCounts() throws {
    let task = """
      [{"id": 1, "data": {"id": "0017", "text": "t"}, "annotations": [
        {"completed_by": {"id": 3, "email": "anna@example.org"}, "result": [
          {"from_name": "mood", "value": {"choices": ["ironic"]}}, {"from_name": "topic", "value": {"choices": ["tea"]}}]},
        {"completed_by": {"id": 4}, "was_cancelled": true, "result": [
          {"from_name": "mood", "value": {"choices": ["sincere"]}}]}]}]
      """
    #expect(try rows("p.json", task, LabelColumns(label: "mood")) == ["1|0017|ironic|anna@example.org|-"])
    #expect(try rows("p.json", task, LabelColumns(id: "id", label: "topic")) == ["1|1|tea|anna@example.org|-"])
    #expect(try rows("p.json", task) == ["1 several_labels"])
  }

  @Test func doccanosExportsAreRead() throws {
    let lines = """
      {"id": 1, "text": "a text", "label": ["ironic"], "Comments": []}
      {"id": 2, "text": "another", "label": []}
      {"id": 3, "text": "both", "label": ["ironic", "sincere"]}

      """
    #expect(try rows("all.jsonl", lines) == ["1|1|ironic|-|-", "2 empty", "3 several_labels"])
    #expect(
      try rows([preset("doccano.jsonl")], LabelColumns(label: Preset.named("doccano")[.label])) == [
        "1|1|ironic|-|-", "2 empty",
      ])
    let first = #"{"id": 1, "text": "a", "annotations": [{"label": 2, "user": 1}, {"label": 3, "user": 5}]}"#
    #expect(try rows("first.jsonl", first) == ["1|1|2|1|-", "1|1|3|5|-"])
  }

  /// `clfa export --excel` protects ids, labels and notes, and spreadsheets keep that or not.
  @Test func whatASpreadsheetWasProtectedFromIsUndone() throws {
    let folder = try Scratch()
    let path = try folder.write(
      "back.csv",
      "\u{FEFF}id;label;why\r\n\"=\"\"0012345\"\"\";'-negative;'=why\r\n'-x;'quoted';\"=\"\"1\"\" & 2\"\r\n")
    var options = CorpusOptions(delimiter: UInt8(ascii: ";"))
    let columns = LabelColumns(note: "why")
    #expect(
      try rows([path], columns, options)
        == ["2|=\"0012345\" or 0012345|-negative|-|=why", "3|'-x or -x|'quoted'|-|=\"1\" & 2"])
    var reader = try LabelReader(paths: [path], columns: columns, options: options)
    while try reader.next() != nil {}
    #expect(reader.restoredCells == 2 && reader.rows == 2 && reader.bytesRead == reader.totalBytes)
    options.delimiter = nil
    #expect(throws: CorpusError.self) { try rows([path], columns, options) }
  }

  @Test func anIdThatASpreadsheetRoundedIsNoticedOnce() throws {
    let folder = try Scratch()
    let path = try folder.write("labels.csv", "id,label\n1.29E+18,a\n1.30E+18,b\n")
    var reader = try LabelReader(paths: [path], columns: LabelColumns(), options: CorpusOptions())
    while try reader.next() != nil {}
    #expect(
      reader.notices == [.roundedID(position: RowPosition(file: "labels.csv", record: 1, line: 2), key: "1.29E+18")])
  }

  @Test func aMissingColumnIsNamed() throws {
    func error(_ columns: LabelColumns) throws -> CorpusError? {
      do {
        _ = try rows("labels.csv", "id,mood\n1,a\n", columns)
        return nil
      } catch let error as CorpusError { return error }
    }
    for (columns, option, name) in [
      (LabelColumns(), "label", "label"), (LabelColumns(label: "modo"), "label", "modo"),
      (LabelColumns(label: "mood", annotator: "who"), "annotator", "who"),
      (LabelColumns(label: "mood", note: "why"), "note", "why"),
    ] {
      guard case .missingLabelColumn(_, option, name, ["id", "mood"]) = try error(columns) else {
        Issue.record("\(String(describing: try error(columns)))")
        continue
      }
    }
    #expect(throws: CorpusError.self) { try rows("labels.csv", "key,label\n1,a\n") }
  }

  @Test func damagedRowsAreFaultsAndFilesFollowOneAnother() throws {
    let folder = try Scratch()
    let one = try folder.write("one.csv", "id,label\n1,a,b\n2,b\n"),
      two = try folder.write("two.csv", "id,label\n3,c\n")
    #expect(try rows([one, two]) == ["2 too_many_fields", "3|2|b|-|-", "2|3|c|-|-"])
    #expect(throws: CorpusError.givenTwice(file: one)) { try rows([one, one]) }
  }
}
