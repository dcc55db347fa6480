import Foundation
import GRDB
import Models
import TestSupport
import Testing
import Training

/// What frozen encoders compute, kept for other runs.
@Suite struct EncodingCacheTests {
  /// Trains with frozen encoders and a cache in `folder`, which is not in the run's own folder.
  private static func train(
    _ output: String, _ run: TinyRun, _ cache: EncodingCache?, training: String? = nil, validation: String? = nil
  ) throws -> [Data] {
    var run = run
    (run.settings.frozen, run.settings.dropout) = ([.text, .image], 0)
    try run.train(try run.trainer(output, training: training, validation: validation, cache: cache))
    return try run.model(output)
  }

  private static func cache(_ run: TinyRun, limit: Int = .max) throws -> EncodingCache {
    try EncodingCache(folder: run.scratch.file("cache"), limit: limit)
  }

  @Test func aRunIsTheSameWithAnEmptyAPartlyFilledAndAFullCache() throws {
    let run = try TinyRun()
    let plain = try Self.train("plain", run, nil)
    // First, posts with two of the run's four texts and one of its three pictures.
    let few = (0..<12).reduce(into: "id,text,image,label\n") { text, index in
      text += index % 2 == 0 ? "q\(index),good cat,a.png,yes\n" : "q\(index),bad cat,a.png,no\n"
    }
    let other = try Self.cache(run)
    _ = try Self.train("other", run, other, training: few, validation: few)
    #expect(other.counts.computed == 3 && other.counts.found == 0)
    let partly = try Self.cache(run)
    #expect(try Self.train("partly", run, partly) == plain)
    #expect(partly.counts.found == 3 && partly.counts.computed == 4)
    let full = try Self.cache(run)
    #expect(try Self.train("full", run, full) == plain)
    #expect(full.counts.computed == 0 && full.counts.found == partly.counts.found + partly.counts.computed)
  }

  @Test func theFolderIsWhereUsersKeepCaches() {
    #expect(EncodingCache.folder(environment: ["XDG_CACHE_HOME": "/c", "HOME": "/h"]) == "/c/clfa")
    #expect(EncodingCache.folder(environment: ["XDG_CACHE_HOME": "c", "HOME": "/h"]) == "/h/.cache/clfa")
    #expect(EncodingCache.folder(environment: ["HOME": "/h"]) == "/h/.cache/clfa")
    #expect(EncodingCache.folder(environment: ["HOME": ""]) == nil && EncodingCache.folder(environment: [:]) == nil)
  }

  @Test func otherWeightsFindNothing() throws {
    var run = try TinyRun()
    let first = try Self.cache(run)
    _ = try Self.train("first", run, first)
    run.settings.seed += 1
    let other = try Self.cache(run)
    _ = try Self.train("other", run, other)
    #expect(other.counts.found == 0, "another seed gives new encoders other weights")
  }

  /// What matters are the weights after an adapter was merged, not the folder of its base.
  @Test func anAdapterFindsNothingOfAnotherOnTheSameBase() throws {
    var run = try TinyRun()
    let data = Checkout.root + "/Tests/ModelsTests/Data/lora/plain", name = "adapter_model.safetensors"
    try run.scratch.write(
      "other/adapter_config.json", try Data(contentsOf: URL(filePath: "\(data)/adapter/adapter_config.json")))
    for file in ["config.json", "model.safetensors"] {
      try run.scratch.write("base/\(file)", try Data(contentsOf: URL(filePath: "\(data)/base/\(file)")))
    }
    let words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "good", "bad", "cat", "dog"]
    try run.scratch.write("base/vocab.txt", words.map { $0 + "\n" }.joined())
    var weights = [UInt8](try Data(contentsOf: URL(filePath: "\(data)/adapter/\(name)")))
    // The sign of the last number.
    weights[weights.count - 1] ^= 0x80
    try run.scratch.write("other/\(name)", weights)
    var counts: [(found: Int, computed: Int)] = []
    for adapter in ["\(data)/adapter", run.scratch.file("other"), "\(data)/adapter"] {
      run.text = try HubTextEncoder.load(adapter, base: run.scratch.file("base"))
      let cache = try Self.cache(run)
      _ = try Self.train("run \(counts.count)", run, cache)
      counts.append((cache.counts.found, cache.counts.computed))
    }
    // Four texts and three pictures, whose encoder stays the same.
    #expect(counts.map(\.found) == [0, 3, 7] && counts.map(\.computed) == [7, 4, 0], "\(counts)")
  }

  @Test func damagedOutputsAreComputedAgain() throws {
    let run = try TinyRun(), first = try Self.cache(run)
    let plain = try Self.train("first", run, first)
    let queue = try DatabaseQueue(path: first.path)
    try queue.write { try $0.execute(sql: "UPDATE output SET numbers = zeroblob(length(numbers)) WHERE id % 2 = 0") }
    try queue.write { try $0.execute(sql: "UPDATE output SET numbers = x'00' WHERE id = 1") }
    let second = try Self.cache(run)
    #expect(try Self.train("second", run, second) == plain)
    #expect(second.counts.computed > 1 && second.counts.found > 0)
    let third = try Self.cache(run)
    #expect(try Self.train("third", run, third) == plain)
    #expect(third.counts.computed == 0)
  }

  @Test func whatWasUnusedLongestIsRemovedAboveTheLimit() throws {
    let run = try TinyRun(), all = try Self.cache(run)
    _ = try Self.train("all", run, all)
    let queue = try DatabaseQueue(path: all.path)
    let total = try queue.write { database in
      // Each entry is older than the one before it.
      try database.execute(sql: "UPDATE encoding SET used = 1000000 - id")
      return try Int.fetchOne(database, sql: "SELECT sum(bytes) FROM encoding") ?? 0
    }
    let first = try queue.read { try Int.fetchOne($0, sql: "SELECT bytes FROM encoding WHERE id = 1") ?? 0 }
    #expect(total > first)
    // A run that asks for nothing of it shrinks it.
    let small = try Self.cache(run, limit: first)
    var other = run
    other.settings.frozen = []
    try other.train(try other.trainer("small", cache: small))
    #expect(small.counts.removed == all.counts.computed - 1)
    #expect(try queue.read { try Int.fetchAll($0, sql: "SELECT id FROM output") } == [1])
    #expect(try queue.read { try Int.fetchAll($0, sql: "SELECT id FROM encoding") } == [1])
  }

  @Test func aFileOfAnotherProgramIsRefused() throws {
    let run = try TinyRun()
    let path = try run.scratch.write("cache/encodings.sqlite", "not a database, but long enough to be read as one")
    #expect { try Self.cache(run) } throws: { error in
      guard case .encodingCache(path, let reason) = error as? TrainingError else { return false }
      return reason.contains("not a database")
    }
    try FileManager.default.removeItem(atPath: path)
    try DatabaseQueue(path: path).write { try $0.execute(sql: "CREATE TABLE mine (x)") }
    #expect { try Self.cache(run) } throws: { error in
      guard case .encodingCache(path, let reason) = error as? TrainingError else { return false }
      return reason.contains("another program")
    }
  }

  @Test func twoRunsMayUseItAtOnce() throws {
    let run = try TinyRun(), first = try Self.cache(run), second = try Self.cache(run)
    let plain = try Self.train("plain", run, nil)
    #expect(try Self.train("one", run, first) == plain)
    #expect(try Self.train("two", run, second) == plain)
    #expect(second.counts.computed == 0, "it sees what the other wrote after both were open")
  }
}
