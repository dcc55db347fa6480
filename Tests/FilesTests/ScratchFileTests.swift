import Files
import Glibc
import TestSupport
import Testing

@Suite struct ScratchFileTests {
  @Test func bytesAreReadBackWhereverTheyAre() throws {
    let scratch = try Scratch(), file = try ScratchFile(near: scratch.file("list.csv"))
    #expect(try file.size == 0 && file.bytes(at: 0, 10).isEmpty)
    // More than the buffer holds, in pieces that do not divide it.
    let all = (0..<700_001).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    for start in stride(from: 0, to: all.count, by: 1001) {
      try file.append { $0 += all[start..<min(start + 1001, all.count)] }
      if start == 1001 * 3 { #expect(try file.bytes(at: 1000, 5) == Array(all[1000..<1005])) }
    }
    #expect(file.size == all.count)
    for range in [0..<1, 262_100..<262_200, 699_990..<700_001] {
      #expect(try file.bytes(at: range.lowerBound, range.count) == Array(all[range]))
    }
    #expect(try file.bytes(at: 700_000, 5) == [all[700_000]] && file.bytes(at: 700_001, 5).isEmpty)
  }

  @Test func nothingIsInTheFolder() throws {
    let scratch = try Scratch(), file = try ScratchFile(near: scratch.file("list.csv"))
    try file.append { $0.append(1) }
    #expect(try scratch.names().isEmpty)
    #expect(throws: FileError.system(ENOENT)) { try ScratchFile(near: scratch.file("none/list.csv")) }
  }
}
