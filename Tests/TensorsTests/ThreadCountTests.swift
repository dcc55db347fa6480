import Tensors
import TestSupport
import Testing

@Suite struct ThreadCountTests {
  /// The quota of a folder that looks like a control group's.
  private func quota(_ files: [String: String]) throws -> Int? {
    let group = try Scratch()
    for (name, text) in files { try group.write(name, text) }
    return ThreadCount.quota(at: group.path)
  }

  @Test func readsBothVersionsOfControlGroups() throws {
    #expect(try quota(["cpu.max": "150000 100000\n"]) == 2)
    #expect(try quota(["cpu.max": "max 100000\n"]) == nil)
    #expect(try quota(["cpu.max": "5000 100000\n"]) == 1)
    #expect(try quota(["cpu/cpu.cfs_quota_us": "400000\n", "cpu/cpu.cfs_period_us": "100000\n"]) == 4)
    #expect(try quota(["cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"]) == nil)
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
