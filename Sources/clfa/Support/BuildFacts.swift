import CBuild

/// What the build wrote down about itself.
enum BuildFacts {
  /// The commit, with a mark when the checkout had changes of its own.
  static var commit: String { String(cString: clfa_commit()) }
  /// The Swift compiler's version.
  static var compiler: String {
    #if compiler(>=6.4)
      "6.4 or newer"
    #elseif compiler(>=6.3)
      "6.3"
    #elseif compiler(>=6.2)
      "6.2"
    #else
      "6"
    #endif
  }
}
