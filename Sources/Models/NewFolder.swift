package import Files

/// A model's folder in the making, which appears under its name when it is whole: `AtomicFolder` with a model's errors.
final class NewFolder {
  private let path: String
  private let folder: AtomicFolder

  /// Makes the folder; there must be nothing at `path`.
  init(_ path: String) throws(ModelError) {
    self.path = path
    folder = try ModelError.writing(path) { () throws(FileProblem) in try AtomicFolder(path) }
  }

  /// Complains of what is at `path`.
  static func check(_ path: String) throws(ModelError) {
    try ModelError.writing(path) { () throws(FileProblem) in try AtomicFolder.check(path) }
  }

  /// Where its files are until it is whole.
  var partial: String { folder.partial }

  /// The path of a file in it.
  func file(_ name: String) -> String { folder.file(name) }

  /// Writes a small file.
  func write(_ bytes: [UInt8], to name: String) throws(ModelError) {
    try ModelError.writing(path) { () throws(FileProblem) in try folder.write(bytes, to: name) }
  }

  /// Gives the whole folder its name.
  ///
  /// - Throws: `alreadyThere` where another command was faster.
  func finish() throws(ModelError) {
    try ModelError.writing(path) { () throws(FileProblem) in try folder.finish() }
  }
}

extension ModelError {
  /// What kept the file at `path` from being read.
  package init(reading problem: FileProblem, at path: String) {
    self =
      switch problem {
      case .missing, .impossiblePath: .missingFile(path: path)
      case .isFolder, .notAFile: .notAFile(path: path)
      case .tooLarge(let bytes, let limit): .fileTooLarge(path: path, bytes: bytes, limit: limit)
      case .outside, .alreadyThere, .noReader, .system:
        .unreadable(path: path, reason: problem.description)
      }
  }

  /// The value of `body`, which writes the file or folder at `path`.
  package static func writing<Value>(
    _ path: String, _ body: () throws(FileProblem) -> Value
  ) throws(ModelError) -> Value {
    do throws(FileProblem) {
      return try body()
    } catch {
      throw error == .alreadyThere ? .alreadyThere(path: path) : .unwritable(path: path, reason: error.description)
    }
  }
}

extension String {
  /// A folder's path that a file's name can follow.
  var withSlash: String { utf8.last == UInt8(ascii: "/") || isEmpty ? self : self + "/" }

  /// A folder's path that an ending can follow.
  var trimmingSlashes: String {
    var bytes = Array(utf8)
    while bytes.count > 1, bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }
}
