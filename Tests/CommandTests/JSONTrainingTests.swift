import Foundation
import Testing

/// Training and what belongs to it read JSON and compressed files: the same posts give the same bytes.
@Suite struct JSONTrainingTests {
  private static let clip = Workdir.repository + "/Tests/ModelsTests/Data/clip/b32"

  /// Writes the posts of `train.csv` and `valid.csv` as JSON: Lines, a list, and compressed. A blank first line in place
  /// of the header gives each post its line.
  private static func write(_ workdir: borrowing Workdir) throws {
    try TrainFixture.write(workdir)
    let train = try json("train.csv", workdir), valid = try json("valid.csv", workdir)
    try workdir.write("train.jsonl", "\n" + train.joined(separator: "\n") + "\n")
    try workdir.writeGzip("train.csv.gz", String(contentsOfFile: workdir.path + "/train.csv", encoding: .utf8))
    try workdir.writeZstd("train.jsonl.zst", "\n" + train.joined(separator: "\n") + "\n")
    try workdir.write("valid.json", "[\n" + valid.joined(separator: ",\n") + "\n]\n")
  }

  private static func json(_ name: String, _ workdir: borrowing Workdir) throws -> [String] {
    LabelledSamples.json(try String(contentsOfFile: "\(workdir.path)/\(name)", encoding: .utf8))
  }

  @Test func trainingGivesTheSameModel() async throws {
    let workdir = try Workdir()
    try Self.write(workdir)
    let csv = try await workdir.run(TrainFixture.arguments("csv"))
    #expect(csv.status == 0, "\(csv.errors)")
    for (corpus, validation) in [
      ("train.jsonl", "valid.json"), ("train.jsonl.zst", "valid.csv"), ("train.csv.gz", "valid.json"),
    ] {
      let others = ["train.csv": corpus, "valid.csv": validation]
      let arguments = TrainFixture.arguments(corpus + ".model").map { others[$0] ?? $0 }
      let other = try await workdir.run(arguments)
      #expect(other.status == 0, "\(corpus): \(other.errors)")
      #expect(try TrainFixture.model(workdir, corpus + ".model") == TrainFixture.model(workdir, "csv"), "\(corpus)")
    }
  }

  @Test func aTeacherGivesTheSameVectors() async throws {
    let workdir = try Workdir()
    try Self.write(workdir)
    var files: [Data] = []
    for corpus in ["train.csv", "train.jsonl", "train.jsonl.zst", "train.csv.gz"] {
      let taught = try await workdir.run(
        "teach", corpus, "--teacher", Self.clip, "--image-column", "image", "--images", Workdir.samples, "-o",
        corpus + ".safetensors")
      #expect(taught.status == 0 && taught.errors.contains("20 posts of 20 rows"), "\(corpus): \(taught.errors)")
      files.append(try Data(contentsOf: URL(filePath: "\(workdir.path)/\(corpus).safetensors")))
    }
    #expect(files.allSatisfy { $0 == files[0] } && files[0].count > 20 * 2 * 16 * 4)
  }

  @Test func projectionsAreLearntFromJSON() async throws {
    let workdir = try Workdir()
    try Self.write(workdir)
    var weights: [Data] = []
    for (corpus, validation, output) in [("train.csv", "valid.csv", "a"), ("train.jsonl.zst", "valid.json", "b")] {
      let learnt = try await workdir.run(
        "teach", "--learn", corpus, "--validation", validation, "--image-column", "image", "--images", Workdir.samples,
        "--text-encoder", Self.clip, "--image-encoder", Self.clip, "--dim", "12", "--epochs", "2", "--batch", "8", "-o",
        output)
      #expect(learnt.status == 0, "\(corpus): \(learnt.errors)")
      let folder = workdir.path + "/" + output
      let names = try FileManager.default.subpathsOfDirectory(atPath: folder).filter { $0.hasSuffix(".safetensors") }
      for name in names.sorted() { weights.append(try Data(contentsOf: URL(filePath: "\(folder)/\(name)"))) }
    }
    #expect(weights.count >= 2 && weights.prefix(weights.count / 2) == weights.suffix(weights.count / 2))
  }

  @Test func checkFindsTheSame() async throws {
    let workdir = try Workdir()
    try Self.write(workdir)
    try workdir.write("other.csv", LabelledSamples.lines().prefix(6).joined(separator: "\n") + "\n")
    var found: [String] = []
    for corpus in ["train.csv", "train.jsonl", "train.jsonl.zst", "train.csv.gz"] {
      let check = try await workdir.run(
        "check", corpus, "--against", "other.csv", "--images", Workdir.samples, "--decode", "--format", "json")
      #expect(check.status == 0, "\(corpus): \(check.errors)")
      found.append(check.output.replacing(corpus, with: "train.csv"))
    }
    #expect(found.allSatisfy { $0 == found[0] } && found[0].contains("5 rows have their text in the other corpus"))
  }
}
