import Tensors
import Foundation
import Testing

@Suite struct ThreadCountTests {
  /// A folder that looks like a control group's.
  private func group(_ files: [String: String]) throws -> String {
    let root = FileManager.default.temporaryDirectory.appending(path: "group-\(UUID().uuidString)")
    for (name, text) in files {
      let file = root.appending(path: name)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    return root.path
  }

  @Test func readsBothVersionsOfControlGroups() throws {
    #expect(ThreadCount.quota(at: try group(["cpu.max": "150000 100000\n"])) == 2)
    #expect(ThreadCount.quota(at: try group(["cpu.max": "max 100000\n"])) == nil)
    #expect(ThreadCount.quota(at: try group(["cpu.max": "5000 100000\n"])) == 1)
    #expect(
      ThreadCount.quota(at: try group(["cpu/cpu.cfs_quota_us": "400000\n", "cpu/cpu.cfs_period_us": "100000\n"])) == 4)
    #expect(
      ThreadCount.quota(at: try group(["cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"])) == nil)
    #expect(ThreadCount.quota(at: "/nowhere") == nil)
  }

  @Test func countsTheCoresOfAList() {
    #expect(ThreadCount.cores(inList: "0-1") == 2)
    #expect(ThreadCount.cores(inList: "0-3,8,10-11") == 7)
    for list in ["", "3-1", "x", "0-", "1,,2"] { #expect(ThreadCount.cores(inList: list) == nil) }
  }

  @Test func isAtLeastOne() {
    #expect(ThreadCount.available >= 1)
  }
}
