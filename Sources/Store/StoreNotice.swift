import Bytes

/// What a store's user should know, though it hinders nothing.
public enum StoreNotice: Equatable, Sendable {
  /// The store stands on a network file system.
  case networkFileSystem(path: String, type: String)
}

extension StoreNotice: CustomStringConvertible {
  /// The notice in words.
  public var description: String {
    switch self {
    case .networkFileSystem(let path, let type):
      """
      \(path.printable) is on a network file system (\(type.printable)): commits are slower there, and readers wait for them. \
      A store on a local disk is faster; copy it when the run is done.
      """
    }
  }
}
