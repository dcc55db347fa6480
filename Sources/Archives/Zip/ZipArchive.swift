internal import Bytes

/// The entries of a zip, as its directory lists them, with every offset checked against the file.
///
/// Nothing is extracted, so a name is a name and no path. What is compressed or encrypted is refused.
package struct ZipArchive: Sendable {
  /// An entry's name and the bytes of the file that it consists of.
  package struct Entry: Sendable, Equatable {
    package let name: String
    package let range: Range<Int>
  }

  /// The entries in the order of their bytes.
  package let entries: [Entry]
  private let places: [ByteText: Int]

  /// Reads the directory of a whole zip.
  package init(_ bytes: UnsafeRawBufferPointer) throws(ArchiveFault) {
    let directory = try ZipDirectory(bytes)
    var spans: [(entry: Entry, from: Int)] = []
    var at = directory.range.lowerBound
    for _ in 0..<directory.count {
      let header = try ZipHeader(bytes, at: at, within: directory.range)
      at = header.end
      let range = try header.data(in: bytes, before: directory.range.lowerBound)
      spans.append((Entry(name: header.name, range: range), header.local))
    }
    spans.sort { ($0.from, $0.entry.range.upperBound) < ($1.from, $1.entry.range.upperBound) }
    for (one, next) in zip(spans, spans.dropFirst()) where next.from < one.entry.range.upperBound {
      throw .overlap(next.entry.name, other: one.entry.name)
    }
    entries = spans.map(\.entry)
    var places: [ByteText: Int] = [:]
    for (index, entry) in entries.enumerated() {
      guard places.updateValue(index, forKey: ByteText(entry.name)) == nil else { throw .duplicateEntry(entry.name) }
    }
    self.places = places
  }

  /// The bytes of the entry of this name.
  package subscript(name: String) -> Range<Int>? { places[ByteText(name)].map { entries[$0].range } }

  /// Whether bytes begin as a zip does.
  package static func isBeginning(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.number(UInt32.self, at: 0) == ZipHeader.localSignature
  }
}
