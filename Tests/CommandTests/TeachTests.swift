import Foundation
import Testing

/// `clfa teach` without a teacher's weights.
@Suite struct TeachTests {
  @Test func missingFlagsAreReportedBeforeReading() async throws {
    let workdir = try Workdir()
    let corpus = try workdir.write("posts.csv", "id,text,picture\n1,a cat,face\n2,,face\n3\n")
    let arguments = ["teach", corpus, "--text-column", "text", "--image-column", "picture", "--teacher", "bert"]
    let nowhere = try await workdir.run(arguments + ["-o", "none/out.safetensors"])
    #expect(nowhere.status == 1, "\(nowhere.errors)")
    #expect(nowhere.errors.contains("none/out.safetensors can't be written"), "\(nowhere.errors)")
    let missing = try await workdir.run(arguments + ["-o", "out.safetensors"])
    #expect(missing.status == 1 && missing.errors.contains("bert/config.json does not exist"), "\(missing.errors)")
    #expect(missing.errors.contains("posts.csv:4 (key 3) corpus: too_few_fields"), "\(missing.errors)")
    #expect(!FileManager.default.fileExists(atPath: workdir.path + "/out.safetensors"))
  }

  @Test func namesTheFlagsOfItsColumns() async throws {
    let workdir = try Workdir()
    let corpus = try workdir.write("posts.csv", "id,text,picture\n1,a cat,face\n")
    let column = try await workdir.run(
      "teach", corpus, "--text-column", "text", "--image-column", "pic", "--teacher", "bert", "-o", "out.safetensors")
    #expect(column.status == 64, "\(column.errors)")
    #expect(column.errors.contains("'pic'") && column.errors.contains("--image"), "\(column.errors)")
  }

  @Test func rejectsFlagsWithoutEffect() async throws {
    let workdir = try Workdir()
    let corpus = try workdir.write("posts.csv", "id,text,picture\n1,a cat,face\n")
    for more in [["-o", corpus], ["-o", ""], [], ["-o", "x", "--whiten", "0"], ["-o", "x", "--threads", "0"]] {
      let outcome = try await workdir.run(
        ["teach", corpus, "--image-column", "picture", "--teacher", "bert"] + more)
      #expect(outcome.status == 64, "\(outcome.errors)")
    }
  }
}
