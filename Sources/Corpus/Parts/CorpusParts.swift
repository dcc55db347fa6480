package import Bytes

/// A corpus divided into parts: which records each has, and where they begin in their file.
package struct CorpusParts: Sendable, Equatable {
  /// A file of the corpus.
  package struct File: Sendable, Equatable {
    /// The name in the ledger, and the path as given.
    package var name: ByteText, path: String
    /// The size on the disk.
    package var bytes: Int
    /// SHA-256 of its first ``beginning`` bytes, in lower-case hexadecimal.
    package var hash: String
    /// The number of its records.
    package var records: Int
    /// Why all of it is one part; nil if it can be divided.
    package var whole: Undivided?
  }

  /// Why a file is one part.
  package enum Undivided: String, Sendable {
    /// It can only be unpacked from its beginning.
    case compressed
    /// Its bytes are not those of its records.
    case utf16 = "utf-16"
    /// Its records are the elements of one list.
    case list
  }

  /// Consecutive records of a file.
  package struct Part: Sendable, Equatable {
    /// The index of its file.
    package var file: Int
    /// The first record, from 1, and the number of records.
    package var firstRecord: Int, records: Int
    /// The line, from 1, and the byte at which the search for the first record begins.
    package var firstLine: Int, begin: Int
    /// The byte at which the next part begins, or the file ends.
    package var end: Int
  }

  /// The bytes of a file's beginning that tell whether it has changed.
  static let beginning = 64 << 10

  /// The files, in the order of the corpus.
  package var files: [File]
  /// The parts, in the order of the corpus. The number of a part is its index + 1.
  package var parts: [Part]
  /// The flags that decide what a record is, by name.
  package var reading: [(name: String, value: String)]

  package init(files: [File], parts: [Part], reading: [(name: String, value: String)]) {
    (self.files, self.parts, self.reading) = (files, parts, reading)
  }

  package static func == (left: CorpusParts, right: CorpusParts) -> Bool { left.json.text() == right.json.text() }

  /// The numbers, from 1, of the parts of shard K of N: as equal a number of consecutive parts as possible.
  package func numbers(of shard: Shard) -> ClosedRange<Int>? {
    let first = (shard.number - 1) * parts.count / shard.count, end = shard.number * parts.count / shard.count
    return first < end ? first + 1...end : nil
  }

  /// What is read of each file for some of the parts.
  package func portion(_ numbers: ClosedRange<Int>?) -> CorpusPortion {
    let chosen = numbers.map { parts[$0.lowerBound - 1...$0.upperBound - 1] } ?? []
    return CorpusPortion(
      files: files.indices.map { place in
        let own = chosen.filter { $0.file == place }
        guard let first = own.first, let last = own.last else {
          return CorpusPortion.File(name: files[place].name.text, records: files[place].records, range: nil)
        }
        return CorpusPortion.File(
          name: files[place].name.text, records: files[place].records,
          range: RecordRange(
            first: first.firstRecord, count: own.reduce(0) { $0 + $1.records }, line: first.firstLine,
            bytes: first.begin..<last.end, isWhole: files[place].whole != nil))
      })
  }
}

/// The records of a corpus that are read: a range of each file.
package struct CorpusPortion: Sendable, Equatable {
  /// A file of the corpus.
  package struct File: Sendable, Equatable {
    /// Its name in the ledger.
    package var name: String
    /// The number of all its records.
    package var records: Int
    /// The records that are read; nil for none.
    package var range: RecordRange?
  }

  /// The files, in the order of the paths.
  package var files: [File]

  /// What is read of one of the files alone.
  package func only(_ place: Int) -> CorpusPortion { CorpusPortion(files: [files[place]]) }
}

/// Consecutive records of a file.
package struct RecordRange: Sendable, Equatable {
  /// The first record, from 1, and their number.
  package var first: Int, count: Int
  /// The line, from 1, at which the search for the first begins.
  package var line: Int
  /// The bytes on the disk from there to the next record after them.
  package var bytes: Range<Int>
  /// Whether these are all records, and the file is read from its beginning.
  package var isWhole: Bool

  /// The last record.
  package var last: Int { first + count - 1 }
}
