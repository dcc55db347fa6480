import Bytes
import Queries

extension RunCounts {
  /// The counts of two runs that hold different shards of one corpus; `nil` where numbers overflow.
  func joined(with other: RunCounts) -> RunCounts? {
    var joined = self
    for file in other.files {
      if let index = joined.files.firstIndex(where: { $0.name.hasSameBytes(as: file.name) }) {
        guard let sum = joined.files[index].joined(with: file) else { return nil }
        joined.files[index] = sum
      } else {
        joined.files.append(file)
      }
    }
    return joined
  }

  /// All records read; saturates.
  var read: Int {
    files.reduce(0) { sum, file in
      let (sum, overflow) = sum.addingReportingOverflow(file.read)
      return overflow ? Int.max : sum
    }
  }
}

extension FileCounts {
  /// What two disjoint sets of shards left together.
  ///
  /// Each shard reads the whole file. Of R records, one set has R - other own ones, the other likewise, and
  /// the two together the sum; records that one of them never reached are another shard's to it.
  package func joined(with file: FileCounts) -> FileCounts? {
    let most = Swift.max(read, file.read)
    let numbers = [read, otherShards, notSampled, file.read, file.otherShards, file.notSampled]
    // Far beyond any corpus, and far from where the sums below could overflow.
    guard numbers.allSatisfy({ 0...(1 << 60) ~= $0 }) else { return nil }
    var others = otherShards + file.otherShards - read - file.read + most
    var unsampled = notSampled + file.notSampled
    // Negative where records outside the sample were counted as such by every shard, not by their own alone.
    if others < 0 {
      unsampled += others
      others = 0
    }
    guard unsampled >= 0 else { return nil }
    return FileCounts(name: name, read: most, otherShards: others, notSampled: unsampled)
  }
}
