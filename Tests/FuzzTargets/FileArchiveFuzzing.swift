import Archives
import Bytes

/// Zips and tars of pictures, whose files are read in place. No name may lead out, and no file may be longer than it says.
enum FileArchiveFuzzing {
  /// Bytes in memory, which report a read outside of them.
  private struct Source: RandomAccessBytes {
    let all: [UInt8]

    var count: Int { all.count }

    func bytes(in range: Range<Int>) throws(ArchiveError) -> [UInt8] {
      // The index must have checked the range: a file of this size has no other bytes.
      precondition(range.lowerBound >= 0 && range.upperBound <= all.count, "a read outside the file")
      return Array(all[range])
    }
  }

  static func read(_ bytes: [UInt8]) throws(BrokenPromise) -> Bool {
    try BrokenPromise.accepts {
      guard let archive = try FileArchive(Source(all: bytes)) else { throw ArchiveError.noDirectory }
      try BrokenPromise.unless(archive.count == archive.names.count, "files without a name")
      for number in 0..<archive.count {
        let name = archive.names[number]
        try BrokenPromise.unless(ArchivePath(name) == .inside(name), "a name that leads elsewhere")
        try BrokenPromise.unless(archive.names.find(name) == number, "a name that is not found")
        let size = archive.size(of: number)
        guard size <= 1 << 20 else { continue }
        // A damaged file is an error of its own, and does not end the reading of the others.
        guard let contents = try? archive.contents(of: number) else { continue }
        try BrokenPromise.unless(contents.count == size, "a file of another size")
      }
    }
  }
}
