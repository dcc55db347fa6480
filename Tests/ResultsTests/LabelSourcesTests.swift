import Bytes
import Evaluation
import GRDB
import Results
import ResultsFixtures
import Testing

@Suite struct LabelSourcesTests {
  /// A store of eight posts, without labels but those of the sources: a letter each, `.` for none.
  private func store(_ labels: [String: String], more: String = "") throws -> TestStore {
    try TestStore(
      rows: (0..<8).map { TestRow(key: "p\($0)", truth: nil, predicted: "a") }, labels: ["a", "b"]
    ) { database in
      for (source, letters) in labels {
        for (place, letter) in letters.enumerated() where letter != "." {
          try database.execute(
            sql: "INSERT INTO label VALUES (?, ?, ?, ?)", arguments: [place + 1, source, "\(letter)", "t\(place)"])
        }
      }
      try database.execute(sql: more)
    }
  }

  private func value(_ agreement: LabelSources.Agreement, _ measure: AgreementMeasure) -> Double? {
    agreement.measures.first { $0.measure == measure }?.value
  }

  @Test func twoSourcesHaveAllThreeMeasures() throws {
    let store = try store(["anna": "aabbab.a", "ben": "aabaabb."])
    let found = try LabelSources.load(from: store.reader())
    #expect(found.sources.map { "\($0.name) \($0.posts) \($0.latest)" } == ["anna 7 t7", "ben 7 t6"])
    let agreement = try #require(found.agreements.first)
    #expect(found.agreements.count == 1 && agreement.posts == 6 && agreement.sources == ["anna", "ben"])
    // Five of six agree; Anna has three of each, Ben four a.
    #expect(abs((value(agreement, .raw) ?? 0) - 5.0 / 6) < 1e-12)
    #expect(abs((value(agreement, .kappa) ?? 0) - 2.0 / 3) < 1e-12)
    #expect(abs((value(agreement, .alpha) ?? 0) - (1 - 11.0 * 2 / 70)) < 1e-12)
    for measure in agreement.measures {
      let interval = try #require(measure.interval)
      #expect(interval.low <= measure.value && measure.value <= interval.high)
    }
  }

  @Test func ofMoreSourcesEachTwoAndAllAreCompared() throws {
    let store = try store(["anna": "aab.....", "ben": "aaa.....", "eva": "..bb....", "majority": "aab....."])
    let found = try LabelSources.load(from: store.reader(), draws: 50)
    #expect(found.sources.map(\.name) == ["anna", "ben", "eva", "majority"])
    #expect(
      found.agreements.map(\.sources) == [["anna", "ben"], ["anna", "eva"], ["ben", "eva"], ["anna", "ben", "eva"]])
    #expect(found.agreements.map(\.posts) == [3, 1, 1, 3])
    #expect(value(found.agreements[1], .raw) == 1 && value(found.agreements[1], .kappa) == nil)
    #expect(value(found.agreements[3], .kappa) == nil && value(found.agreements[3], .alpha) != nil)
    let chosen = try LabelSources.load(from: store.reader(), among: ["eva", "majority"], draws: 50)
    #expect(chosen.agreements.map(\.sources) == [["eva", "majority"]])
    #expect(throws: ResultsError.noSuchSource("eve", known: ["anna", "ben", "eva", "majority"])) {
      try LabelSources.load(from: store.reader(), among: ["eve"])
    }
  }

  @Test func contentsOfOneKeyCountOnce() throws {
    let store = try store(
      ["anna": "ab......", "ben": "ab......"], more: "UPDATE post SET key = 'p0', content_hash = id WHERE id IN (1, 2)")
    let found = try LabelSources.load(from: store.reader(), draws: 50)
    #expect(found.sources.map(\.posts) == [1, 1] && found.agreements.map(\.posts) == [1])
  }

  @Test func aStoreWithOneSourceHasNothingToCompare() throws {
    #expect(try LabelSources.load(from: try store(["anna": "ab"]).reader()).agreements.isEmpty)
    #expect(try LabelSources.load(from: try store([:]).reader()).sources.isEmpty)
  }
}
