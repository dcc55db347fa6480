public import Corpus

/// Why a picture cannot be used: facts only, their words are in `description`.
public enum PictureProblem: Error, Equatable, Sendable {
  /// No such file, or a part of its path is no folder.
  case missing
  /// The path is empty or holds a NUL character, so that no file can have it.
  case impossiblePath
  /// The file is there and the system refuses it, for the reason given.
  case unreadable(reason: String)
  /// The path leads out of the folder of pictures.
  case outsideFolder(folder: String)
  /// The path leads to a folder.
  case directory
  /// The path leads to a pipe, a device or a socket.
  case notAFile(kind: String)
  /// The file has no bytes.
  case emptyFile
  /// The file has more bytes than allowed.
  case fileTooLarge(bytes: Int, limit: Int)
  /// The picture has more pixels than allowed.
  case tooManyPixels(width: Int, height: Int, limit: Int)
  /// No format that is read here; `looksLike` names what the first bytes resemble.
  case unsupportedFormat(looksLike: String)
  /// A variant of a format that its library does not read.
  case unsupportedVariant(format: String, reason: String)
  /// The file ends before the picture does.
  case truncated(format: String, reason: String)
  /// The file contradicts its own format.
  case corrupt(format: String, reason: String)
  /// The machine has no memory left for the picture.
  case outOfMemory

  /// The code under which the store keeps it.
  public var code: FaultCode {
    switch self {
    case .missing, .impossiblePath: .missing
    case .unreadable, .outOfMemory: .unreadable
    case .outsideFolder: .outsideFolder
    case .directory: .directory
    case .notAFile: .notAFile
    case .emptyFile: .emptyFile
    case .fileTooLarge: .fileTooLarge
    case .tooManyPixels: .tooManyPixels
    case .unsupportedFormat, .unsupportedVariant: .unsupportedFormat
    case .truncated: .truncated
    case .corrupt: .corrupt
    }
  }
}
