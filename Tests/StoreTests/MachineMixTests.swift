import GRDB
import Queries
import Store
import TestSupport
import Testing

/// A run records every machine that worked for it, and how they differ.
@Suite struct MachineMixTests {
  let folder: Scratch
  let writer: StoreWriter

  init() throws {
    folder = try Scratch()
    writer = try StoreWriter.open(path: folder.file("posts.sqlite"))
  }

  private static func machine(
    _ set: String, _ kernels: String, processor: String = "Abacus", threads: Int = 2
  ) -> String {
    #"{"instruction_set":"\#(set)","kernels":"\#(kernels)","library":"oneDNN 2.6.3","processor":"\#(processor)","#
      + #""threads":\#(threads)}"#
  }

  private func machine(of run: OpenRun) throws -> String? {
    try writer.read { try String.fetchOne($0, sql: "SELECT machine FROM run WHERE id = ?", arguments: [run.id]) }
  }

  @Test func aRunThatContinuesElsewhereIsReported() throws {
    let here = Self.machine("avx512_core", "avx512"), there = Self.machine("avx2", "avx2")
    let begun = try writer.openRun(Fixtures.request(machine: here))
    #expect(begun.mix == nil)
    // The same machine with more workers is not another machine.
    let again = try writer.openRun(Fixtures.request(machine: Self.machine("avx512_core", "avx512", threads: 64)))
    #expect(again.id == begun.id && again.mix == nil)
    #expect(try machine(of: begun) == here)
    let words = "instruction sets avx512_core and avx2; kernels avx512 and avx2"
    #expect(try writer.openRun(Fixtures.request(machine: there)).mix == words)
    #expect(try writer.mix(ofRun: begun.id) == words)
    #expect(try machine(of: begun) == here.dropLast() + #","also":[\#(there)]}"#)
    // Back on the first machine the run is still a mix, and nothing is recorded twice.
    #expect(try writer.openRun(Fixtures.request(machine: here)).mix == words)
    #expect(try machine(of: begun) == here.dropLast() + #","also":[\#(there)]}"#)
    try writer.close()
    let run = try StoreReader(path: folder.file("posts.sqlite")).run(named: nil)
    #expect(run.mix == words)
    #expect(RunDetails.rows(run, faults: [], newVersions: 0).contains([.null, .text("mixes"), .text(words)]))
  }

  @Test func knownPostsRecordTheirMachine() throws {
    let first = try writer.openRun(Fixtures.request("a", machine: Self.machine("avx2", "avx2")))
    try writer.commit([Fixtures.scored(1)], run: first, counts: Fixtures.counts(1), notedAt: Fixtures.time)
    let other = Fixtures.request("b", machine: Self.machine("avx2", "avx2", processor: "Slide rule"))
    let second = try writer.openRun(other)
    try writer.commit([Fixtures.scored(2)], run: second, counts: Fixtures.counts(2), notedAt: Fixtures.time)
    #expect(try writer.mix(ofRun: second.id) == nil)
    let known = LedgerRow(position: Fixtures.position(3), outcome: .post(Fixtures.post("k1"), nil))
    try writer.commit([known], run: second, counts: Fixtures.counts(3), notedAt: Fixtures.time)
    #expect(try writer.mix(ofRun: second.id) == "processors Slide rule and Abacus")
    #expect(try writer.mix(ofRun: first.id) == nil)
  }

  @Test(arguments: [
    "{}", "[]", "3", #"{"also":7}"#, #"{"also":"x"}"#,
    #"{"also":[7,"x",null,{"processor":["a"]}]}"#, #"{"processor":{"processor":1}}"#,
  ])
  func strangeMachinesHarmNothing(machine: String) throws {
    let run = try writer.openRun(Fixtures.request(machine: machine))
    #expect(try writer.mix(ofRun: run.id) == nil)
    _ = try writer.openRun(Fixtures.request(machine: Self.machine("avx2", "avx2")))
    _ = try writer.mix(ofRun: run.id)
  }
}
