import Glibc
import Tensors
import Testing

@Suite struct ThreadPoolTests {
  /// Counts that several threads write, each its own.
  private static func counts(_ threadPool: ThreadPool, parts: Int) throws -> [Int] {
    let counts = UnsafeMutableBufferPointer<Int>.allocate(capacity: parts)
    defer { counts.deallocate() }
    counts.initialize(repeating: 0)
    try threadPool.share(parts) { (part, member) throws(TensorError) in
      counts[part] += 0 <= member && member < threadPool.members ? 1 : 1_000
    }
    return Array(counts)
  }

  @Test(arguments: [1, 2, 3, 8], [0, 1, 2, 7, 1_000]) func runsEachPartOnce(members: Int, parts: Int) throws {
    let threadPool = ThreadPool(members: members)
    #expect(threadPool.members == members)
    for _ in 0..<20 {
      #expect(try ThreadPoolTests.counts(threadPool, parts: parts) == [Int](repeating: 1, count: parts))
    }
  }

  @Test(arguments: [0, -3]) func usesAtLeastOneThread(members: Int) throws {
    let threadPool = ThreadPool(members: members)
    #expect(threadPool.members == 1)
    #expect(try ThreadPoolTests.counts(threadPool, parts: 5) == [1, 1, 1, 1, 1])
  }

  /// Threads that sleep after the last piece of work wake for the next one, or to end.
  @Test func wakesSleepingThreads() throws {
    let threadPool = ThreadPool(members: 3)
    for pause: UInt32 in [0, 20_000, 0, 50_000] {
      usleep(pause)
      #expect(try ThreadPoolTests.counts(threadPool, parts: 64) == [Int](repeating: 1, count: 64))
    }
    usleep(20_000)
  }

  /// An error ends the piece of work, and no other.
  @Test(arguments: [1, 2, 5]) func throwsWhatAPartThrows(members: Int) throws {
    let threadPool = ThreadPool(members: members)
    for failing in [0, 3, 63] {
      #expect(throws: TensorError.outOfMemory(bytes: failing)) {
        try threadPool.share(64) { (part, _) throws(TensorError) in
          if part == failing { throw .outOfMemory(bytes: part) }
        }
      }
      #expect(try ThreadPoolTests.counts(threadPool, parts: 64) == [Int](repeating: 1, count: 64))
    }
  }

  @Test func manyPoolsComeAndGo() throws {
    for members in 1...24 { #expect(try ThreadPoolTests.counts(ThreadPool(members: members), parts: 3) == [1, 1, 1]) }
  }
}
