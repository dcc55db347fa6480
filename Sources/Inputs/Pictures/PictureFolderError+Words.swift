import Bytes

extension PictureFolderError: CustomStringConvertible {
  /// What is wrong and what mends it, in one line.
  public var description: String {
    switch self {
    case .missing(let path):
      "no folder \(path.printable) for pictures; --images names the folder that picture paths start from"
    case .notAFolder(let path):
      "\(path.printable) is no folder; --images names the folder that picture paths start from"
    case .unreadable(let path, let reason):
      "the folder of pictures \(path.printable) cannot be opened: \(reason.printable); check its permissions or give another with --images"
    }
  }
}
