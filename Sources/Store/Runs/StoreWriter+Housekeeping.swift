import GRDB

extension StoreWriter {
  /// Gives a run another name.
  /// - Throws: `runNotFound`, `runNameTaken`, `invalidRunName`.
  public func renameRun(_ name: String, to newName: String) throws(StoreError) {
    try RunName.check(newName)
    try transact { db in
      let id = try RunName.find(name, in: db)
      do {
        try db.execute(sql: "UPDATE run SET name = ? WHERE id = ?", arguments: [newName, id])
      } catch DatabaseError.SQLITE_CONSTRAINT_UNIQUE {
        throw StoreError.runNameTaken(name: newName)
      }
    }
  }

  /// Removes a run, its entries and its faults.
  ///
  /// Posts, labels, predictions and vectors stay, for they are the scorer's: scoring the corpus again costs no
  /// inference.
  /// - Returns: The number of entries that went.
  /// - Throws: `runNotFound`.
  @discardableResult
  public func dropRun(_ name: String) throws(StoreError) -> Int {
    try transact { db in
      let id = try RunName.find(name, in: db)
      try db.execute(sql: "DELETE FROM fault WHERE run_id = ?", arguments: [id])
      try db.execute(sql: "DELETE FROM entry WHERE run_id = ?", arguments: [id])
      let entries = db.changesCount
      try db.execute(sql: "DELETE FROM run WHERE id = ?", arguments: [id])
      return entries
    }
  }
}
