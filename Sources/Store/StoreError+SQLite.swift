import GRDB

extension StoreError {
  /// Converts an error of a store's database.
  /// - Parameters:
  ///   - error: the error.
  ///   - path: the store's path.
  ///   - isReading: whether the connection was read-only, so that it wrote only SQLite's temporary files.
  package init(_ error: any Error, store path: String, isReading: Bool = false) {
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
    case .SQLITE_FULL: self = Self.full(path: path, isReading: isReading)
    case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy(path: path)
    case .SQLITE_INTERRUPT: self = .interrupted(path: path)
    case .SQLITE_READONLY where error.extendedResultCode == .SQLITE_READONLY_DBMOVED: self = .replaced(path: path)
    case .SQLITE_READONLY: self = .readOnly(path: path)
    case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
      self = .cannotOpen(path: path, reason: error.message ?? "SQLite refuses")
    case .SQLITE_IOERR where Self.isOfTemporaryFile(error.extendedResultCode, isReading: isReading):
      self = .temporaryFull(folder: TemporaryFolder.path)
    case .SQLITE_IOERR where Self.isForWantOfSpace(error.extendedResultCode, path: path): self = .diskFull(path: path)
    case .SQLITE_IOERR:
      self = .inputOutput(path: path, code: Int(error.extendedResultCode.rawValue))
    default:
      self = .sqlite(path: path, code: Int(error.extendedResultCode.rawValue), message: error.message ?? "")
    }
  }

  /// SQLite reports the same error for the store's disk and for the folder of its temporary files.
  private static func full(path: String, isReading: Bool) -> StoreError {
    isReading || TemporaryFolder.isFuller(thanFolderOf: path)
      ? .temporaryFull(folder: TemporaryFolder.path) : .diskFull(path: path)
  }

  /// SQLite reports another error if the log's index could not grow, or only part of a page was written.
  private static func isForWantOfSpace(_ code: ResultCode, path: String) -> Bool {
    switch code {
    case .SQLITE_IOERR_WRITE, .SQLITE_IOERR_SHMSIZE: TemporaryFolder.isFull(StoreFile.folder(of: path))
    default: false
    }
  }

  private static func isOfTemporaryFile(_ code: ResultCode, isReading: Bool) -> Bool {
    switch code {
    case .SQLITE_IOERR_GETTEMPPATH: true
    case .SQLITE_IOERR_WRITE, .SQLITE_IOERR_TRUNCATE, .SQLITE_IOERR_FSYNC: isReading
    default: false
    }
  }
}
