import Files
import Foundation
import Testing

@Suite struct ProcessLimitsTests {
  @Test func theLimitOfOpenFilesIsRaised() throws {
    try ProcessLimits.check()
    var limit = rlimit()
    try #require(getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
    #expect(limit.rlim_cur >= min(limit.rlim_max, 65_536))
  }

  @Test(arguments: [
    (ProcessLimits.ResourceLimitError.files(needed: 32), "ulimit -n 64"), (.memory(mebibytes: 256), "256 MiB more"),
    (.threads(10), "10 threads"),
    (.stack(kibibytes: 64, needed: 512), "64 KiB from this shell, but clfa needs 512 KiB"),
  ])
  func anErrorSaysWhatToRaise(error: ProcessLimits.ResourceLimitError, words: String) {
    #expect(error.description.contains(words) && error.description.contains("ulimit"))
  }
}
