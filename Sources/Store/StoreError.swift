import Bytes
import Corpus
import Queries

/// Why a store cannot be used.
///
/// No case carries a post's text, label or prediction: at most file names, run names, sources of labels and keys.
package enum StoreError: Error, Equatable, Sendable {
  // Opening.

  /// There is no file at the path.
  case noSuchFile(path: String)
  /// The folder of the new store does not exist.
  case noSuchFolder(path: String, folder: String)
  /// The path names a folder, a pipe or a device.
  case notAFile(path: String)
  /// The file is not an SQLite database.
  case notSQLite(path: String)
  /// The database belongs to another program.
  case anotherProgram(path: String)
  /// A later version of this program wrote the store.
  case newerVersion(path: String, version: Int, known: Int)
  /// The store's creation was interrupted: it has no tables yet.
  case unfinished(path: String)
  /// Another process writes the store.
  case locked(path: String, holder: LockHolder?)
  /// The file has several names, and SQLite keeps the log next to only one of them.
  case severalNames(path: String, names: Int)
  /// The file is mounted on its own, so it has another name elsewhere.
  case mountedFile(path: String)
  /// The path of SQLite's log or journal is not a regular file.
  case notASideFile(path: String, side: String)
  /// Another process writes the store under another name of the file.
  case writtenElsewhere(path: String)
  /// The last writer of the store was killed, and its log is next to another name of the file.
  case logElsewhere(path: String, name: String)
  /// The schema contains something that no version of clfa created, or lacks something.
  case foreignSchema(path: String, faults: [SchemaDifference])
  /// No lock file can be created in the store's folder.
  case cannotLock(path: String, reason: String)
  /// The file cannot be opened.
  case cannotOpen(path: String, reason: String)
  /// The last writer was killed, and its commits cannot be recovered in a read-only folder.
  case cannotRecover(path: String)
  /// The file changed while it was read without a lock, in a read-only folder.
  case changedWhileRead(path: String)

  // Working.

  /// Another program holds the database.
  case busy(path: String)
  /// The disk is full.
  case diskFull(path: String)
  /// The disk is full; the unfinished new store was removed.
  case diskFullForNew(path: String)
  /// The folder for temporary files is full.
  case temporaryFull(folder: String)
  /// The last commits are in the log, and could not be moved into the file.
  case notWhole(path: String, log: String, bytes: Int)
  /// The file under the store's name is no longer the one that was written.
  case replaced(path: String)
  /// The database is damaged.
  case corrupt(path: String)
  /// A row contains something that clfa never writes.
  case damaged(path: String, what: String)
  /// Reading or writing failed below SQLite.
  case inputOutput(path: String, code: Int)
  /// Writing is not allowed.
  case readOnly(path: String)
  /// The caller asked to stop; uncommitted changes were rolled back.
  case interrupted(path: String)
  /// SQLite rejected a statement.
  case sqlite(path: String, code: Int, message: String)

  // Runs.

  /// The store holds no run at all.
  case noRuns(path: String)
  /// No run has the name.
  case runNotFound(name: String, known: [String])
  /// The run's name is not allowed.
  case invalidRunName(name: String)
  /// Another run has the name already.
  case runNameTaken(name: String)
  /// The run is finished, so there is nothing to continue.
  case runFinished(name: String)
  /// The run of that name belongs to another command.
  case runDiffers(name: String, trait: RunTrait)

  /// The run of that name holds other predictions than those to be imported.
  case importDiffers(name: String)
  /// No row of an imported file has a post in the store; the first key of the file is given.
  case noneImported(file: String, rows: Int, key: String?)

  // Rows.

  /// The record has an entry that is not a fault.
  case recordTaken(run: String, file: String, record: Int)
  /// A post was passed as known, but the scorer never scored it.
  case notScored(key: String)
  /// A prediction holds a number that is not finite.
  case notFinite(key: String)

  // Columns.

  /// Two column names differ only in case, which SQL ignores.
  case columnNameTaken(name: String, other: String)

  // Samples.

  /// The store has a sample of this name.
  case sampleExists(String)

  // Labels.

  /// A person's labels cannot have this source.
  case reservedLabelSource(String)
  /// Agreed labels cannot have this source.
  case notAMajority(String)
  /// No label has the source.
  case labelSourceNotFound(name: String, known: [String])
  /// Fewer than two sources, so nobody can agree.
  case tooFewLabelSources(found: [String])

  // Merging.

  /// Two stores cannot be merged.
  case merge(MergeConflict)
}

