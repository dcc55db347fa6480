import Foundation
import GRDB
import Store
import TestSupport
import Testing

/// Cancelled work leaves the store unchanged.
@Suite struct CancellationTests {
  let folder: Scratch

  init() throws { folder = try Scratch() }

  private func makeStore(_ name: String, rows: ClosedRange<Int> = 1...3000) throws -> String {
    let path = folder.file(name)
    try Fixtures.store(path, rows: rows.map { Fixtures.scored($0) }, counts: Fixtures.counts(rows.count))
    return path
  }

  @Test func aCancelledMergeIsRolledBack() throws {
    let input = try makeStore("in.sqlite")
    let old = folder.file("old.sqlite")
    try Fixtures.store(
      old, Fixtures.request("old"), rows: [Fixtures.scored(1, key: "other")], counts: Fixtures.counts(1))
    let before = try Fixtures.dump(old)
    #expect(throws: StoreError.interrupted(path: old)) { try StoreMerge.stores([input], into: old) { true } }
    #expect(try Fixtures.dump(old) == before)
    let asked = Calls()
    let new = folder.file("new.sqlite")
    #expect(throws: StoreError.interrupted(path: new)) {
      try StoreMerge.stores([input], into: new) { asked.next() > 4 }
    }
    #expect(try folder.names() == ["in.sqlite", "old.sqlite"])
    #expect(try StoreMerge.stores([input], into: new) { false }.entries == 3000)
  }

  @Test func aCancelledDropIsRolledBack() throws {
    let path = try makeStore("posts.sqlite")
    let before = try Fixtures.dump(path)
    let writer = try StoreWriter.open(path: path) { true }
    #expect(throws: StoreError.interrupted(path: writer.path)) { try writer.dropRun("posts") }
    try writer.close()
    #expect(try Fixtures.dump(path) == before)
    #expect(try folder.names() == ["posts.sqlite"])
  }

  @Test func aCancelledReadEnds() throws {
    let path = try makeStore("posts.sqlite")
    let reader = try StoreReader(path: path) { true }
    #expect(throws: StoreError.interrupted(path: reader.path)) { try reader.runs() }
    reader.close()
    #expect(try folder.names() == ["posts.sqlite"])
  }
}

/// Counts calls; SQLite asks on one thread at a time.
private final class Calls: @unchecked Sendable {
  private var count = 0

  func next() -> Int {
    count += 1
    return count
  }
}
