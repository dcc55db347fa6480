import Bytes
private import Files

/// The folder to which the picture paths of a corpus are relative. Nothing outside it is read: see `RootFolder`.
package struct PictureFolder: Sendable {
  /// The folder's path as given.
  package let root: String
  /// Limits on the files; `bytes` applies here, `pixels` when decoding.
  package let limits: PictureLimits
  private let folder: RootFolder

  /// Opens a folder, which stays open as long as this value.
  ///
  /// - Throws: if the folder does not exist or can't be opened.
  package init(root: String, limits: PictureLimits = PictureLimits()) throws(PictureFolderError) {
    do throws(RootFolder.Failure) {
      folder = try RootFolder(root)
    } catch {
      switch error {
      case .missing: throw .missing(path: root)
      case .notAFolder: throw .notAFolder(path: root)
      case .refused(let problem): throw .unreadable(path: root, reason: problem.description.lowercased())
      }
    }
    self.root = root
    self.limits = limits
  }

  /// Reads a picture file, whole.
  ///
  /// - Parameter path: relative to the folder, or absolute and inside it.
  /// - Returns: the file's bytes and their hash.
  /// - Throws: a fault of every code up to `file_too_large`; the file is not decoded here.
  package func load(_ path: String) throws(PictureFileError) -> PictureFile {
    do throws(PictureError) {
      return PictureFile(path: path, bytes: try read(path))
    } catch {
      throw PictureFileError(path: path, problem: error)
    }
  }

  /// The error that ``load(_:)`` would throw for a file, without reading it; `nil` if none is expected.
  package func find(_ path: String) -> PictureError? {
    do throws(FileError) {
      let size = try folder.open(path).size
      guard size > 0 else { return .emptyFile }
      return size > limits.bytes ? .fileTooLarge(bytes: size, limit: limits.bytes) : nil
    } catch {
      return problem(error)
    }
  }

  private func read(_ path: String) throws(PictureError) -> [UInt8] {
    do throws(FileError) {
      let file = try folder.open(path)
      if file.size > 0 {
        let bytes = try file.contents(limit: limits.bytes)
        if !bytes.isEmpty { return bytes }
      }
    } catch {
      throw problem(error)
    }
    throw .emptyFile
  }

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

/// Why a folder of pictures cannot be used; it ends the run.
package enum PictureFolderError: Error, Equatable, Sendable {
  /// It does not exist.
  case missing(path: String)
  /// It is not a folder.
  case notAFolder(path: String)
  /// The system does not allow reading it.
  case unreadable(path: String, reason: String)
}

extension PictureFolderError: CustomStringConvertible {
  /// The message: the problem and how to fix it, in one line.
  package var description: String {
    switch self {
    case .missing(let path):
      "there is no folder \(path.printable) for pictures"
    case .notAFolder(let path):
      "\(path.printable) is not a folder, so it cannot hold the pictures"
    case .unreadable(let path, let reason):
      "the folder of pictures \(path.printable) cannot be opened: \(reason.printable); check its permissions"
    }
  }
}

/// A picture file as read: its path, its bytes and their hash. Nothing is decoded yet.
package struct PictureFile: Equatable, Sendable {
  /// The path as the corpus wrote it.
  package let path: String
  /// The whole file.
  package let bytes: [UInt8]
  /// SHA-256 of `bytes`, 32 bytes: the `picture_hash` of a post.
  package let sha256: [UInt8]

  /// Wraps the bytes of a file and hashes them.
  package init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
    self.sha256 = Array(SHA256.hash(data: bytes))
  }

  /// The picture.
  ///
  /// - Parameters:
  ///   - limits: the largest files and pictures accepted.
  ///   - least: see ``PictureDecoder/decode(_:limits:least:)``.
  /// - Returns: its pixels.
  /// - Throws: a fault with this file's path and one of the problems of ``PictureDecoder``.
  package func decoded(
    limits: PictureLimits = PictureLimits(), least: Int? = nil
  ) throws(PictureFileError) -> Picture {
    do {
      return try PictureDecoder.decode(bytes, limits: limits, least: least)
    } catch {
      throw PictureFileError(path: path, problem: error)
    }
  }
}
