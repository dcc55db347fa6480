package import Bytes
import GRDB

/// The labels that an annotator of a sample chooses from, in the order of their keys.
///
/// `sample.settings` remembers them as the member `keys` of its object: a list of labels for each annotator. So the same
/// key gives the same label the next time.
package struct LabelKeys: Equatable, Sendable {
  package var sample: String
  package var annotator: String
  package var labels: [ByteText]

  package init(sample: String, annotator: String, labels: [ByteText]) {
    (self.sample, self.annotator, self.labels) = (sample, annotator, labels)
  }

  /// An annotator's labels by the settings of a sample; nil if they say nothing of the annotator.
  package static func labels(of annotator: String, in settings: String) -> [ByteText]? {
    SampleSettings(settings)?.keys.first { $0.key == ByteText(annotator) }?.value.asList?.compactMap {
      $0.asString.map { ByteText($0) }
    }
  }

  /// Remembers the labels, within a transaction. Settings of another program, and a sample that is gone, stay as they are.
  func store(in db: Database) throws {
    let stored = try String.fetchOne(db, sql: "SELECT settings FROM sample WHERE name = ?", arguments: [sample])
    guard var settings = stored.flatMap(SampleSettings.init) else { return }
    settings.keys.removeAll { $0.key == ByteText(annotator) }
    settings.keys.append(
      JSON.Member(key: ByteText(annotator), value: .array(labels.map { .string($0.text) })))
    try db.execute(sql: "UPDATE sample SET settings = ? WHERE name = ?", arguments: [settings.text, sample])
  }
}

/// `sample.settings`, with what annotators changed apart from how the sample was drawn.
struct SampleSettings {
  /// How the sample was drawn.
  private let drawing: [JSON.Member]
  /// The annotators with the labels of their keys.
  var keys: [JSON.Member]

  /// Reads settings; nil if they are not a JSON object.
  init?(_ text: String) {
    guard case .object(let members) = try? JSONParser.parse(Array(text.utf8)) else { return nil }
    drawing = members.filter { $0.key != "keys" }
    if case .object(let keys) = members.first(where: { $0.key == "keys" })?.value {
      self.keys = keys
    } else {
      keys = []
    }
  }

  /// Canonical JSON.
  var text: String {
    JSON.object(drawing + (keys.isEmpty ? [] : [JSON.Member(key: "keys", value: .object(keys))])).text(.canonical)
  }

  /// Whether both samples were drawn in the same way.
  func isDrawn(as other: SampleSettings) -> Bool {
    ByteText(JSON.object(drawing).text(.canonical)) == ByteText(JSON.object(other.drawing).text(.canonical))
  }

  /// Adds the annotators of the same sample in another store that this one does not know.
  mutating func addKeys(of other: SampleSettings) {
    keys += other.keys.filter { member in !keys.contains { $0.key == member.key } }
  }
}
