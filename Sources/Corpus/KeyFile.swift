internal import Bytes
internal import Glibc

/// A list of posts' keys, one per line, as bytes.
package enum KeyFile {
  /// The maximum size of a list in bytes.
  package static let largest = 256 << 20

  /// Reads a list; `-` is standard input. A byte-order mark is dropped; if every line ends in CR LF, so are the CRs.
  /// Empty lines are ignored. All other bytes, including blanks, belong to the keys.
  ///
  /// - Parameters:
  ///   - path: the list's file.
  ///   - limit: the maximum size of a list in bytes.
  ///   - shouldStop: called while a pipe is silent.
  /// - Returns: the keys in the order of the list, duplicates included.
  /// - Throws: `KeyFileError` if the file cannot be read or is not a list of keys.
  package static func read(
    _ path: String, limit: Int = largest, shouldStop: @escaping @Sendable () -> Bool = { false }
  ) throws(KeyFileError) -> [String] {
    try keys(of: bytes(of: path, limit: limit, shouldStop: shouldStop), path: path)
  }

  private static func keys(of bytes: [UInt8], path: String) throws(KeyFileError) -> [String] {
    var rest = bytes[...]
    if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
    if rest.last == UInt8(ascii: "\n") { rest = rest.dropLast() }
    var lines = rest.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    // The last line may have no line end.
    let whole = bytes.last == UInt8(ascii: "\n") ? lines[...] : lines.dropLast()
    if !whole.isEmpty, whole.allSatisfy({ $0.last == UInt8(ascii: "\r") }) {
      lines = lines.map { $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0 }
    } else if let place = lines.firstIndex(where: { $0.last == UInt8(ascii: "\r") }) {
      throw .mixedEndings(path: path, line: place + 1)
    }
    var keys: [String] = []
    for (number, line) in lines.enumerated() where !line.isEmpty {
      if line.contains(0) { throw .nul(path: path, line: number + 1) }
      guard let key = String(validating: line, as: UTF8.self) else { throw .notUTF8(path: path, line: number + 1) }
      keys.append(key)
    }
    return keys
  }

  private static func bytes(
    of path: String, limit: Int, shouldStop: @escaping @Sendable () -> Bool
  ) throws(KeyFileError) -> [UInt8] {
    do throws(CorpusError) {
      let file = try InputFile(path: path, shouldStop: shouldStop)
      var bytes: [UInt8] = [], piece = [UInt8](repeating: 0, count: 1 << 16)
      while true {
        let count = try piece.withUnsafeMutableBufferPointer { (buffer) throws(CorpusError) in
          try file.read(into: UnsafeMutableRawBufferPointer(buffer))
        }
        guard count > 0 else { return bytes }
        bytes += piece.prefix(count)
        if bytes.count > limit { break }
      }
    } catch {
      throw KeyFileError(error, path: path)
    }
    throw .tooLarge(path: path, limit: limit)
  }
}

/// An error in a list of keys.
package enum KeyFileError: Error, Equatable, CustomStringConvertible {
  case unreadable(path: String, code: Int32)
  case tooLarge(path: String, limit: Int)
  case notUTF8(path: String, line: Int)
  case nul(path: String, line: Int)
  case mixedEndings(path: String, line: Int)
  case interrupted

  /// Why the file cannot be opened or read.
  fileprivate init(_ error: CorpusError, path: String) {
    switch error {
    case .interrupted: self = .interrupted
    case .isDirectory: self = .unreadable(path: path, code: EISDIR)
    case .cannotOpen(_, let code), .cannotRead(_, let code): self = .unreadable(path: path, code: code)
    default: self = .unreadable(path: path, code: ENOENT)
    }
  }

  package var description: String {
    switch self {
    case .unreadable("-", EBADF): "standard input (-) is closed; pipe keys into clfa, or name a file of them"
    case .unreadable(let path, let code):
      "cannot read \(path.printable): \(String(cString: strerror(code))); name a file with one key per line"
    case .tooLarge(let path, let limit):
      "\(path.printable) is over \(limit >> 20) MiB; split it and run the command for each part"
    case .notUTF8(let path, let line):
      "\(path.printable):\(line): the key is not UTF-8, but all keys of a store are; save the file as UTF-8"
    case .nul(let path, let line):
      "\(path.printable):\(line): a NUL character, which no key holds; if the file is UTF-16, convert it with iconv"
    case .mixedEndings(let path, let line):
      "\(path.printable):\(line): some lines end in CR LF and some in LF only, so it is unclear whether the CR belongs to "
        + "a key; make all lines end alike (sed -i 's/\\r$//'). Nothing was removed"
    case .interrupted: "interrupted"
    }
  }
}
