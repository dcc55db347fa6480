import Bytes

/// What a store's user should know, though it hinders nothing.
public enum StoreNotice: Equatable, Sendable {
  /// The store stands on a network file system.
  case networkFileSystem(path: String, type: String)
  /// The store has tables, views or indexes that people added: `table notes`.
  case additions(path: String, [String])
  /// Posts were forgotten by a command that was cut short; the file was written anew now.
  case compacted(path: String)
  /// The file still has to be written anew without the posts that were forgotten.
  case notCompacted(path: String, StoreError)
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
    case .additions(let path, let names):
      "\(path.printable) contains \(names.count == 1 ? "something" : "\(names.count) things") that clfa did not create ("
        + names.prefix(8).map(\.printable).joined(separator: ", ")
        + (names.count > 8 ? " and \(names.count - 8) more" : "")
        + "); \(names.count == 1 ? "it is" : "they are") left alone"
    case .compacted(let path):
      "an earlier clfa forget on \(path.printable) was cut short; the file was written anew now, without what was forgotten"
    case .notCompacted(let path, let error):
      "\(path.printable) may still hold texts that were forgotten, since the file could not be written anew: \(error)"
    }
  }
}
