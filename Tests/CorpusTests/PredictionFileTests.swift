import Bytes
import Corpus
import Foundation
import TestSupport
import Testing

@Suite struct PredictionFileTests {
  private func read(
    _ text: String, _ columns: PredictionColumns = PredictionColumns()
  ) throws -> (rows: [PredictionFile.Row], labels: [ByteText], fingerprint: String) {
    let scratch = try Scratch()
    var file = try PredictionFile(path: scratch.write("theirs.csv", text), columns: columns, options: CorpusOptions())
    var rows: [PredictionFile.Row] = []
    while let row = try file.next() { rows.append(row) }
    #expect(file.rows == rows.count)
    return (rows, file.labels, file.fingerprint)
  }

  private func predictions(_ rows: [PredictionFile.Row]) -> [ImportedPrediction] {
    rows.compactMap { if case .prediction(let prediction) = $0 { prediction } else { nil } }
  }

  private func faults(_ rows: [PredictionFile.Row]) -> [String] {
    rows.compactMap { if case .fault(let fault) = $0 { "\(fault.position.line) \(fault.code.rawValue)" } else { nil } }
  }

  @Test func labelsAloneAreHard() throws {
    let (rows, labels, _) = try read("id,label\r\na,yes\r\nb,no\r\nc,yes\r\n")
    #expect(labels == ["yes", "no"])
    let found = predictions(rows)
    #expect(found.map(\.key) == ["a", "b", "c"] && found.map(\.label) == ["yes", "no", "yes"])
    #expect(found.allSatisfy { $0.confidence == 1 && $0.probabilities.isEmpty })
    #expect(found[2].position.record == 3 && found[2].position.line == 4)
  }

  @Test func aLabelIsItsBytes() throws {
    let (one, two): (ByteText, ByteText) = ("caf\u{E9}", "cafe\u{301}")
    let (rows, labels, _) = try read("id,label\na,\(one)\nb,\(two)\nc,\(one)\n")
    #expect(labels == [one, two] && predictions(rows).map(\.label) == [one, two, one])
  }

  @Test func probabilitiesGiveTheLabelAndItsConfidence() throws {
    let (rows, labels, _) = try read("p_no,id,p_yes\n0.25,a,0.75\n0.5,b,0.5\n1.0000001,c,0\n")
    #expect(labels == ["no", "yes"])
    let found = predictions(rows)
    #expect(found.map(\.label) == ["yes", "no", "no"] && found.map(\.confidence) == [0.75, 0.5, 1])
    #expect(found[0].probabilities == [0.25, 0.75])
  }

  @Test func valuesInTheFileTakePrecedence() throws {
    let (rows, _, _) = try read("id,label,confidence,p_no,p_yes\na,yes,0.9,0.6,0.4\nb,,,0.6,0.4\n")
    let found = predictions(rows)
    #expect(found.map(\.label) == ["yes", "no"] && found.map(\.confidence) == [0.9, 0.6])
  }

  @Test func anExportIsReadUnchanged() throws {
    // Its own label column has the true label, not a prediction.
    let (rows, labels, _) = try read(
      "id,label,clfa_label,clfa_confidence,clfa_p_no,clfa_p_yes\na,no,yes,0.75,0.25,0.75\nb,no,,,,\n")
    #expect(labels == ["no", "yes"] && predictions(rows).map(\.label) == ["yes"] && faults(rows) == ["3 no_label"])
  }

  @Test func anExportOfLabelsAloneIsReadAgain() throws {
    let (rows, labels, _) = try read(
      "id,clfa_label,clfa_confidence,clfa_p_no,clfa_p_yes\na,yes,,,\nb,no,0.75,,\nc,no,,0.5,\n")
    let found = predictions(rows)
    #expect(labels == ["no", "yes"] && found.map(\.label) == ["yes", "no"])
    #expect(found.allSatisfy { $0.probabilities.isEmpty } && found.map(\.isSure) == [false, true])
    // A single missing one is still a fault.
    #expect(faults(rows) == ["4 bad_probability"])
  }

  @Test func columnsAndLabelsCanBeNamed() throws {
    let columns = PredictionColumns(
      id: "tweet", label: "class", prefix: "prob:", labelNames: try LabelNames(parsing: "0=no,1=yes"))
    let (rows, labels, _) = try read("tweet,class,prob:0,prob:1\na,1,0.2,0.8\n", columns)
    #expect(labels == ["no", "yes"] && predictions(rows).map(\.label) == ["yes"])
  }

  @Test func eachFaultIsNamed() throws {
    let (rows, _, _) = try read(
      "id,label,p_no,p_yes\n,yes,0.5,0.5\nb,maybe,0.5,0.5\nc,yes,0.5,0.7\nd,yes,x,0.7\ne,yes,nan,1\nf,yes\ng,yes,-1,2\nh,yes,,\n"
    )
    #expect(
      faults(rows) == [
        "2 empty_key", "3 unknown_label", "4 bad_probability", "5 bad_probability", "6 bad_probability",
        "7 too_few_fields", "8 bad_probability",
      ])
  }

  @Test func rejectsFilesWithoutPredictions() {
    #expect(throws: PredictionFileError.self) { try read("key,label\na,b\n") }
    #expect(throws: PredictionFileError.self) { try read("id,text\na,b\n") }
    #expect(throws: PredictionFileError.self) { try read("id,p_yes\na,0.5\n") }
    #expect(throws: PredictionFileError.self) { try read("id,id,label\na,a,b\n") }
    #expect(throws: PredictionFileError.self) { try read("id,label\na,b\n", PredictionColumns(label: "class")) }
    #expect(throws: PredictionFileError.self) { try read("") }
    let many = (0...1000).map { "\($0),label \($0)\n" }.joined()
    #expect(throws: PredictionFileError.self) { try read("id,label\n" + many) }
  }

  @Test func theFingerprintDependsOnThePredictions() throws {
    let some = try read("id,label\na,yes\nb,no\n").fingerprint
    #expect(some.hasPrefix("import:") && some.utf8.count == 71)
    #expect(try read("other,id,label\n1,a,yes\n2,b,no\n").fingerprint == some)
    for other in [
      "id,label\na,yes\nb,yes\n", "id,label\na,yes\n", "id,label\nb,no\na,yes\n", "id,label\nay,es\nb,no\n",
    ] {
      #expect(try read(other).fingerprint != some)
    }
  }
}