/// The traits that distinguish one command's run from another's.
package enum RunTrait: String, Equatable, Sendable {
  case scorer, corpus, shard, sample, limit, parts
}

extension StoreError: CustomStringConvertible {
  /// The message: the problem and how to fix it.
  package var description: String {
    switch self {
    case .noSuchFile(let path):
      "no store at \(path.printable): check the path, or make a store with `clfa score`"
    case .noSuchFolder(let path, let folder):
      "cannot make \(path.printable): there is no folder \(folder.printable); make it first, or check the path"
    case .notAFile(let path) where path == "-":
      "a store is a file, not a stream, so - cannot be one: name a file"
    case .notAFile(let path): "\(path.printable) is not a file: a store is a single file"
    case .notSQLite(let path):
      "\(path.printable) is not an SQLite file, so it is not a store; it was left untouched. Name another file"
    case .anotherProgram(let path):
      "\(path.printable) is another program's database, not a store; it was left untouched. Name another file"
    case .newerVersion(let path, let version, let known):
      """
      \(path.printable) is a store of version \(version), but this clfa reads versions up to \(known); \
      it was left untouched. Use a newer clfa
      """
    case .unfinished(let path):
      "\(path.printable) is empty: score a corpus into it with `clfa score`"
    case .locked(let path, let holder): Self.lockedWords(path, holder)
    case .severalNames(let path, let names):
      """
      \(path.printable) is one of \(names) names of the same file (hard links), but SQLite keeps a store's log next to only \
      one of them, so writing could lose what was written under another name. Make a copy with `cp`, and write to that
      """
    case .mountedFile(let path):
      """
      \(path.printable) is a single mounted file, and SQLite keeps a store's log next to it, where it is not found under \
      the file's other name, so writing could lose data. Mount the folder instead of the file
      """
    case .notASideFile(let path, let side):
      """
      \(side.printable) is not a regular file, and SQLite would open it along with \(path.printable): move it away, or \
      copy the store to another folder
      """
    case .writtenElsewhere(let path):
      """
      \(path.printable) is being written under another name of the same file: wait for that to end, or use that name
      """
    case .logElsewhere(let path, let name):
      """
      the last writer of \(path.printable) was cut short, and its log is next to the other name \(name.printable): use that \
      name, and remove this one (with `rm`; the file stays under the other)
      """
    case .foreignSchema(let path, let faults): Self.foreignWords(path, faults)
    case .cannotLock(let path, let reason):
      "cannot write \(path.printable): no lock file can be made in its folder (\(reason)). Use a folder you may write to"
    case .cannotOpen(let path, let reason): "cannot open \(path.printable): \(reason.printable)"
    case .cannotRecover(let path):
      """
      the last writer of \(path.printable) was cut short, and its commits cannot be recovered here: copy the \
      file and the files next to it whose names begin with its name to a folder you may write to, and open that copy
      """
    case .changedWhileRead(let path):
      "\(path.printable) was written while it was read without a lock: try again"
    case .busy(let path):
      "another program is using \(path.printable): close it or wait for it, then try again"
    case .diskFull(let path):
      """
      the disk of \(path.printable) is full: the store holds everything up to its last commit; free some \
      space and run the same command again
      """
    case .diskFullForNew(let path):
      """
      the disk of \(path.printable) is full, so the store was not made, and nothing of it is left: free some space and run \
      the same command again
      """
    case .temporaryFull(let folder):
      """
      the temporary folder \(folder.printable) is full or cannot be written: free some space there, or name another folder \
      in the environment variable SQLITE_TMPDIR, and run the same command again. Nothing that was committed is lost
      """
    case .notWhole(let path, let log, let bytes):
      """
      the last commits are still in \(log.printable) (\(bytes) bytes), because they could not be moved into \
      \(path.printable); the disk may be full. Nothing is lost, but keep both files together: without the log, the store is \
      damaged. Free some space, then join them with `clfa forget \(path.printable) /dev/null`
      """
    case .replaced(let path):
      """
      the file at \(path.printable) is no longer the one that was written: it was removed, moved or replaced in the \
      meantime. If it was moved, everything is in the moved file; if not, it is lost: run the same command again
      """
    case .corrupt(let path):
      """
      \(path.printable) is damaged: `sqlite3 FILE .recover` saves what can be saved; otherwise use a backup, \
      or score again into a new store
      """
    case .damaged(let path, let what):
      "\(path.printable) holds \(what.printable) that clfa never wrote: fix the row, or score into a new store"
    case .inputOutput(let path, let code):
      "reading or writing \(path.printable) failed (SQLite \(code)): check the disk, then try again"
    case .readOnly(let path):
      "\(path.printable) may not be written: change its permissions, or copy it to a folder you may write to"
    case .interrupted(let path):
      "interrupted; \(path.printable) is as it was before, so run the command again at any time"
    case .sqlite(let path, let code, let message):
      "SQLite refused to work on \(path.printable) (\(code)): \(message.printable)"
    case .noRuns(let path):
      "\(path.printable) holds no run yet: score a corpus into it first, with `clfa score`"
    case .runNotFound(let name, let known): Self.runNotFoundWords(name, known)
    case .invalidRunName(let name):
      "\"\(name.printable)\" cannot name a run: use 1 to 200 bytes without control characters"
    case .runNameTaken(let name):
      "there is already a run \"\(name.printable)\": choose another name, or rename that one"
    case .runFinished(let name): "run \"\(name.printable)\" is finished, so there is nothing to continue"
    case .runDiffers(let name, let trait):
      "run \"\(name.printable)\" was started with another \(trait.words)"
    case .importDiffers(let name): "run \"\(name.printable)\" already holds other predictions"
    case .noneImported(let file, 0, _): "\(file.printable) has no rows below its header: nothing was imported"
    case .noneImported(let file, let rows, let key):
      "none of the \(rows) rows of \(file.printable) could be used"
        + (key.map { ", for example the one with key \($0.printable)" } ?? "")
        + "; nothing was imported"
    case .recordTaken(let run, let file, let record):
      "record \(record) of \(file.printable) is already in run \"\(run.printable)\": give the run another name"
    case .notScored(let key):
      "post \(key.printable) is recorded as scored but has no prediction"
    case .notFinite(let key):
      "the prediction for post \(key.printable) is not a finite number: check the model's weights"
    case .columnNameTaken(let name, let other):
      """
      column \"\(name.printable)\" cannot have a type, because SQL cannot tell it from \"\(other.printable)\"; rename it \
      in the corpus
      """
    case .reservedLabelSource(""): "the name of a source of labels is empty"
    case .reservedLabelSource(let name):
      "labels of a file or a person cannot have the source '\(name.printable(upTo: 60))': corpus means the corpus' own "
        + "column, and names that begin with majority mean agreed labels"
    case .notAMajority(let name):
      "agreed labels cannot have the source '\(name.printable(upTo: 60))', because they would replace its labels: the name "
        + "must begin with majority, such as majority-2"
    case .labelSourceNotFound(let name, let known):
      "no label is from '\(name.printable(upTo: 60))'\(DidYouMean.hint(for: name, in: known)); "
        + (known.isEmpty ? "the store has no labels" : "the sources are \(known.listed(most: 20))")
    case .tooFewLabelSources(let found):
      "agreed labels need two sources or more, and there is "
        + (found.isEmpty ? "none" : "only \(found.listed())")
    case .sampleExists(let name):
      "there is already a sample \"\(name.printable)\" in the store; give the new one another name"
    case .merge(let conflict): conflict.description
    }
  }

