import GRDB

extension StoreError {
  /// Says in the store's terms what went wrong while its database was in use.
  public init(_ error: any Error, store path: String) {
    if let error = error as? StoreError {
      self = error
      return
    }
    if let error = error as? DamagedRow {
      self = .damaged(path: path, what: "a \(error.column) of another type")
      return
    }
    guard let error = error as? DatabaseError else {
      self = .sqlite(path: path, code: 1, message: "\(type(of: error))")
      return
    }
    switch error.resultCode {
    case .SQLITE_NOTADB: self = .notSQLite(path: path)
    case .SQLITE_CORRUPT: self = .corrupt(path: path)
    case .SQLITE_FULL: self = .diskFull(path: path)
    case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy(path: path)
    case .SQLITE_INTERRUPT: self = .interrupted(path: path)
    case .SQLITE_READONLY: self = .readOnly(path: path)
    case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
      self = .cannotOpen(path: path, reason: error.message ?? "SQLite refuses")
    case .SQLITE_IOERR:
      self = .inputOutput(path: path, code: Int(error.extendedResultCode.rawValue))
    default:
      self = .sqlite(path: path, code: Int(error.extendedResultCode.rawValue), message: error.message ?? "")
    }
  }
}
