public import Corpus
private import Files

/// The folder that the picture paths of a corpus start from. Nothing outside it is read: see `RootFolder`.
public struct PictureFolder: Sendable {
  /// The folder as it was named.
  public let root: String
  /// Bounds on the files; `bytes` acts here, `pixels` on decoding.
  public let limits: PictureLimits
  private let folder: RootFolder

  /// Opens a folder, which stays open as long as this value.
  ///
  /// - Throws: where there is none, or the system refuses it.
  public init(root: String, limits: PictureLimits = PictureLimits()) throws(PictureFolderError) {
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
  public func load(_ path: String) throws(PictureFault) -> PictureFile {
    do throws(PictureProblem) {
      return PictureFile(path: path, bytes: try read(path))
    } catch {
      throw PictureFault(path: path, problem: error)
    }
  }

  /// What would keep ``load(_:)`` from reading a file, without reading it; `nil` where nothing is known to.
  public func find(_ path: String) -> FaultCode? {
    do throws(FileProblem) {
      let size = try folder.open(path).size
      guard size > 0 else { return .emptyFile }
      return size > limits.bytes ? .fileTooLarge : nil
    } catch {
      return problem(error).code
    }
  }

  private func read(_ path: String) throws(PictureProblem) -> [UInt8] {
    do throws(FileProblem) {
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

  private func problem(_ problem: FileProblem) -> PictureProblem {
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
