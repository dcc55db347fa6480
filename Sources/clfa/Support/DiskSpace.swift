import Glibc

/// What the disk holds.
enum DiskSpace {
  /// Bytes free to this user where a file lies or would lie; `nil` where the system does not say.
  static func free(at path: String) -> Int? {
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    var facts = statvfs()
    guard statvfs(folder.isEmpty ? "/" : folder, &facts) == 0 else { return nil }
    return Int(facts.f_bavail) * Int(facts.f_frsize)
  }
}

/// Bytes in words.
enum ByteCount {
  /// `812 kB`, `3.4 GB`.
  static func words(_ bytes: Int) -> String {
    var value = Double(bytes)
    for unit in ["B", "kB", "MB", "GB"] {
      if value < 1000 { return "\(digits(value)) \(unit)" }
      value /= 1000
    }
    return "\(digits(value)) TB"
  }

  private static func digits(_ value: Double) -> String {
    value < 10 ? "\((value * 10).rounded() / 10)" : "\(Int(value.rounded()))"
  }
}
