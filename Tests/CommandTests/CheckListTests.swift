import Foundation
import Testing

/// `clfa check --list`: every row behind the findings as CSV.
@Suite struct CheckListTests {
  private static let header = "finding,key,file,line,other_key,other_file,other_line,detail\n"

  @Test func theListIsCSVThatProgramsRead() async throws {
    let workdir = try Workdir()
    let corpus = try workdir.write(
      "posts.csv", "id,text,label\n=1,\"one, two\",a\n0042,\"one, two\",b\n\"a \"\"b\"\"\",\"one, two\",b\n")
    let path = workdir.path + "/list.csv"
    let outcome = try await workdir.run("check", corpus, "--list", path, "--format", "json")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let list = try String(contentsOfFile: path, encoding: .utf8)
    #expect(
      list == Self.header + """
        contradictions,=1,posts.csv,2,0042,posts.csv,3,"label ""a""; the other row has ""b\"""
        contradictions,0042,posts.csv,3,=1,posts.csv,2,"label ""b""; the other row has ""a\"""
        contradictions,"a ""b\""",posts.csv,4,=1,posts.csv,2,"label ""b""; the other row has ""a\"""
        duplicate_contents,0042,posts.csv,3,=1,posts.csv,2,"label ""b""; the other row has ""a\"""
        duplicate_contents,"a ""b\""",posts.csv,4,=1,posts.csv,2,"label ""b""; the other row has ""a\"""

        """, "\(list)")
    let check = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let named = try #require(check["list"] as? [String: Any])
    #expect(named["file"] as? String == path && named["rows"] as? Int == 5)
    let report = try await workdir.run("check", corpus, "--list", workdir.path + "/again.csv")
    #expect(report.output.contains("again.csv: 5 lines."), "\(report.output)")
  }

  /// In Excel a key that looks like a formula is a text, and a long number keeps its digits.
  @Test func theListForExcelHoldsNoFormulas() async throws {
    let workdir = try Workdir()
    let corpus = try workdir.write("posts.csv", "id,text\n=1+1,one text\n12345678901234567,one text\n")
    let outcome = try await workdir.run("check", corpus, "--list", workdir.path + "/list.csv", "--excel")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let list = try String(contentsOfFile: workdir.path + "/list.csv", encoding: .utf8)
    #expect(list.contains("\"=\"\"12345678901234567\"\"\",posts.csv,3,'=1+1,posts.csv,2,"), "\(list)")
  }

  @Test func everyFaultIsListed() async throws {
    let workdir = try Workdir()
    let rows = (0..<40).map { "\($0),post \($0),none-\($0).jpg\n" }.joined()
    let corpus = try workdir.write("posts.csv", "id,text,image\n" + rows)
    let outcome = try await workdir.run("check", corpus, "--list", workdir.path + "/list.csv", "--strict")
    #expect(outcome.status == 2 && outcome.output.contains("all of them are in "), "\(outcome.output)")
    let lines = try String(contentsOfFile: workdir.path + "/list.csv", encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 41 && lines[40].hasPrefix("faults,39,posts.csv,41,,,,image: missing: none-39.jpg"))
    let without = try await workdir.run("check", corpus)
    #expect(without.output.contains("--list FILE.csv writes all of them."), "\(without.output)")
  }

  @Test func aListWithoutFindingsHasOnlyItsHeader() async throws {
    let workdir = try Workdir()
    let corpus = try workdir.write("posts.csv", "id,text\n1,one text\n")
    let outcome = try await workdir.run("check", corpus, "--list", workdir.path + "/list.csv")
    #expect(outcome.status == 0 && outcome.output.contains("list.csv: 0 lines."), "\(outcome.output)")
    #expect(try String(contentsOfFile: workdir.path + "/list.csv", encoding: .utf8) == Self.header)
  }

  @Test func nothingIsReplacedAndNothingIsLeft() async throws {
    let workdir = try Workdir()
    let corpus = try workdir.write("posts.csv", "id,text\n1,one text\n")
    let onto = try await workdir.run("check", corpus, "--list", corpus)
    #expect(onto.status == 1 && onto.errors.contains("name another file with --list"), "\(onto.errors)")
    #expect(try String(contentsOfFile: corpus, encoding: .utf8) == "id,text\n1,one text\n")
    for arguments in [["--list", "list.xlsx"], ["--excel"]] {
      #expect(try await workdir.run(["check", corpus] + arguments).status == 64, "\(arguments)")
    }
    let missing = try await workdir.run("check", corpus, "--list", workdir.path + "/none/list.csv")
    #expect(missing.status == 1 && missing.errors.contains("check its folder and the disk"), "\(missing.errors)")
    let failed = try await workdir.run("check", workdir.path + "/none.csv", "--list", workdir.path + "/list.csv")
    #expect(failed.status == 1)
    let names = try FileManager.default.contentsOfDirectory(atPath: workdir.path)
    #expect(!names.contains { $0.contains("list") }, "\(names)")
  }
}
