import GRDB

/// A small corpus with every state: both sides, no picture, no text, unlabelled, an unknown truth, faults.
package let mixedRows: [TestRow] = [
  TestRow(key: "1", truth: "no", predicted: "no", similarity: 0.5),
  TestRow(key: "2", truth: "no", predicted: "yes", similarity: -0.25),
  TestRow(key: "3", truth: "yes", predicted: "yes", confidence: 0.5, similarity: 0.75),
  TestRow(key: "4", image: nil, truth: "yes", predicted: "no", state: "without_picture"),
  TestRow(key: "5", image: nil, truth: "yes", predicted: "yes", state: "without_picture"),
  TestRow(key: "6", text: "", truth: "no", predicted: "no"),
  TestRow(key: "7", predicted: "yes", similarity: 1),
  TestRow(key: "8", truth: "unsure", predicted: "yes", similarity: 0.25),
  TestRow(key: "9", fault: "missing"),
  TestRow(key: "10", fault: "missing"),
  TestRow(key: "11", fault: "truncated"),
]

/// A number from 0 to 1 that depends only on its seed.
package func noise(_ seed: Int) -> Double {
  var x = UInt64(bitPattern: Int64(seed)) &* 0x9e37_79b9_7f4a_7c15
  x = (x ^ (x >> 30)) &* 0xbf58_476d_1ce4_e5b9
  x = (x ^ (x >> 27)) &* 0x94d0_49bb_1331_11eb
  return Double((x ^ (x >> 31)) >> 11) / 0x1p53
}

/// Scored posts with some labels; the two vectors of each post are near each other.
package func pairedRows(_ count: Int, labels: [String], truths: [String]? = nil) -> [TestRow] {
  let truths = truths ?? labels
  return (0..<count).map { index in
    let text = (0..<8).map { Float(noise(index * 31 + $0) - 0.5) }
    let image = text.enumerated().map { $0.element + Float(noise(index * 57 + $0.offset + 9999) - 0.5) * 0.2 }
    return TestRow(
      key: "post-\(index)", text: "text \(index)", image: "images/\(index).jpg",
      truth: truths[index * 7 % truths.count],
      predicted: labels[index % labels.count], similarity: noise(index) * 2 - 1, vectors: (text, image))
  }
}

extension TestStore {
  /// A run with only labels, as an import makes it: every confidence is 1, and so is the label's probability.
  package static func labelsAlone(confidence: Double = 1) throws -> TestStore {
    let store = try TestStore()
    try store.write { database in
      try database.insertScorer(labels: ["no", "yes"], precision: "foreign", options: #"{"hard":true}"#)
      try database.insertRun(name: "theirs", files: ["posts.csv": 80])
      try database.insert(
        (0..<80).map { place in
          let label = place % 3 == 0 ? "yes" : "no"
          return TestRow(
            key: "k\(place)", text: "text \(place)", truth: place % 2 == 0 ? "yes" : "no", predicted: label,
            confidence: place == 7 ? confidence : 1,
            probabilities: place == 7 && confidence < 1 ? "{}" : #"{"\#(label)":1}"#)
        })
    }
    return store
  }

  /// Two runs: the first over eight posts, the second over seven of them and one other.
  package static func twoRuns() throws -> TestStore {
    let store = try TestStore()
    let truths: [String?] = ["no", "no", "yes", "yes", "yes", nil, "unsure", "no"]
    let first = ["no", "no", "yes", "no", "yes", "no", "no", "no"]
    let second = ["no", "yes", "yes", "yes", "no", "yes", "maybe", "no"]
    try store.write { database in
      try database.insertScorer(id: 1, labels: ["no", "yes"])
      try database.insertScorer(id: 2, labels: ["yes", "maybe", "no"])
      try database.insertRun(id: 1, name: "one", scorer: 1, files: ["posts.csv": 8])
      try database.insertRun(id: 2, name: "two", scorer: 2, files: ["posts.csv": 8])
      try database.insert(
        truths.indices.map {
          TestRow(
            key: "p\($0)", text: "text \($0)", truth: truths[$0], predicted: first[$0],
            confidence: 0.5 + Double($0) / 20)
        })
      for post in 1...7 {
        try database.execute(
          sql: "INSERT INTO entry VALUES (2, 'posts.csv', ?1, ?1, 'x', ?1, 'scored')", arguments: [post])
        try database.execute(
          sql: "INSERT INTO prediction VALUES (2, ?, ?, 0.5, '{}', NULL, 0, 0)", arguments: [post, second[post - 1]])
      }
      try database.execute(
        sql: """
          INSERT INTO post (id, key, content_hash, text, knowledge, extra)
          VALUES (99, 'p99', 'hash', 'only two', '', '{}')
          """)
      try database.execute(sql: "INSERT INTO prediction VALUES (2, 99, 'yes', 0.5, '{}', NULL, 0, 0)")
      try database.execute(sql: "INSERT INTO entry VALUES (2, 'posts.csv', 9, 9, 'p99', 99, 'scored')")
    }
    return store
  }
}
