import Bytes
import GRDB
import Glibc
public import Queries
public import Store

extension ComparedRun {
  /// Reads a run by what the command line names: a run of the same store, else `FILE.sqlite:RUN`.
  ///
  /// - Parameters:
  ///   - name: The run.
  ///   - store: The store that the report is on.
  ///   - pairing: Which posts of both runs are pairs.
  ///   - truth: Whose true labels count, by source; nil for each post's latest.
  ///   - shouldStop: Asked while another store is read, as by its reader.
  /// - Returns: The run's predictions.
  /// - Throws: `ReportingError` where there is no such run; the other store's `StoreError`.
  public static func find(
    _ name: String, from store: StoreReader, pairing: Pairing = .content, truth: String? = nil,
    shouldStop: (@Sendable () -> Bool)? = nil
  ) throws -> ComparedRun {
    guard let (file, run) = parts(of: name, isRun: try hasRun(name, store)) else {
      return try load(from: store, run: name, pairing: pairing, truth: truth)
    }
    let other = try StoreReader(path: file, shouldStop: shouldStop)
    defer { other.close() }
    let isSame = other.path.hasSameBytes(as: store.path)
    return try load(
      from: other, run: run, file: isSame ? nil : String(file.split(separator: "/").last ?? ""), pairing: pairing,
      truth: truth)
  }

  /// The file and the run, where the text names both. A run of the store may have a colon in its name, and so may a file.
  private static func parts(of name: String, isRun: Bool) -> (file: String, run: String)? {
    guard !isRun else { return nil }
    let colons = name.indices.filter { name[$0] == ":" }
    let places = colons.filter { isFile(String(name[..<$0])) }
    // Without any such file the last colon behind a store's ending tells which file is missing.
    let place = places.last ?? colons.last { name[..<$0].hasSuffix(".sqlite") }
    return place.map { (String(name[..<$0]), String(name[name.index(after: $0)...])) }
  }

  private static func isFile(_ path: String) -> Bool {
    var status = stat()
    return !path.isEmpty && !path.utf8.contains(0) && stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  private static func hasRun(_ name: String, _ store: StoreReader) throws(ReportingError) -> Bool {
    try reading(store) { database in
      try Bool.fetchOne(database, sql: "SELECT EXISTS (SELECT 1 FROM run WHERE name = ?)", arguments: [name]) ?? false
    }
  }
}
