import Evaluation
import Foundation
import TestSupport
import Testing

/// `--exif-orientation`: what EXIF data say about a picture, in training, scoring and thumbnails.
@Suite struct OrientationTests {
  private static let posts = 16
  private static let scores =
    "SELECT key, label, confidence FROM prediction JOIN post ON post.id = post_id ORDER BY key"
  private static let thumbnails = "SELECT key, hex(jpeg) FROM thumbnail JOIN post ON post.id = post_id ORDER BY key"

  /// Writes `posts.csv`, and its pictures twice: `upright`, and `turned`, where they are stored upside down.
  private static func write(_ workdir: borrowing Workdir) throws {
    var random = SeededGenerator(seed: 3), rows = "id,text,image,label\n"
    for number in 0..<posts {
      let pixels = (0..<16 * 12).map { place in
        [UInt8(place < 96 ? 230 : 20), UInt8(number * 9), UInt8.random(in: 0...255, using: &random)]
      }
      let stored = PNG.file(width: 16, Array(pixels.reversed().joined()))
      try workdir.write("upright/\(number).png", Data(PNG.file(width: 16, Array(pixels.joined()))))
      try workdir.write("turned/\(number).png", Data(PNG.turned(stored, orientation: 3)))
      rows += "\(number),fun no \(number),\(number).png,\(number % 2 == 0 ? "yes" : "no")\n"
    }
    try workdir.write("posts.csv", rows)
  }

  private static func train(_ workdir: borrowing Workdir, _ images: String, _ more: String...) async throws {
    let arguments =
      ["train", "posts.csv", "--validation", "posts.csv", "--images", images, "--dim", "16", "--alpha", "0"]
      + ["--epochs", "1", "--batch", "4", "-o", "M-\(images)"] + TrainFixture.fresh + more
    let outcome = try await workdir.run(arguments)
    #expect(outcome.status == 0, "\(outcome.errors)")
  }

  private static func score(
    _ workdir: borrowing Workdir, _ model: String, _ images: String
  ) async throws -> (scores: [String], thumbnails: [String]) {
    let store = "\(model)-\(images).sqlite"
    let outcome = try await workdir.run(
      "score", "posts.csv", "--model", model, "--images", images, "--store", store, "--precision", "f32",
      "--thumbnails", "16")
    #expect(outcome.status == 0, "\(outcome.errors)")
    return (try workdir.rows(store, scores), try workdir.rows(store, thumbnails))
  }

  private static func configuration(_ workdir: borrowing Workdir, _ model: String) throws -> String {
    try String(contentsOfFile: "\(workdir.path)/\(model)/config.json", encoding: .utf8)
  }

  @Test func aModelThatAppliesItSeesPicturesUprightInTrainingAndScoring() async throws {
    let workdir = try Workdir()
    try Self.write(workdir)
    try await Self.train(workdir, "upright")
    try await Self.train(workdir, "turned", "--exif-orientation", "apply")
    let weights = try ["upright", "turned"].map {
      try Data(contentsOf: URL(filePath: "\(workdir.path)/M-\($0)/weights.safetensors"))
    }
    #expect(weights[0] == weights[1])
    #expect(try !Self.configuration(workdir, "M-upright").contains("exif_orientation"))
    #expect(try Self.configuration(workdir, "M-turned").contains(#""exif_orientation": "apply""#))

    let upright = try await Self.score(workdir, "M-turned", "upright")
    let turned = try await Self.score(workdir, "M-turned", "turned")
    #expect(upright.scores.count == Self.posts && upright.scores == turned.scores)
    #expect(upright.thumbnails.count == Self.posts && upright.thumbnails == turned.thumbnails)

    // By default pictures are seen as they are stored; thumbnails are upright all the same.
    let ignored = try await Self.score(workdir, "M-upright", "turned")
    #expect(try await Self.score(workdir, "M-upright", "upright").scores == upright.scores)
    #expect(ignored.scores != upright.scores && ignored.thumbnails == upright.thumbnails)
  }

  @Test func aModelKeepsItsOwn() async throws {
    let workdir = try Workdir()
    try Self.write(workdir)
    try await Self.train(workdir, "turned", "--exif-orientation", "apply")
    let more = [
      "train", "posts.csv", "--validation", "posts.csv", "--images", "turned", "--alpha", "0", "--epochs", "1",
    ]
    let refused = try await workdir.run(more + ["--from", "M-turned", "-o", "N", "--exif-orientation", "ignore"])
    #expect(refused.status == 64 && refused.errors.contains("leave out --exif-orientation"), "\(refused.errors)")
    let continued = try await workdir.run(more + ["--from", "M-turned", "-o", "N"])
    #expect(continued.status == 0, "\(continued.errors)")
    #expect(try Self.configuration(workdir, "N").contains(#""exif_orientation": "apply""#))
    let info = try await workdir.run("model", "info", "N")
    #expect(info.output.contains("turned upright first"), "\(info.output)")
  }
}
