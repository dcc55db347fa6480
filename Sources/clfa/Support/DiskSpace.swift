import Corpus
import Glibc
import Scoring

/// What the disk holds, and what a store would take of it.
enum DiskSpace {
  /// Bytes free to this user where a file lies or would lie; `nil` where the system does not say.
  static func free(at path: String) -> Int? {
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    var facts = statvfs()
    guard statvfs(folder.isEmpty ? "/" : folder, &facts) == 0 else { return nil }
    return Int(facts.f_bavail) * Int(facts.f_frsize)
  }

  /// Bytes that a run would add, judged by the first rows of a corpus of files, not pipes, and by their size.
  static func estimate(
    _ paths: [String], _ corpus: CorpusOptions, vectorWidths: [Int], _ options: ScoringOptions
  ) throws -> Int? {
    var reader = try CorpusReader(paths: paths, options: corpus)
    guard let total = reader.totalBytes else { return nil }
    var size = StoreSize(vectorWidths: vectorWidths)
    var rows = 0
    // Files are read in large pieces: only after many rows do the bytes read say how long a row is.
    while rows < 20_000, let row = try reader.next() {
      rows += 1
      if case .post(let post) = row { size.add(post) } else { size.addEntry() }
    }
    guard rows > 0, reader.bytesRead > 0 else { return 0 }
    var share = Double(total) / Double(reader.bytesRead)
    if let limit = options.limit { share = min(share, Double(limit) / Double(rows)) }
    if let shard = options.shard { share /= Double(shard.count) }
    if let sample = options.sample { share *= sample.percent / 100 }
    return size.bytes(times: share)
  }
}

/// Bytes in words.
enum ByteCount {
  /// `812 kB`, `3.4 GB`.
  static func words(_ bytes: Int) -> String {
    var value = Double(bytes)
    for unit in ["B", "kB", "MB", "GB"] {
      if value < 1000 { return "\(digits(value)) \(unit)" }
      value /= 1000
    }
    return "\(digits(value)) TB"
  }

  private static func digits(_ value: Double) -> String {
    value < 10 ? "\((value * 10).rounded() / 10)" : "\(Int(value.rounded()))"
  }
}
