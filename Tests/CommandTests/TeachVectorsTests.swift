import Foundation
import Testing

/// `clfa teach --vectors`: what another teacher made, as a file that training reads.
@Suite struct TeachVectorsTests {
  @Test func aModelLearnsFromVectorsOfElsewhere() async throws {
    let workdir = try Workdir()
    try TrainFixture.write(workdir)
    try await TrainFixture.teach(workdir, "elsewhere.sqlite", posts: 10)
    let taken = try await workdir.run(
      "teach", "train.csv", "--vectors", "elsewhere.sqlite", "-o", "teacher.safetensors")
    #expect(taken.status == 0, "\(taken.errors)")
    #expect(
      taken.errors.contains(
        "teacher.safetensors: 10 posts of 20 rows with vectors of 16 numbers; left out: 10 without vectors"),
      "\(taken.errors)")
    let trained = try await workdir.run(
      TrainFixture.corpus + TrainFixture.fresh + [
        "--dim", "16", "--epochs", "1", "--teacher", "teacher.safetensors", "-o", "M",
      ])
    #expect(trained.status == 0, "\(trained.errors)")
  }

  @Test func idsThatDoNotMatchAreCounted() async throws {
    let workdir = try Workdir()
    try workdir.write("posts.csv", "name,text\na,one\nb,two\nb,two\nc,three\nd\n")
    try workdir.write("v.csv", "id,text,image\na,1 0,0 1\nb,\"[0.5, 0.5]\",\"1,2\"\nx,1 1,2 2\ny,1 1,2 2\n")
    let taken = try await workdir.run("teach", "posts.csv", "--id", "name", "--vectors", "v.csv", "-o", "t.safetensors")
    #expect(taken.status == 0, "\(taken.errors)")
    #expect(
      taken.errors.contains(
        "t.safetensors: 2 posts of 5 rows with vectors of 2 numbers; left out: 1 without vectors, 1 repeated, 1 faulted; "
          + "2 ids of the vectors are not in the corpus"), "\(taken.errors)")
    let centred = try await workdir.run(
      "teach", "posts.csv", "--id", "name", "--vectors", "v.csv", "-o", "c.safetensors", "--centre", "--whiten", "1")
    #expect(centred.status == 0 && centred.errors.contains("vectors of 1 number"), "\(centred.errors)")
    let none = try await workdir.run("teach", "posts.csv", "--vectors", "v.csv", "-o", "n.safetensors")
    #expect(none.status == 1 && none.errors.contains("none of its ids is in the corpus"), "\(none.errors)")
  }

  @Test func flagsWithoutEffectAreRejected() async throws {
    let workdir = try Workdir()
    try workdir.write("posts.csv", "id,text\na,one\n")
    try workdir.write("v.csv", "id,text,image\na,1 0,0 1\n")
    for more in [
      [], ["--teacher", "clip", "--image-column", "image", "--vectors", "v.csv"], ["--teacher", "clip"],
      ["--teacher", "clip", "--image-column", "image", "--ids", "i"], ["--vectors", "v.csv", "--images", "."],
      ["--vectors", "v.csv", "--decode", "exact"], ["--vectors", "t.safetensors"],
    ] {
      let outcome = try await workdir.run(["teach", "posts.csv", "-o", "t.safetensors"] + more)
      #expect(outcome.status == 64, "\(more): \(outcome.errors)")
    }
    for (more, words) in [
      (["--vectors", "v.csv", "--ids", "i"], "a file of ids belongs to two .npy files"),
      (["--vectors", "v.csv", "--vectors", "v.csv"], ".npy files come in pairs"),
      (["--vectors", "none.csv"], "none.csv"),
    ] {
      let outcome = try await workdir.run(["teach", "posts.csv", "-o", "t.safetensors"] + more)
      #expect(outcome.status == 1 && outcome.errors.contains(words), "\(more): \(outcome.errors)")
    }
    let whiten = ["teach", "posts.csv", "-o", "t.safetensors", "--vectors", "v.csv", "--whiten", "3"]
    let directions = try await workdir.run(whiten)
    #expect(directions.status == 64 && directions.errors.contains("2 numbers"), "\(directions.errors)")
    #expect(!FileManager.default.fileExists(atPath: workdir.path + "/t.safetensors"))
  }
}
