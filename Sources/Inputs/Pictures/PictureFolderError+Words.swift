extension PictureFolderError: CustomStringConvertible {
  /// What is wrong and what mends it, in one line.
  public var description: String {
    switch self {
    case .missing(let path):
      "no folder \(path) for pictures; --images names the folder that picture paths start from"
    case .notAFolder(let path):
      "\(path) is no folder; --images names the folder that picture paths start from"
    case .unreadable(let path, let reason):
      "the folder of pictures \(path) cannot be opened: \(reason); check its permissions or give another with --images"
    }
  }
}
