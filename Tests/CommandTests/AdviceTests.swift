import Foundation
import Testing

/// The flags that commands add to the messages of libraries.
@Suite struct AdviceTests {
  @Test(arguments: [
    ("id;text\n1;a\n", [], "when split at ','; add --delimiter ';'"),
    ("sep=;\nid;text\n", [], "remove that line; then add --delimiter ';'"),
    ("1,hello,a.jpg\n", [], "add --no-header"),
    ("Body,ID\na,1\n", ["--text", "body"], "; did you mean --id ID --text Body ?"),
    ("id,text\n1,a\n", ["--label", "mood"], "; name yours with --label"),
    ("\u{FEFF}id,text\n1,a\n", ["--encoding", "windows-1252"], "; leave out --encoding"),
    ("i\u{0}d,text\n1,a\n", [], "; add --encoding utf-16"),
    ("id,text\n1,a\n", ["--images", "nowhere"], "; name the folder that picture paths start from with --images"),
  ])
  func aCorpusThatCannotBeReadNamesTheFlag(text: String, flags: [String], words: String) async throws {
    let workdir = try Workdir()
    let outcome = try await workdir.run(["check", try workdir.write("posts.csv", text)] + flags)
    #expect(outcome.status != 0 && outcome.errors.contains(words), "\(outcome.errors)")
  }

  @Test func findingsNameTheFlag() async throws {
    let workdir = try Workdir()
    let rows = (0..<40).map { "\($0),post \($0),\(["ironic", "Ironic", "plain"][$0 % 3])\n" }.joined()
    let corpus = try workdir.write("posts.csv", "id,text,label\n" + rows)
    let outcome = try await workdir.run("check", corpus)
    #expect(outcome.output.contains("give them one name with --labels THEIRS=NAME"), "\(outcome.output)")
  }
}
