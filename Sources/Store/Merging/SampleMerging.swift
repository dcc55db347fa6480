import Bytes
import GRDB

/// Copies one store's samples into another, after its posts and runs.
struct SampleMerging {
  private let input: Database
  private let inputPath: String
  private let output: Database
  /// The output's id for each run of the input.
  private let runs: [Int64: Int64]

  init(from input: Database, at inputPath: String, into output: Database, runs: [Int64: Int64]) {
    (self.input, self.inputPath, self.output, self.runs) = (input, inputPath, output, runs)
  }

  /// Copies every sample. One that the output has under the same name must have been drawn in the same way from the same
  /// run; then only its missing posts, and the keys of annotators that it does not know, are added.
  func copySamples() throws {
    guard try input.tableExists("sample") else { return }
    let samples = try Row.fetchAll(
      input, sql: "SELECT id, run_id, name, design, settings, drawn_at FROM sample ORDER BY id")
    for sample in samples {
      guard let run = runs[try sample.get(1)] else { throw DamagedRow(column: "run_id") }
      let id = try identify(sample, run: run)
      try copyPosts(of: sample.get(0), to: id)
    }
  }

  /// The output's id for a sample; it is inserted if it is new.
  private func identify(_ sample: Row, run: Int64) throws -> Int64 {
    let (name, design, settings, drawnAt): (ByteText, ByteText, ByteText, ByteText) = try (
      sample.get(2), sample.get(3), sample.get(4), sample.get(5)
    )
    let found = try Row.fetchOne(
      output, sql: "SELECT id, run_id, design, settings, drawn_at FROM sample WHERE name = ?", arguments: [name])
    if let found {
      let stored: ByteText = try found.get(3)
      var joined = SampleSettings(stored.text)
      let added = SampleSettings(settings.text)
      let isDrawnAlike = joined.flatMap { joined in added.map(joined.isDrawn(as:)) } ?? (stored == settings)
      let isSame = try found.get(1) == run && found.get(2) == design && isDrawnAlike && found.get(4) == drawnAt
      guard isSame else { throw StoreError.merge(.samplesDiffer(sample: name.text, second: inputPath)) }
      let id: Int64 = try found.get(0)
      let known = joined?.keys.count
      if let added { joined?.addKeys(of: added) }
      if let joined, joined.keys.count != known {
        try output.execute(sql: "UPDATE sample SET settings = ? WHERE id = ?", arguments: [joined.text, id])
      }
      return id
    }
    try output.execute(
      sql: "INSERT INTO sample (run_id, name, design, settings, drawn_at) VALUES (?, ?, ?, ?, ?)",
      arguments: [run, name, design, settings, drawnAt])
    return output.lastInsertedRowID
  }

  /// Copies a sample's posts; one that was forgotten in the output stays away.
  private func copyPosts(of from: Int64, to sample: Int64) throws {
    let posts = try Row.fetchCursor(
      input,
      sql: """
        SELECT position, stratum, inclusion, key, content_hash FROM sample_post
        JOIN post ON post.id = sample_post.post_id WHERE sample_id = ? ORDER BY position
        """, arguments: [from])
    let insert = try output.cachedStatement(
      sql: """
        INSERT INTO sample_post (sample_id, position, stratum, inclusion, post_id)
        SELECT ?, ?, ?, ?, id FROM post WHERE key = ? AND content_hash = ?
        ON CONFLICT DO NOTHING
        """)
    while let post = try posts.next() {
      try insert.execute(arguments: [sample] + StatementArguments(post.databaseValues))
    }
  }
}
