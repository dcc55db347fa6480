import Foundation
import Testing

/// The flags that commands add to the messages of libraries.
@Suite struct AdviceTests {
  @Test(arguments: [
    ("id;text\n1;a\n", [], "when split at ','; add --delimiter ';'"),
    ("id\u{1}text\n1\u{1}a\n", [], "add --delimiter '\\x01'"),
    (
      "id,text\n1\ta\n", [],
      "FIXED; or read it as it is: --skip-lines 1 --no-header --delimiter '\\t', and name all columns by number, such as "
        + "--id 1 --text 2 --image 3"
    ),
    (
      "id,text\n1\ta\n", ["--delimiter", "tab"], "the header is separated by ',' and the rows by tabs: write the header"
    ),
    (
      "Report:,Mentions\n\nid,text\n1,a\n", [],
      "the header seems to be line 3, not 'Report: Mentions'; add --skip-lines 2"
    ),
    ("# today\n# trains\nid,text\n1,a\n", [], "add --comment '#'"),
    ("id,text,text\n", [], "columns 2 and 3 are both called 'text'"),
    ("SQLite format 3\u{0}", [], "is an SQLite database, not a table of text: list its tables"),
    ("id,text\n", ["--quote", "x"], "give none if quotes are ordinary characters"),
    ("id,text\n", ["--delimiter", "'", "--quote", "'"], "--delimiter and --quote are the same character"),
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

  @Test(arguments: [
    ("posts.jsonl", "{\"id\": 1, \"text\": \"a\"}\n", ["--label", "mood"], "in the one record that was looked at"),
    ("posts.jsonl", "{\"id\": 1, \"Body\": \"a\"}\n", ["--text", "body"], "; did you mean --text Body ?"),
    ("posts.jsonl", "{\"id\": 1, \"body\": \"a\"}\n", [], "; name yours with --text or --image"),
    ("posts.jsonl", "{\"id\": 1, \"text\": \"a\"}\n", ["--delimiter", ";"], "; leave out --delimiter and --no-header"),
    ("posts.csv", "id,text\n1,a\n", ["--records", "data"], "; leave out --records"),
    ("chat.json", "{\"messages\": [{\"id\": 1, \"text\": \"a\"}]}\n", [], "; name it with --records messages"),
    ("chat.json", "{\n \"messages\": [\n  {\"id\": 1}\n ]\n}\n", [], "; name it with --records messages"),
    ("chat.json", "{\"messages\": [{\"id\": 1}]}\n", ["--records", "posts"], "; correct --records"),
    ("posts.txt", "['1', 'a', 0]\n", [], "> posts.csv; then add --no-header, and name columns by number"),
  ])
  func aJSONCorpusThatCannotBeReadNamesTheFlag(
    name: String, text: String, flags: [String], words: String
  ) async throws {
    let workdir = try Workdir()
    let outcome = try await workdir.run(["check", try workdir.write(name, text)] + flags)
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
