import Glibc
import Testing

/// `clfa annotate`: how it starts and ends. `Tests/AnnotationTests` tests the page.
@Suite struct AnnotateTests {
  /// A store with three posts, two of which are in a sample.
  private func sampled() async throws -> Workdir {
    let workdir = try Workdir()
    let corpus = try workdir.write("posts.csv", "id,text,label\n1,hello,ironic\n2,well,sincere\n3,so,ironic\n")
    _ = try await workdir.run(Workdir.score(corpus, "posts.sqlite"))
    try workdir.execute(
      "posts.sqlite",
      """
      INSERT INTO sample VALUES (1, 'first', 1, 'random', '{"seed":"1"}', '2026-01-31T12:00:00Z');
      INSERT INTO sample_post SELECT 1, id, id, 0, 0.5 FROM post WHERE key < '3';
      """)
    return workdir
  }

  @Test func aSignalEndsItWithASummary() async throws {
    let workdir = try await sampled()
    let command = ["annotate", "posts.sqlite", "--annotator", "anna", "--labels", "ironic,sincere,odd", "--blur"]
    for signal in [SIGINT, SIGTERM] {
      let outcome = try await workdir.run(command, signal: signal, onceSaid: "end with Ctrl-C")
      #expect(outcome.status == 130, "\(outcome)")
      #expect(outcome.errors.contains("anna has labelled 0 of 2 posts of sample first"), "\(outcome.errors)")
      #expect(outcome.errors.contains("the model does not know the label odd"), "\(outcome.errors)")
      #expect(outcome.errors.contains("keys: 1 ironic, 2 sincere, 3 odd\n"), "\(outcome.errors)")
    }
  }

  @Test func theKeysOfTheLastTimeStayAndAChangeIsSaid() async throws {
    let workdir = try await sampled()
    try workdir.execute(
      "posts.sqlite",
      #"UPDATE sample SET settings = '{"keys":{"anna":["sincere","odd","ironic"]},"seed":"1"}'"#)
    let command = ["annotate", "posts.sqlite", "--annotator", "anna"]
    let same = try await workdir.run(command, signal: SIGINT, onceSaid: "end with Ctrl-C")
    #expect(same.errors.contains("keys: 1 sincere, 2 odd, 3 ironic (as the last time)"), "\(same.errors)")
    #expect(!same.errors.contains("have changed"), "\(same.errors)")
    let other = try await workdir.run(
      command + ["--labels", "ironic,sincere"], signal: SIGINT, onceSaid: "end with Ctrl-C")
    #expect(
      other.errors.contains(
        "warning: the keys have changed since anna last labelled this sample: then 1 sincere, 2 odd, 3 ironic; now 1 ironic, "
          + "2 sincere"), "\(other.errors)")
  }

  @Test func aSampleWithoutPostsLeftIsDone() async throws {
    let workdir = try await sampled()
    try workdir.execute(
      "posts.sqlite", "INSERT INTO label SELECT post_id, 'anna', 'ironic', '2026-01-31T12:00:00Z' FROM sample_post")
    let outcome = try await workdir.run(
      ["annotate", "posts.sqlite", "--annotator", "anna"], signal: SIGINT, onceSaid: "end with Ctrl-C")
    #expect(outcome.status == 0, "\(outcome)")
    #expect(outcome.errors.contains("anna has labelled all 2 posts of sample first"), "\(outcome.errors)")
  }

  @Test(arguments: [
    ("--annotator corpus", "another name", 64), ("--annotator a --sample firs", "did you mean", 64),
    ("--annotator a --labels one", "--labels", 64), ("--annotator a --labels one,one", "twice", 64),
    ("--annotator a --listen localhost", "--listen", 64), ("--annotator a --port 0", "--port", 64),
    ("--annotator a --images nowhere", "--images", 1), ("--sample first", "--annotator", 64),
  ])
  func wrongOptionsAreNamed(options: String, words: String, status: Int) async throws {
    let workdir = try await sampled()
    let outcome = try await workdir.run(["annotate", "posts.sqlite"] + options.split(separator: " ").map(String.init))
    #expect(outcome.status == Int32(status), "\(outcome)")
    #expect(outcome.errors.contains(words), "\(outcome.errors)")
  }
}
