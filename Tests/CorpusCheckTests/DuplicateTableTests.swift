import CorpusCheck
import Evaluation
import Testing

/// Counting equal things in bounded memory.
@Suite struct DuplicateTableTests {
  /// The same with a dictionary.
  private struct Naive {
    var counts: [UInt64: Int] = [:]
    var tags: [UInt64: Set<UInt32>] = [:]

    mutating func add(_ hash: UInt64, _ tag: UInt32) {
      counts[hash, default: 0] += 1
      if tag != 0 { tags[hash, default: []].insert(tag) }
    }

    var totals: DuplicateTable.Totals {
      let mixed = tags.filter { $0.value.count > 1 }
      return .init(
        groups: counts.count, repeated: counts.values.count { $0 > 1 }, extra: counts.values.reduce(0) { $0 + $1 - 1 },
        mixed: mixed.count, mixedRows: mixed.keys.reduce(0) { $0 + (counts[$1] ?? 0) })
    }
  }

  @Test func countsAsADictionaryDoes() {
    var random = SeededGenerator(seed: 1), table = DuplicateTable(), naive = Naive()
    let hashes = (0..<5000).map { _ in random.next() }
    for line in 0..<20_000 {
      let hash = hashes[random.index(below: hashes.count)], tag = UInt32(random.index(below: 3))
      _ = table.add(hash, tag: tag, at: RowLocation(file: 0, line: line))
      naive.add(hash, tag)
    }
    #expect(table.scale == 1)
    #expect(table.totals == naive.totals)
  }

  @Test func remembersTheFirstPlaceOfAThing() {
    var table = DuplicateTable()
    _ = table.add(7, tag: 1, at: RowLocation(file: 2, line: 10))
    guard case .again(let second) = table.add(7, tag: 1, at: RowLocation(file: 3, line: 11)),
      case .again(let third) = table.add(7, tag: 2, at: RowLocation(file: 3, line: 12)),
      case .again(let fourth) = table.add(7, tag: 3, at: RowLocation(file: 3, line: 13))
    else {
      Issue.record("what was added is not known")
      return
    }
    #expect(second.count == 2 && second.place == RowLocation(file: 2, line: 10) && !second.isNewlyMixed)
    #expect(third.count == 3 && third.tag == 1 && third.isNewlyMixed)
    #expect(!fourth.isNewlyMixed && fourth.place == RowLocation(file: 2, line: 10))
    #expect(table.place(of: 7)?.place == RowLocation(file: 2, line: 10) && table.place(of: 8) == nil)
  }

  @Test func manyThingsAreEstimatedFromASample() {
    var random = SeededGenerator(seed: 2), table = DuplicateTable(maximumSlots: 1 << 12), naive = Naive()
    for line in 0..<40_000 {
      let hash = random.next(), isTwice = random.unit() < 0.3
      for _ in 0..<(isTwice ? 2 : 1) {
        _ = table.add(hash, tag: 0, at: RowLocation(file: 0, line: line))
        naive.add(hash, 0)
      }
    }
    #expect(table.scale >= 16)
    // More than 1,500 things are in the sample, so 15 % are more than five standard errors.
    let (found, real) = (table.totals, naive.totals)
    for (found, real) in [(found.groups, real.groups), (found.repeated, real.repeated), (found.extra, real.extra)] {
      #expect(abs(Double(found) / Double(real) - 1) < 0.15, "\(found) for \(real)")
    }
  }
}
