import Foundation
import Testing

/// The warnings that a user sees about a training run.
@Suite struct TrainWarningsTests {
  @Test func eachWarningIsPrintedOnceAndStoredWithTheModel() async throws {
    let workdir = try Workdir()
    try TrainFixture.write(workdir)
    try await TrainFixture.teach(workdir, "teacher.sqlite", posts: 40)
    let arguments = TrainFixture.corpus + TrainFixture.fresh + ["--teacher", "teacher.sqlite", "--epochs", "2"]
    let words = try await workdir.run(arguments + ["-o", "M"])
    #expect(words.status == 0, "\(words.errors)")
    let lines = words.errors.split(separator: "\n").map(String.init)
    let first = try #require(lines.firstIndex { $0.hasPrefix("warning: ") })
    #expect(lines.firstIndex { $0.hasPrefix("before training") }.map { first < $0 } == true, "\(words.errors)")
    for beginning in ["A batch has only 4 posts", "The teacher itself ranks own pairs at chance"] {
      #expect(lines.count { $0.hasPrefix("warning: \(beginning)") } == 1, "\(words.errors)")
    }
    #expect(words.errors.contains("Options: --batch (not --accumulate)."))
    let card = try String(contentsOfFile: workdir.path + "/M/card.md", encoding: .utf8)
    #expect(card.contains("## Warnings\n\n- A batch has only 4 posts"), "\(card)")

    let json = try await workdir.run(arguments + ["-o", "N", "--progress", "json"])
    let objects = try json.errors.split(separator: "\n").map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(line)")
    }
    let kinds = objects.filter { $0["event"] as? String == "warning" }.compactMap { $0["kind"] as? String }
    #expect(Array(kinds.prefix(2)) == ["small_batch", "shared_text_vectors"] && Set(kinds).count == kinds.count)
    let summary = try #require(objects.last { $0["event"] as? String == "summary" })
    #expect(Set(try #require(summary["warnings"] as? [String])).isSubset(of: kinds))

    let reader = "/usr/bin/pdftotext"
    guard FileManager.default.isExecutableFile(atPath: reader) else { return }
    let page = try await workdir.run(["M/training.pdf", "-"], program: reader).output
    #expect(page.contains("Warnings\n") && page.contains("A batch has only 4 posts"), "\(page)")
  }
}
