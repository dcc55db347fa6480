import Foundation
import Testing

/// `clfa teach --learn`: from captions to a teacher, and what it needs.
@Suite struct TeachLearningTests {
  private static let clip = Workdir.repository + "/Tests/ModelsTests/Data/clip/b32"

  @Test func learntProjectionsTeach() async throws {
    let workdir = try Workdir()
    try TrainFixture.write(workdir)
    // A half of a CLIP is an encoder, too: the texts' reads as a BERT does, the pictures' as a ViT.
    let learning = [
      "teach", "--learn", "train.csv", "--validation", "valid.csv", "--image-column", "image", "--images",
      Workdir.samples, "--text-encoder", Self.clip, "--image-encoder", Self.clip, "--dim", "12", "--epochs", "2",
      "--batch", "8",
    ]
    let learnt = try await workdir.run(learning + ["-o", "heads"])
    #expect(learnt.status == 0, "\(learnt.errors)")
    #expect(
      learnt.errors.contains("heads: projections into 12 numbers, learnt from 20 captions with pictures in 2 epochs"),
      "\(learnt.errors)")
    #expect(learnt.errors.contains("held-out pairs: A text is "), "\(learnt.errors)")
    #expect(learnt.errors.contains("own picture comes first of 12"), "\(learnt.errors)")
    let again = try await workdir.run(learning + ["-o", "heads"])
    #expect(again.status == 1 && again.errors.contains("heads"), "\(again.errors)")

    let taught = try await workdir.run(
      "teach", "train.csv", "--teacher", "heads", "--image-column", "image", "--images", Workdir.samples, "-o",
      "t.safetensors")
    #expect(
      taught.status == 0 && taught.errors.contains("20 posts of 20 rows with vectors of 12 numbers"),
      "\(taught.errors)")
    try workdir.write("heads/image/preprocessor_config.json", "{}")
    let changed = try await workdir.run(
      "teach", "train.csv", "--teacher", "heads", "--image-column", "image", "--images", Workdir.samples, "-o",
      "t.safetensors")
    #expect(
      changed.status == 1 && changed.errors.contains("is not the encoder that the projections were fitted to"),
      "\(changed.errors)")
  }

  @Test func incompatibleOptionsAreRejected() async throws {
    let workdir = try Workdir()
    try workdir.write("c.csv", "id,text,image\n1,a,b.jpg\n")
    let whole = [
      "--learn", "--validation", "c.csv", "--image-column", "image", "--text-encoder", "b", "--image-encoder", "v",
    ]
    for more in [
      ["--learn", "--image-column", "image"], whole + ["--teacher", "t"], whole + ["--vectors", "v.csv"],
      whole + ["--centre"], whole + ["--batch", "1"], whole + ["--dim", "0"], whole + ["--temperature", "0"],
      whole + ["--learning-rate", "2"], whole + ["--seed", "-1"],
      ["--teacher", "t", "--image-column", "image", "--epochs", "3"],
    ] {
      let outcome = try await workdir.run(["teach", "c.csv", "-o", "heads"] + more)
      #expect(outcome.status == 64, "\(more): \(outcome.errors)")
    }
    let missing = try await workdir.run(["teach", "c.csv", "-o", "heads"] + whole)
    #expect(missing.status == 1 && missing.errors.contains("b/config.json does not exist"), "\(missing.errors)")
  }
}
