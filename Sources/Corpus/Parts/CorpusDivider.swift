import Bytes

/// Divides a corpus into parts of consecutive records, in one pass.
///
/// The reader is that of scoring, so a record is what it is there, damaged ones included.
package enum CorpusDivider {
  /// How large parts are.
  package enum Size: Sendable, Equatable {
    /// So many parts together, of about the same number of bytes.
    case parts(Int)
    /// At most so many records each.
    case rows(Int)
  }

  /// Divides files.
  ///
  /// - Parameters:
  ///   - paths: the files; pipes cannot be divided.
  ///   - options: how they are read.
  ///   - size: how large parts are.
  ///   - reading: the flags of `options` that decide what a record is.
  ///   - observe: called from time to time with the records so far.
  /// - Returns: the parts.
  /// - Throws: `CorpusError`, `PartsError`.
  package static func divide(
    _ paths: [String], _ options: CorpusOptions, into size: Size, reading: [(name: String, value: String)],
    observe: (Int) -> Void
  ) throws -> CorpusParts {
    // Columns are looked for in all files before the long pass.
    let names = try CorpusReader(paths: paths, options: options).files
    var parts = CorpusParts(files: [], parts: [], reading: reading)
    var sources: [any RowSource] = []
    for (path, name) in zip(paths, names) {
      let (bytes, hash) = try CorpusParts.File.state(of: path)
      let source = try RowSources.open(path, name: name, options)
      sources.append(source)
      parts.files.append(
        CorpusParts.File(
          name: ByteText(name), path: path, bytes: bytes, hash: hash, records: 0, whole: source.undivided))
    }
    let shares = try shares(of: parts.files, size)
    var before = 0
    for (place, source) in sources.enumerated() {
      var cutter = Cutter(file: place, bytes: parts.files[place].bytes, share: shares[place])
      while true {
        if before.isMultiple(of: 1024) {
          if options.shouldStop() { throw CorpusError.interrupted(file: paths[place]) }
          if before.isMultiple(of: 65_536) { observe(before) }
        }
        if cutter.wantsPlace(source.bytesTaken) {
          cutter.begin(at: try source.undivided == nil ? source.place() : .beginning)
        }
        guard try source.skip() else { break }
        cutter.count()
        before += 1
      }
      parts.files[place].records = cutter.records
      parts.parts += cutter.finish()
    }
    return parts
  }

  /// What each file's parts are to be.
  private enum Share {
    case rows(Int)
    case bytes(parts: Int)
  }

  private static func shares(of files: [CorpusParts.File], _ size: Size) throws(PartsError) -> [Share] {
    switch size {
    case .rows(let rows): return files.map { $0.whole == nil ? .rows(rows) : .bytes(parts: 1) }
    case .parts(let wanted):
      guard wanted >= files.count else { throw .tooFewParts(wanted: wanted, files: files.count) }
      var counts = files.map { _ in 1 }
      let divisible = files.indices.filter { files[$0].whole == nil }
      guard !divisible.isEmpty else { return counts.map { .bytes(parts: $0) } }
      // The next part goes to the file whose parts are the largest.
      for _ in 0..<wanted - files.count {
        let most = divisible.max { files[$0].bytes / counts[$0] < files[$1].bytes / counts[$1] }
        if let most { counts[most] += 1 }
      }
      return counts.map { .bytes(parts: $0) }
    }
  }

  /// Divides one file.
  private struct Cutter {
    let file: Int
    let bytes: Int
    let share: Share
    private(set) var records = 0
    private var parts: [CorpusParts.Part] = []

    init(file: Int, bytes: Int, share: Share) { (self.file, self.bytes, self.share) = (file, bytes, share) }

    /// Whether a part begins with the next record, if there is one; `taken` is a lower bound of its place.
    func wantsPlace(_ taken: Int) -> Bool {
      guard let first = parts.first, let last = parts.last else { return true }
      guard records >= last.firstRecord else { return false }
      return switch share {
      case .rows(let rows): records - last.firstRecord + 1 >= rows
      case .bytes(let count):
        parts.count < count && taken >= first.begin + (bytes - first.begin) / count * parts.count
      }
    }

    mutating func begin(at place: RecordPlace) {
      if !parts.isEmpty { parts[parts.count - 1].end = place.byte }
      parts.append(
        CorpusParts.Part(
          file: file, firstRecord: records + 1, records: 0, firstLine: place.line, begin: place.byte, end: bytes))
    }

    mutating func count() { records += 1 }

    /// The parts; one without a record is left out, unless the file has none.
    func finish() -> [CorpusParts.Part] {
      var parts = parts
      for place in parts.indices {
        let next = place + 1 < parts.count ? parts[place + 1].firstRecord : records + 1
        parts[place].records = next - parts[place].firstRecord
      }
      if parts.count > 1, parts[parts.count - 1].records == 0 {
        parts.removeLast()
        parts[parts.count - 1].end = bytes
      }
      return parts
    }
  }
}
