import Foundation
import Testing

/// Stores in the hands of Python's packages sqlite-utils, sqlite-vec and llm: `PEERS_PYTHON` names a Python that has
/// them and whose sqlite3 loads extensions; without one these tests are skipped, and say so.
@Suite struct OtherReadersTests {
  private static let python = ProcessInfo.processInfo.environment["PEERS_PYTHON"] ?? "python3"

  /// Whether there is a Python with all three that can load sqlite-vec.
  private static let hasPackages: Bool = {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      python, "-c", "import sqlite3, sqlite_utils, sqlite_vec, llm; sqlite3.Connection.enable_load_extension",
    ]
    process.standardError = FileHandle.nullDevice
    return (try? process.run()).map {
      process.waitUntilExit(); return process.terminationStatus == 0
    } ?? false
  }()

  private static let script = """
    import sqlite3, sys, llm, sqlite_utils, sqlite_vec
    db = sqlite_utils.Database(sys.argv[1])
    assert db["post"].detect_fts() == "post_search", db["post"].detect_fts()
    print(sorted(row["key"] for row in db["post"].search("ferry")))
    print([row["likes"] for row in db.query("SELECT likes FROM typed ORDER BY post_id")])
    connection = sqlite3.connect(sys.argv[1])
    connection.enable_load_extension(True)
    sqlite_vec.load(connection)
    a, b = [row[0] for row in connection.execute(
      "SELECT vector FROM embedding WHERE space = 'text' AND post_id IN (1, 2) ORDER BY post_id")]
    elements, distance = connection.execute("SELECT vec_length(?1), vec_distance_cosine(?1, ?2)", (a, b)).fetchone()
    assert elements == len(llm.decode(a)) == len(a) // 4
    print(f"{1 - distance:.5f} {llm.cosine_similarity(llm.decode(a), llm.decode(b)):.5f}")
    """

  @Test(
    .enabled(if: hasPackages, "SKIPPED: no Python with sqlite-utils, sqlite-vec, llm and extensions; see PEERS_PYTHON"))
  func thePackagesReadWordsTypesAndVectors() async throws {
    let workdir = try Workdir()
    let corpus = try workdir.write(
      "posts.csv", "id,text,likes\n7,The ferry was late,12\n8,What a ferry!,n/a\n9,A train,3\n")
    _ = try await workdir.run(Workdir.score(corpus, "posts.sqlite", "--column", "likes:integer"))
    let ours = try await workdir.run(
      "query", "posts.sqlite", "--sql",
      """
      select printf('%.5f', cosine(a.vector, b.vector)) from embedding a join embedding b using (scorer_id, space)
      where space = 'text' and a.post_id = 1 and b.post_id = 2
      """)
    let cosine = try #require(ours.output.split(separator: "\n").last, "\(ours.errors)")
    try workdir.write("read.py", Self.script)
    let theirs = try await workdir.run([Self.python, "read.py", "posts.sqlite"], program: "/usr/bin/env")
    #expect(theirs.output == "['7', '8']\n[12, None, 3]\n\(cosine) \(cosine)\n", "\(theirs.errors)")
  }
}