  private static func foreignWords(_ path: String, _ faults: [SchemaDifference]) -> String {
    let added = faults.filter(\.isAddition), lost = faults.filter { !$0.isAddition }
    var words: [String] = []
    if !added.isEmpty {
      words.append(
        "\(path.printable) contains something that clfa did not create and that could alter results: \(listed(added))")
    }
    if !lost.isEmpty {
      words.append("\(path.printable) lacks something that clfa created, or has it in another form: \(listed(lost))")
    }
    words.append("Nothing was written")
    if !added.isEmpty { words.append("Remove what was added with `sqlite3` (such as DROP TRIGGER)") }
    if !lost.isEmpty {
      words.append("Restore what is missing or changed from another clfa store, or use an undamaged copy")
    }
    return words.joined(separator: ". ") + ", or score into a new store"
  }

  private static func listed(_ faults: [SchemaDifference]) -> String {
    faults.prefix(8).map(\.description).joined(separator: "; ")
      + (faults.count > 8 ? " and \(faults.count - 8) more" : "")
  }

  private static func lockedWords(_ path: String, _ holder: LockHolder?) -> String {
    let who = holder.map { "process \($0.process) on \($0.host.printable)" } ?? "another process"
    return "\(path.printable) is being written by \(who): wait for it to end, or use another store"
  }

