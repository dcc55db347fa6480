/// What ends the work with a store: facts only, their words are in `StoreError+Words.swift`.
///
/// No case carries a post's text, label or prediction: at most file names, run names and keys.
public enum StoreError: Error, Equatable, Sendable {
  // Opening.

  /// There is no file at the path.
  case noSuchFile(path: String)
  /// The folder that a store is to be made in does not exist.
  case noSuchFolder(path: String, folder: String)
  /// The path names a folder, a pipe or a device.
  case notAFile(path: String)
  /// The file is not an SQLite database.
  case notSQLite(path: String)
  /// The database is another program's.
  case anotherProgram(path: String)
  /// A later version of this program wrote the store.
  case newerVersion(path: String, version: Int, known: Int)
  /// The store's creation was cut short: it has no tables yet.
  case unfinished(path: String)
  /// Another process writes the store.
  case locked(path: String, holder: LockHolder?)
  /// The file has several names, and SQLite keeps the log beside one of them.
  case severalNames(path: String, names: Int)
  /// The file is mounted by itself, so that it has another name elsewhere.
  case mountedFile(path: String)
  /// What stands where SQLite keeps a log or journal is no regular file.
  case notASideFile(path: String, side: String)
  /// Another process writes the store under another name of the file.
  case writtenElsewhere(path: String)
  /// The last writer of the store was cut short, and its log is beside another name of the file.
  case logElsewhere(path: String, name: String)
  /// The schema has what no version of this program made, or lacks what it made.
  case foreignSchema(path: String, faults: [SchemaFault])
  /// The store's folder takes no lock file.
  case cannotLock(path: String, reason: String)
  /// The file cannot be opened.
  case cannotOpen(path: String, reason: String)
  /// The last writer was cut short, and the read-only folder lets nobody recover its commits.
  case cannotRecover(path: String)
  /// The file changed under a reader that could not protect itself, in a read-only folder.
  case changedWhileRead(path: String)

  // Working.

  /// Another program holds the database.
  case busy(path: String)
  /// The disk is full.
  case diskFull(path: String)
  /// The disk is full, and the store that was being made was removed.
  case diskFullForNew(path: String)
  /// The folder for temporary files is full.
  case temporaryFull(folder: String)
  /// The last commits are in the log, and could not be moved into the file.
  case notWhole(path: String, log: String, bytes: Int)
  /// The file under the store's name is no longer the one that was written.
  case replaced(path: String)
  /// The database is damaged.
  case corrupt(path: String)
  /// A row holds what the program never writes.
  case damaged(path: String, what: String)
  /// Reading or writing failed below SQLite.
  case inputOutput(path: String, code: Int)
  /// Writing is not allowed.
  case readOnly(path: String)
  /// The caller asked to stop; what was not committed is as if it had never been begun.
  case interrupted(path: String)
  /// SQLite refused a statement.
  case sqlite(path: String, code: Int, message: String)

  // Runs.

  /// The store holds no run at all.
  case noRuns(path: String)
  /// No run has the name.
  case runNotFound(name: String, known: [String])
  /// A run may not have the name.
  case invalidRunName(name: String)
  /// Another run has the name already.
  case runNameTaken(name: String)
  /// The run is finished, so there is nothing to continue.
  case runFinished(name: String)
  /// The run of that name belongs to another command.
  case runDiffers(name: String, trait: RunTrait)

  /// The run of that name holds other predictions than those to be imported.
  case importDiffers(name: String)
  /// No row of an imported file has a post in the store; the first key of the file.
  case noneImported(file: String, rows: Int, key: String?)

  // Rows.

  /// The record has an entry that is not a fault.
  case recordTaken(run: String, file: String, record: Int)
  /// A post was handed over as known, but the scorer never saw it.
  case notScored(key: String)
  /// A prediction holds a number that is not finite.
  case notFinite(key: String)

  // Columns.

  /// SQL would not tell a declared column from another.
  case columnNameTaken(name: String, other: String)

  // Merging.

  /// Two stores cannot become one.
  case merge(MergeConflict)
}

/// What tells one command's run from another's.
public enum RunTrait: String, Equatable, Sendable {
  case scorer, corpus, shard, sample, limit
}
