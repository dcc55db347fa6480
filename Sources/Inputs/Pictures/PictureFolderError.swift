/// Why a folder of pictures cannot be used at all; ends the run.
public enum PictureFolderError: Error, Equatable, Sendable {
  /// Nothing is there.
  case missing(path: String)
  /// Something else than a folder is there.
  case notAFolder(path: String)
  /// The system refuses it.
  case unreadable(path: String, reason: String)
}
