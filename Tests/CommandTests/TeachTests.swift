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

  @Test func aLoRAAdapterTeachesWithItsBase() async throws {
    let workdir = try Workdir(), lora = Workdir.repository + "/Tests/ModelsTests/Data/lora/plain"
    let corpus = try workdir.write(
      "posts.csv", "id,text,seen\n1,word1 word2,word3\n2,word4,word5 word6\n3,word7 word8,word9\n")
    let arguments = ["teach", corpus, "--text-column", "text", "--image-column", "seen", "-o", "t.safetensors"]
    let alone = try await workdir.run(arguments + ["--teacher", lora + "/adapter"])
    #expect(alone.status == 1 && alone.errors.contains("name the folder of its base"), "\(alone.errors)")
    let taught = try await workdir.run(arguments + ["--teacher", lora + "/adapter", "--base", lora + "/base"])
    #expect(taught.status == 0 && taught.errors.contains("vectors of 8 numbers"), "\(taught.errors)")
    for (more, words) in [
      (["--teacher", lora + "/base", "--base", lora + "/base"], "no teacher is the folder of one"),
      (["--teacher", lora + "/adapter", "--base", lora, "--base", lora], "there is 1"),
    ] {
      let outcome = try await workdir.run(arguments + more)
      #expect(outcome.status == 64 && outcome.errors.contains(words), "\(outcome.errors)")
    }
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
