package import GRDB
package import Store

/// A run of 400 posts in two months, of which 40 % are ironic; the model finds 75 % of these, and calls 25 % of the others
/// ironic.
package func dumpRows(labelled: (Int) -> Bool = { $0 % 4 == 0 }) -> [TestRow] {
  (0..<400).map { place in
    // Which posts are ironic, and which are labelled or answered wrongly, must not depend on one another.
    let isIronic = noise(place) < 0.4, isWrong = noise(place + 5000) < 0.25
    let answer = isIronic != isWrong, sure = 0.6 + 0.3 * noise(place + 9000)
    let ironic = answer ? sure : 1 - sure
    return TestRow(
      key: "p\(place)", truth: labelled(place) ? (isIronic ? "ironic" : "sincere") : nil,
      predicted: answer ? "ironic" : "sincere", confidence: sure,
      probabilities: #"{"sincere":\#(1 - ironic),"ironic":\#(ironic)}"#,
      extra: #"{"lang":"\#(place % 2 == 0 ? "en" : "de")"}"#,
      posted: place < 200 ? "2026-01-05T00:00:00Z" : "2026-02-05T00:00:00Z")
  }
}

/// The share of ironic posts among them.
package let dumpShare = Double((0..<400).count { noise($0) < 0.4 }) / 400

/// A sample of these posts; without its posts.
package func dumpSample(
  _ name: String = "first", _ design: SampleRecord.Design = .random, drawn: Int = 100
) -> SampleRecord {
  SampleRecord(
    name: name, design: design, seed: 1, strata: [.init(values: [], posts: 400, drawn: drawn)], drawnAt: "t")
}

extension Database {
  /// Adds a sample of the first run.
  package func insertSample(_ record: SampleRecord, _ posts: [(post: Int, stratum: Int)]) throws {
    try execute(
      sql: "INSERT INTO sample (name, run_id, design, settings, drawn_at) VALUES (?, 1, ?, ?, 't')",
      arguments: [record.name, record.design.rawValue, record.settings])
    let id = lastInsertedRowID
    for (place, post) in posts.enumerated() {
      try execute(
        sql: "INSERT INTO sample_post VALUES (?, ?, ?, ?, 0.25)", arguments: [id, place + 1, post.post, post.stratum])
    }
  }
}
