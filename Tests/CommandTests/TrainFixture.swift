import Foundation

/// The command line of a tiny model's training on some of the samples.
enum TrainFixture {
  /// Writes `train.csv` of 20 posts and `valid.csv` of 12.
  static func write(_ workdir: borrowing Workdir) throws {
    let lines = try LabelledSamples.lines()
    try workdir.write("train.csv", lines[0...20].joined(separator: "\n") + "\n")
    try workdir.write("valid.csv", (lines[0...0] + lines[21...32]).joined(separator: "\n") + "\n")
  }

  /// The flags of a fresh model.
  static let fresh = [
    "--vocabulary", Workdir.samples + "/model/vocab.txt", "--text-size", "1x16", "--image-size", "1x16/8@16",
  ]

  /// The posts and the learning rates.
  static let corpus = [
    "train", "train.csv", "--validation", "valid.csv", "--images", Workdir.samples, "--batch", "4", "--learning-rate",
    "1e-3",
  ]

  /// Trains a fresh model into a folder without a teacher.
  static func arguments(_ output: String, _ more: String..., epochs: Int = 2) -> [String] {
    corpus + fresh + ["--dim", "16", "--alpha", "0", "--epochs", "\(epochs)", "-o", output] + more
  }

  /// The bytes of the files that every run of the same command makes.
  static func model(_ workdir: borrowing Workdir, _ output: String) throws -> [Data] {
    let folder = workdir.path + "/" + output
    return try ["weights.safetensors", "history.jsonl", "config.json", "vocab.txt"].map {
      try Data(contentsOf: URL(filePath: "\(folder)/\($0)"))
    }
  }

  /// A teacher's vectors of width 16 in an SQLite file, for the first `posts` posts.
  static func teach(_ workdir: borrowing Workdir, _ name: String, posts: Int, width: Int = 16) async throws {
    let blob = (0..<width).map { String(format: "%02x%02x803f", $0 * 7 % 256, $0 * 13 % 256) }.joined()
    let made = try await workdir.shell(
      """
      { echo "CREATE TABLE teacher(id TEXT, text BLOB, image BLOB);"
      cat train.csv valid.csv | grep ^test- | head -\(posts) | cut -d, -f1 | while read id; do
      echo "INSERT INTO teacher VALUES('$id', X'\(blob)', X'\(blob)');"; done; } > \(name).sql
      """)
    guard made.status == 0 else { return }
    let sql = try String(contentsOfFile: "\(workdir.path)/\(name).sql", encoding: .utf8)
    try workdir.execute(name, sql)
  }
}
