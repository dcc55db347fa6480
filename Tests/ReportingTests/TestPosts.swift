/// A small corpus with every state: both sides, no picture, no text, unlabelled, an unknown truth, faults.
let mixedRows: [TestRow] = [
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

/// A number from 0 to 1 that depends on its seed alone.
func noise(_ seed: Int) -> Double {
  var x = UInt64(bitPattern: Int64(seed)) &* 0x9e37_79b9_7f4a_7c15
  x = (x ^ (x >> 30)) &* 0xbf58_476d_1ce4_e5b9
  x = (x ^ (x >> 27)) &* 0x94d0_49bb_1331_11eb
  return Double((x ^ (x >> 31)) >> 11) / 0x1p53
}

/// Scored posts over some labels, with vectors of which each pair is near.
func pairedRows(_ count: Int, labels: [String], truths: [String]? = nil) -> [TestRow] {
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
