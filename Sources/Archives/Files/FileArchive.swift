package import Bytes

/// Bytes that can be read at any place, such as an open file.
package protocol RandomAccessBytes: Sendable {
  /// How many there are.
  var count: Int { get }

  /// The bytes of a range, all of them.
  ///
  /// - Throws: `ArchiveError.cutShort` if there are fewer, `unreadable` if the system does not give them.
  func bytes(in range: Range<Int>) throws(ArchiveError) -> [UInt8]
}

/// A zip or an uncompressed tar whose files are read in place, by an index of their names.
///
/// Only the index is in memory: the names, and 24 bytes for each file. Nothing is unpacked, and names are never used as
/// paths of the system. Reading a file takes one or two system calls.
package struct FileArchive: Sendable {
  /// Where a file's bytes are.
  struct Place: Sendable {
    /// The first byte: of the data in a tar, of the entry's own header in a zip.
    var start: Int
    /// The number of bytes in the archive.
    var packed: Int
    /// The number of bytes of the file.
    var size: Int
    /// CRC-32 of the file's bytes; a tar has none.
    var checksum: UInt32 = 0
    var storage = Storage.stored
  }

  /// How a file's bytes are kept.
  enum Storage: UInt8, Sendable {
    case stored, deflated
    /// By a method that is not read, or encrypted.
    case otherMethod, encrypted
    /// Not at all: a link, which is not followed.
    case link
  }

  /// The maximum number of files in an archive, and the maximum length of a name in bytes.
  static let entryLimit = 20_000_000, nameLimit = 4096

  /// The files' paths within the archive, without `.` and empty parts.
  package private(set) var names = NameTable()
  /// The numbers of names that several files of a zip have.
  private(set) var repeated: Set<Int> = []
  private var places: [Place] = []
  private let source: any RandomAccessBytes
  /// Where a zip's directory begins; nil for a tar.
  private let directory: Int?

  /// Reads the index of a zip or a tar, whichever the first bytes say.
  ///
  /// - Returns: nil if it is neither.
  /// - Throws: `ArchiveError`: the index is damaged, or the file ends early.
  package init?(_ source: any RandomAccessBytes) throws(ArchiveError) {
    self.source = source
    let first = try source.bytes(in: 0..<min(512, source.count))
    if ZipIndex.isBeginning(first) {
      let index = try ZipIndex(source)
      directory = index.start
      for (name, place) in index.entries { try add(name, place, replacing: false) }
    } else if TarIndex.isBeginning(first) {
      directory = nil
      var index = TarIndex(source)
      while var entry = try index.next() {
        // A hard link is another name of a file before it.
        if let target = entry.target, case .inside(let path) = ArchivePath(target), let number = names.find(path) {
          entry.place = places[number]
        }
        try add(entry.name, entry.place, replacing: true)
      }
    } else {
      return nil
    }
  }

  /// Adds a file. In a tar the later file of a name replaces the earlier one; a zip has no rule for that.
  private mutating func add(_ name: [UInt8], _ place: Place, replacing: Bool) throws(ArchiveError) {
    // Paths that lead out of the archive name nothing within it.
    guard name.count <= Self.nameLimit, case .inside(let path) = ArchivePath(name) else { return }
    let (number, isNew) = names.insert(path)
    guard names.count <= Self.entryLimit else { throw .tooManyFiles(limit: Self.entryLimit) }
    if isNew {
      places.append(place)
    } else if replacing {
      places[number] = place
    } else {
      repeated.insert(number)
    }
  }

  /// The number of files.
  package var count: Int { places.count }

  /// The size of a file in bytes.
  package func size(of number: Int) -> Int { places[number].size }

  /// Why a file cannot be read, as far as the index knows; nil if nothing is wrong.
  package func problem(of number: Int) -> ArchiveError? {
    let name = String(decoding: names[number], as: UTF8.self)
    if repeated.contains(number) { return .duplicateEntry(name) }
    return switch places[number].storage {
    case .stored, .deflated: nil
    case .otherMethod: .otherCompression(name)
    case .encrypted: .encrypted(name)
    case .link: .link(name)
    }
  }

  /// A file's bytes.
  ///
  /// - Precondition: `size(of:)` is a size that the caller accepts, because so much memory is taken.
  /// - Throws: `ArchiveError`: what `problem(of:)` says, or the bytes are damaged.
  package func contents(of number: Int) throws(ArchiveError) -> [UInt8] {
    if let problem = problem(of: number) { throw problem }
    let place = places[number]
    guard let directory else { return try source.bytes(in: place.start..<place.start + place.size) }
    let start = try ZipIndex.dataStart(of: place, in: source, before: directory)
    let packed = try source.bytes(in: start..<start + place.packed)
    let bytes = place.storage == .deflated ? Inflater.inflate(packed, to: place.size) : packed
    guard let bytes, Inflater.checksum(of: bytes) == place.checksum else {
      throw .damagedEntry(String(decoding: names[number], as: UTF8.self))
    }
    return bytes
  }
}

/// A path in an archive, by the rules for paths below a folder.
package enum ArchivePath: Equatable, Sendable {
  /// A path within the archive, without `.`, `..` and empty parts.
  case inside([UInt8])
  /// A path that leads out of the archive, or an absolute one.
  case outside
  /// The archive itself, or a path that requires a folder.
  case folder

  /// Follows a path part by part.
  package init(_ path: [UInt8]) {
    var parts: [ArraySlice<UInt8>] = []
    for part in path.split(separator: UInt8(ascii: "/")) where !part.elementsEqual([0x2E]) {
      guard part.elementsEqual([0x2E, 0x2E]) else {
        parts.append(part)
        continue
      }
      guard parts.popLast() != nil else {
        self = .outside
        return
      }
    }
    if path.first == UInt8(ascii: "/") {
      self = .outside
    } else if parts.isEmpty || path.last == UInt8(ascii: "/") {
      self = .folder
    } else {
      self = .inside(Array(parts.joined(separator: CollectionOfOne(UInt8(ascii: "/")))))
    }
  }
}
