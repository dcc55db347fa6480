import Foundation
import Testing

/// `clfa teach` with a small CLIP with random weights, from the corpus to a model trained with its vectors.
@Suite struct TeachClipTests {
  private static let clip = Workdir.repository + "/Tests/ModelsTests/Data/clip/b32"

  @Test func aModelLearnsFromAClipsVectors() async throws {
    let workdir = try Workdir()
    try TrainFixture.write(workdir)
    let taught = try await workdir.run(
      "teach", "train.csv", "valid.csv", "--teacher", Self.clip, "--image-column", "image", "--images", Workdir.samples,
      "-o", "teacher.safetensors")
    #expect(taught.status == 0, "\(taught.errors)")
    #expect(taught.output.isEmpty)
    #expect(
      taught.errors.contains("teacher.safetensors: 32 posts of 32 rows with vectors of 16 numbers, from "),
      "\(taught.errors)")
    #expect(taught.errors.contains("32 different pictures"), "\(taught.errors)")
    #expect(taught.errors.contains("\npairs: A text is "), "\(taught.errors)")
    // Its weights are random.
    #expect(taught.errors.contains("notice: 32 posts are too few to tell"), "\(taught.errors)")
    #expect(!FileManager.default.fileExists(atPath: workdir.path + "/teacher.safetensors.encoded"))
    let trained = try await workdir.run(
      TrainFixture.corpus + TrainFixture.fresh + [
        "--dim", "16", "--epochs", "1", "--teacher", "teacher.safetensors", "-o", "M",
      ])
    #expect(trained.status == 0, "\(trained.errors)")
    let history = try String(contentsOfFile: workdir.path + "/M/history.jsonl", encoding: .utf8)
    #expect(history.contains("image_alignment"))
    // Training measures the teacher on the posts on which teaching did.
    let again = try await workdir.run(
      "teach", "train.csv", "--teacher", Self.clip, "--image-column", "image", "--images", Workdir.samples, "-o",
      "again.safetensors")
    let found = try #require(history.firstMatch(of: /"teacher_pairs":\{[^}]*"value":([0-9.]+)/)?.1)
    let percent = String(format: "%.1f %% of cases", 100 * (try #require(Double(found))))
    #expect(again.errors.contains("\npairs: A text is ") && again.errors.contains(percent), "\(again.errors)")
  }

  @Test func unreadablePicturesAreReportedAndLeftOut() async throws {
    let workdir = try Workdir(), jpeg = try Data(contentsOf: URL(filePath: Workdir.jpeg))
    try workdir.write("in/a.jpg", jpeg)
    try workdir.write("in/cut.jpg", jpeg.prefix(200))
    try workdir.write("out.jpg", jpeg)
    try workdir.write(
      "posts.csv",
      "id,text,image\n1,a cat,a.jpg\n2,a dog,cut.jpg\n3,a bird,../out.jpg\n4,a fish,none.jpg\n5,a cow,\n6\n")
    let arguments = [
      "teach", "posts.csv", "--teacher", Self.clip, "--image-column", "image", "--images", "in", "-o", "t.safetensors",
    ]
    let taught = try await workdir.run(arguments)
    #expect(taught.status == 0, "\(taught.errors)")
    for words in [
      "posts.csv:3 (key 2) image: truncated: cut.jpg", "posts.csv:4 (key 3) image: outside_folder: ../out.jpg",
      "posts.csv:5 (key 4) image: missing: none.jpg", "posts.csv:7 (key 6) corpus: too_few_fields",
      "t.safetensors: 1 post of 6 rows with vectors of 16 numbers, from 4 different texts and 1 different picture; "
        + "left out: 1 without a text or a picture, 1 faulted, 3 with a picture that cannot be read",
    ] {
      #expect(taught.errors.contains(words), "\(taught.errors)")
    }
    #expect(try await workdir.run(arguments + ["--strict"]).status == 2)
  }

  @Test func aSigLIPTeaches() async throws {
    let workdir = try Workdir()
    try TrainFixture.write(workdir)
    let siglip = Workdir.repository + "/Tests/ModelsTests/Data/clip/siglip"
    let taught = try await workdir.run(
      "teach", "train.csv", "--teacher", siglip, "--image-column", "image", "--images", Workdir.samples, "-o",
      "t.safetensors")
    #expect(taught.status == 0, "\(taught.errors)")
    #expect(
      taught.errors.contains("t.safetensors: 20 posts of 20 rows with vectors of 24 numbers"), "\(taught.errors)")
  }

