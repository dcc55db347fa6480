import Bytes

/// Names made from the paths of corpus files.
public enum FileStem {
  /// The name of a run over a corpus that begins with this path: its last component without the extension.
  ///
  /// Standard input (`-`) is `stdin`. A name that is all extension (`.csv`) stays whole.
  public static func of(_ path: String) -> String {
    let name = lastComponent(path)
    if name.hasSameBytes(as: "-") { return "stdin" }
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot > name.utf8.startIndex else {
      return name
    }
    return String(name[..<dot])
  }

  /// A path's last component; trailing slashes do not count, and a path of slashes alone stays as it is.
  static func lastComponent(_ path: String) -> String {
    let slash = UInt8(ascii: "/")
    guard let last = path.utf8.split(separator: slash).last else { return path }
    return String(Substring(last))
  }

  /// The names by which the ledger knows files: last components, or paths as given where two would be equal.
  static func ledgerNames(_ paths: [String]) -> [String] {
    let last = paths.map(lastComponent)
    var uses: [ByteText: Int] = [:]
    for name in last { uses[ByteText(name), default: 0] += 1 }
    return zip(paths, last).map { path, name in uses[ByteText(name)] == 1 ? name : path }
  }
}
