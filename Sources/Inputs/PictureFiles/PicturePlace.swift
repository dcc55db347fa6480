internal import Archives
internal import Bytes
internal import Files

/// Where picture files are: a folder, a zip or a tar. All have the same rules for paths and the same limits.
protocol PicturePlace: Sendable {
  /// The place's path as given.
  var root: String { get }
  /// The size of a file in bytes.
  func size(_ path: String) throws(PictureError) -> Int
  /// A file's bytes.
  ///
  /// - Throws: `fileTooLarge` if there are more than `limit`; they are then not read.
  func read(_ path: String, limit: Int) throws(PictureError) -> [UInt8]
  /// Visits the paths of all files, up to a number of names; false if there are more.
  func paths(limit: Int, _ visit: ([UInt8]) -> Void) -> Bool
}

/// A folder.
struct FolderPlace: PicturePlace {
  let root: String
  private let folder: RootFolder

  init(root: String) throws(RootFolder.Failure) {
    (self.root, folder) = (root, try RootFolder(root))
  }

  func size(_ path: String) throws(PictureError) -> Int {
    do throws(FileError) { return try folder.open(path).size } catch { throw problem(error) }
  }

  func read(_ path: String, limit: Int) throws(PictureError) -> [UInt8] {
    do throws(FileError) {
      let file = try folder.open(path)
      return file.size > 0 ? try file.contents(limit: limit) : []
    } catch {
      throw problem(error)
    }
  }

  func paths(limit: Int, _ visit: ([UInt8]) -> Void) -> Bool { folder.paths(limit: limit, visit) }

  private func problem(_ problem: FileError) -> PictureError {
    switch problem {
    case .missing: .missing
    case .impossiblePath: .impossiblePath
    case .outside: .outsideFolder(folder: root)
    case .isFolder: .directory
    case .notAFile(let kind): .notAFile(kind: kind)
    case .tooLarge(let bytes, let limit): .fileTooLarge(bytes: bytes, limit: limit)
    case .alreadyThere, .noReader, .system: .unreadable(reason: problem.description.lowercased())
    }
  }
}

/// A zip or an uncompressed tar.
struct ArchivePlace: PicturePlace {
  let root: String
  private let archive: FileArchive

  /// Reads an archive's index.
  ///
  /// - Throws: `PictureFolderError`: `notAFolder` if it is neither a zip nor a tar.
  init(root: String) throws(PictureFolderError) {
    let file: OpenedArchive, archive: FileArchive?
    do throws(FileError) {
      file = OpenedArchive(try OpenFile(root))
    } catch {
      if case .notAFile = error { throw .notAFolder(path: root) }
      throw .unreadable(path: root, reason: error.description.lowercased())
    }
    do throws(ArchiveError) {
      archive = try FileArchive(file)
    } catch {
      throw .badArchive(path: root, reason: error.description)
    }
    guard let archive else {
      let first = (try? file.bytes(in: 0..<min(8, file.count))) ?? []
      guard let name = Self.compression(first) else {
        guard Self.endsLikeZip(file) else { throw .notAFolder(path: root) }
        throw .badArchive(
          path: root,
          reason: "the zip in it does not begin at its first byte, as in a self-extracting archive; unpack it, and "
            + "pack the pictures again")
      }
      throw .compressed(path: root, by: name)
    }
    (self.root, self.archive) = (root, archive)
  }

  /// Whether the record of a zip's directory is at the end, before a comment of up to 64 KiB.
  private static func endsLikeZip(_ file: OpenedArchive) -> Bool {
    let last = (try? file.bytes(in: max(0, file.count - (1 << 16) - 22)..<file.count)) ?? []
    return last.indices.dropLast(21).contains { last[$0...].starts(with: [0x50, 0x4B, 5, 6]) }
  }

  /// The program that compressed bytes which begin like this; nil for others.
  private static func compression(_ first: [UInt8]) -> String? {
    let marks: [(String, [UInt8])] = [
      ("gzip", [0x1F, 0x8B]), ("zstd", [0x28, 0xB5, 0x2F, 0xFD]), ("bzip2", [0x42, 0x5A, 0x68]),
      ("xz", [0xFD, 0x37, 0x7A, 0x58, 0x5A]),
    ]
    return marks.first { first.starts(with: $0.1) }?.0
  }

  func size(_ path: String) throws(PictureError) -> Int {
    let number = try find(path)
    if let problem = archive.problem(of: number) { throw .inArchive(reason: problem.description) }
    return archive.size(of: number)
  }

  func read(_ path: String, limit: Int) throws(PictureError) -> [UInt8] {
    let number = try find(path), size = archive.size(of: number)
    guard size <= limit else { throw .fileTooLarge(bytes: size, limit: limit) }
    do throws(ArchiveError) {
      return try archive.contents(of: number)
    } catch {
      throw .inArchive(reason: error.description)
    }
  }

  func paths(limit: Int, _ visit: ([UInt8]) -> Void) -> Bool {
    for number in 0..<min(limit, archive.count) { visit(archive.names[number]) }
    return archive.count <= limit
  }

  private func find(_ path: String) throws(PictureError) -> Int {
    let bytes = Array(path.utf8)
    guard !bytes.isEmpty, !bytes.contains(0) else { throw .impossiblePath }
    switch ArchivePath(bytes) {
    case .outside: throw .outsideFolder(folder: root)
    case .folder: throw .directory
    case .inside(let inside):
      guard let number = archive.names.find(inside) else { throw .missing }
      return number
    }
  }
}

/// An archive's open file.
private final class OpenedArchive: RandomAccessBytes {
  private let file: OpenFile

  init(_ file: consuming OpenFile) { self.file = file }

  var count: Int { file.size }

  func bytes(in range: Range<Int>) throws(ArchiveError) -> [UInt8] {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try file.bytes(in: range)
    } catch {
      throw .unreadable(reason: error.description.lowercased())
    }
    // The file was shortened since it was opened.
    guard bytes.count == range.count else { throw .cutShort(part: "the archive", at: range.lowerBound + bytes.count) }
    return bytes
  }
}