  @Test func twoEncodersThatShareASpaceTeach() async throws {
    let workdir = try Workdir()
    try TrainFixture.write(workdir)
    let corpus = ["train.csv", "--image-column", "image", "--images", Workdir.samples, "-o"]
    let one = try await workdir.run(["teach"] + corpus + ["one.safetensors", "--teacher", Self.clip])
    let two = try await workdir.run(
      ["teach"] + corpus + ["two.safetensors", "--text-teacher", Self.clip, "--image-teacher", Self.clip])
    #expect(one.status == 0 && two.status == 0, "\(two.errors)")
    #expect(two.errors == one.errors.replacing("one.safetensors", with: "two.safetensors"), "\(two.errors)")
    let siglip = Workdir.repository + "/Tests/ModelsTests/Data/clip/siglip"
    for (more, words, status) in [
      (["--text-teacher", Self.clip], "belong together", Int32(64)),
      (["--text-teacher", Self.clip, "--image-teacher", Self.clip, "--teacher", Self.clip], "give either", 64),
      (["--text-teacher", Self.clip, "--image-teacher", siglip], "16 numbers, those of pictures 24", 1),
      (["--text-teacher", Self.clip, "--image-teacher", "."], "no vectors in a space that texts share", 1),
    ] {
      let outcome = try await workdir.run(["teach"] + corpus + ["t.safetensors"] + more)
      #expect(outcome.status == status && outcome.errors.contains(words), "\(outcome.errors)")
    }
  }

  @Test func picturesAreNextToTheirOwnCorpus() async throws {
    let workdir = try Workdir(), jpeg = try Data(contentsOf: URL(filePath: Workdir.jpeg))
    for folder in ["one", "two"] {
      try workdir.write("\(folder)/a.jpg", jpeg)
      try workdir.write("\(folder)/\(folder).csv", "id,text,image\n\(folder),a cat,a.jpg\n")
    }
    let taught = try await workdir.run(
      "teach", "one/one.csv", "two/two.csv", "--teacher", Self.clip, "--image-column", "image", "-o", "t.safetensors")
    #expect(taught.status == 0, "\(taught.errors)")
    // The same bytes under two names are one picture.
    #expect(taught.errors.contains("2 posts of 2 rows"), "\(taught.errors)")
    #expect(taught.errors.contains("1 different text and 1 different picture"), "\(taught.errors)")
  }

  @Test func anInterruptedTeacherContinues() async throws {
    let workdir = try Workdir()
    let arguments = [
      "teach", Workdir.samples + "/posts.csv", "--teacher", Self.clip, "--image-column", "image", "--threads", "1",
      "-o",
    ]
    let whole = try await workdir.run(arguments + ["whole.safetensors"])
    #expect(whole.status == 0, "\(whole.errors)")
    // However far it got, the next turn ends with the same bytes.
    let ended = try await workdir.run(arguments + ["t.safetensors"], signalOnceCaught: SIGTERM)
    #expect(ended.status == 130 || ended.status == 0, "\(ended.errors)")
    let again = try await workdir.run(arguments + ["t.safetensors"])
    #expect(again.status == 0, "\(again.errors)")
    let files = try ["whole", "t"].map { try Data(contentsOf: URL(filePath: "\(workdir.path)/\($0).safetensors")) }
    #expect(files[0] == files[1])
    #expect(!FileManager.default.fileExists(atPath: workdir.path + "/t.safetensors.encoded"))
  }

  @Test func foldersThatAreNotTeachersAreErrors() async throws {
    let workdir = try Workdir()
    try workdir.write("posts.csv", "id,text,image\n1,a cat,a.jpg\n")
    try workdir.write("blip/config.json", "{\"model_type\":\"blip\"}")
    try workdir.write("bert/config.json", "{\"model_type\":\"bert\"}")
    try workdir.write("clip/config.json", "{\"model_type\":\"clip\"}")
    // Wrong values give 64, unusable folders or files 1.
    for (teacher, more, words, status) in [
      ("blip", [], "its model_type is blip", Int32(1)), ("bert", ["--images", "."], "--images and --decode", 64),
      ("bert", ["--decode", "exact"], "--images and --decode", 64), ("clip", [], "model.safetensors", 1),
      (Self.clip, [], "none of the pictures of 1 post can be read", 1),
      (Self.clip, ["--images", "nowhere"], "nowhere", 1), (Self.clip, ["--whiten", "17"], "16 numbers", 64),
    ] {
      let outcome = try await workdir.run(
        ["teach", "posts.csv", "--teacher", teacher, "--image-column", "image", "-o", "t.safetensors"] + more)
      #expect(outcome.status == status && outcome.errors.contains(words), "\(outcome.errors)")
      #expect(!FileManager.default.fileExists(atPath: workdir.path + "/t.safetensors"))
    }
  }
}
