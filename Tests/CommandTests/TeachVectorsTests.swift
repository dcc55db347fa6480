import Foundation
import Testing

/// `clfa teach --vectors`: another teacher's vectors as a file that training reads.
@Suite struct TeachVectorsTests {
  @Test func aModelLearnsFromAnotherProgramsVectors() async throws {
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

  @Test func theQualityOfTheTeacherIsPrinted() async throws {
    let workdir = try Workdir()
    // Posts 1 to 5 and a sixth with the fifth's picture, which the sample of different pictures leaves out.
    try workdir.write("posts.csv", "id,text\n1,a\n2,b\n3,c\n4,d\n5,e\n6,f\n")
    func vectors(_ text: (Int) -> String) -> String {
      let rows = (1...6).map { id in
        "\(id),\(text(id)),\((1...5).map { $0 == min(id, 5) ? "1" : "0" }.joined(separator: " "))"
      }
      return "id,text,image\n" + rows.joined(separator: "\n") + "\n"
    }
    let known = vectors { own in (1...5).map { $0 == min(own, 5) ? "1" : "0.1" }.joined(separator: " ") }
    try workdir.write("known.csv", known)
    let good = try await workdir.run("teach", "posts.csv", "--vectors", "known.csv", "-o", "t.safetensors")
    #expect(good.status == 0, "\(good.errors)")
    #expect(
      good.errors.contains(
        "pairs: A text is closer to its own picture than to another picture in 100.0 % of cases (95 %: 56.6–100.0 %; chance 50 %; "
          + "5 posts). In 100.0 % of cases (95 %: 56.6–100.0 %; chance 20 %; 5 posts), a text's own picture comes first of 5."
      ), "\(good.errors)")
    #expect(!good.errors.contains("notice:"), "\(good.errors)")
    // Every text is as near to one picture as to the next.
    try workdir.write("blind.csv", vectors { "1 1 1 1 1.\($0)" })
    let blind = try await workdir.run("teach", "posts.csv", "--vectors", "blind.csv", "-o", "t.safetensors")
    #expect(blind.status == 0 && blind.errors.contains("notice: the teacher does not know"), "\(blind.errors)")
    #expect(blind.errors.contains("or try --centre"), "\(blind.errors)")
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
