internal import Glibc

/// A model's folder in the making: it appears under its name when it is whole; until then it is `PATH.partial`, which
/// goes with this object.
final class NewFolder {
  /// Where its files are until it is whole.
  let partial: String
  private let path: String
  /// Whether the folder is not, or no longer, this object's to remove.
  private var finished = true

  /// The files that such a folder may hold. What a killed process left is ours by their names.
  private static let files = [
    "config.json", "weights.safetensors", "weights.safetensors.partial", "vocab.txt", "tokenizer.json",
    "card.md", ModelConfiguration.lexiconName, InputProfile.fileName,
  ]

  /// Makes the folder; there must be nothing at `path`.
  init(_ path: String) throws(ModelError) {
    self.path = path.trimmingSlashes
    partial = self.path + ".partial"
    try Self.check(path)
    if mkdir(partial, 0o777) != 0 {
      if errno == EEXIST { Self.remove(partial) }
      // Anything else in it keeps the folder, and is an error.
      guard mkdir(partial, 0o777) == 0 else {
        throw .unwritable(path: path, reason: String(cString: strerror(errno)))
      }
    }
    finished = false
  }

  deinit {
    if !finished { Self.remove(partial) }
  }

  /// Complains of what is at `path`.
  static func check(_ path: String) throws(ModelError) {
    var status = stat()
    if lstat(path.trimmingSlashes, &status) == 0 { throw .alreadyThere(path: path) }
  }

  /// The path of a file in it.
  func file(_ name: String) -> String { "\(partial)/\(name)" }

  /// Writes a small file.
  func write(_ bytes: [UInt8], to name: String) throws(ModelError) {
    guard let stream = fopen(file(name), "wb") else { throw failure() }
    let complete = fwrite(bytes, 1, bytes.count, stream) == bytes.count
    guard fclose(stream) == 0, complete else { throw failure() }
  }

  /// Gives the whole folder its name.
  func finish() throws(ModelError) {
    guard rename(partial, path) == 0 else { throw failure() }
    finished = true
  }

  private func failure() -> ModelError { .unwritable(path: path, reason: String(cString: strerror(errno))) }

  private static func remove(_ partial: String) {
    for file in files { unlink("\(partial)/\(file)") }
    rmdir(partial)
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