  private static func runNotFoundWords(_ name: String, _ known: [String]) -> String {
    guard !known.isEmpty else { return "no run \"\(name.printable)\": the store holds no runs yet" }
    let hint = DidYouMean.hint(for: name, in: known)
    if known.count > 8 { return "no run \"\(name.printable)\"\(hint): `clfa runs STORE` lists all \(known.count)" }
    return "no run \"\(name.printable)\"\(hint): the store holds \(known.map(\.printable).joined(separator: ", "))"
  }
}

extension RunTrait {
  var words: String {
    switch self {
    case .scorer: "model, precision or option"
    case .corpus: "corpus"
    case .shard: "shard"
    case .sample: "sample"
    case .limit: "limit"
    case .parts: "division into parts"
    }
  }
}

extension MergeConflict: CustomStringConvertible {
  /// The message: the problem and how to fix it.
  package var description: String {
    switch self {
    case .sameStore(let path):
      "\(path.printable) is both input and output: name another output"
    case .runsDiffer(let name, let trait, let first, let second):
      """
      \(first.printable) and \(second.printable) both hold a run \"\(name.printable)\", but with a different \
      \(trait.words): rename one with `clfa runs rename`
      """
    case .unfinishedShard(let run, let shard, let state, let path):
      """
      shard \(shard.printable) of run \"\(run.printable)\" in \(path.printable) is \(state.printable), not \
      finished: run its command again, then merge
      """
    case .unbalanced(let run, let file, let path):
      """
      run \"\(run.printable)\" in \(path.printable) does not account for every record of \(file.printable): \
      see `clfa runs show`, and score it again
      """
    case .changed(let run, let what, let path):
      """
      run \"\(run.printable)\" in \(path.printable) was changed after it ended (\(what.printable)): see `clfa runs verify \
      \(path.printable)`, and score it again
      """
    case .entriesDiffer(let run, let file, let record, let first, let second):
      """
      \(first.printable) and \(second.printable) disagree on record \(record) of \(file.printable) in run \
      \"\(run.printable)\": they come from different files; rename one run with `clfa runs rename`
      """
    case .predictionsDiffer(let key, let first, let second):
      """
      \(first.printable) and \(second.printable) hold unequal predictions for post \(key.printable) by the same \
      scorer
      """
    case .samplesDiffer(let sample, let second):
      """
      the sample \(sample.printable) of \(second.printable) was drawn in another way than the one of this name in the \
      output; the names of samples must differ
      """
    case .vectorsDiffer(let key, let space, let first, let second):
      """
      \(first.printable) and \(second.printable) hold unequal \(space.printable) vectors for post \
      \(key.printable) by the same scorer
      """
    }
  }
}
