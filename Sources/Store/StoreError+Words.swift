import Bytes
import Corpus
import Queries

extension StoreError: CustomStringConvertible {
  /// What is wrong and what mends it.
  public var description: String {
    switch self {
    case .noSuchFile(let path):
      "no store at \(path.printable): check the path, or make one with `clfa score … --store`"
    case .noSuchFolder(let path, let folder):
      "\(path.printable) cannot be made, for there is no folder \(folder.printable): make it first, or check the path"
    case .notAFile(let path) where path.hasSameBytes(as: "-"):
      "a store is a single file and no stream, so - cannot be one: name a file"
    case .notAFile(let path): "\(path.printable) is not a file: a store is a single file"
    case .notSQLite(let path):
      "\(path.printable) is not an SQLite file, so not a store; it was left untouched. Name another file"
    case .anotherProgram(let path):
      "\(path.printable) is another program's database, not a store; it was left untouched. Name another file"
    case .newerVersion(let path, let version, let known):
      """
      \(path.printable) is a store of version \(version), and this clfa knows versions up to \(known); \
      it was left untouched. Use a newer clfa
      """
    case .unfinished(let path):
      "\(path.printable) is a store that was never filled: run `clfa score … --store` on it"
    case .locked(let path, let holder): Self.lockedWords(path, holder)
    case .severalNames(let path, let names):
      """
      \(path.printable) is one of \(names) names of the same file (hard links), and SQLite keeps a store's log beside one \
      of them only, so writing could lose what was written under another. Make a copy with `cp`, and write to that
      """
    case .mountedFile(let path):
      """
      \(path.printable) is a file that is mounted by itself, and SQLite keeps a store's log beside it, where the other \
      name of the file does not find it, so writing could lose what was written. Mount the folder instead of the file
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
      the last writer of \(path.printable) was cut short, and its log is beside the other name \(name.printable): use that \
      name, and remove this one (with `rm`; the file stays under the other)
      """
    case .foreignSchema(let path, let faults): Self.foreignWords(path, faults)
    case .cannotLock(let path, let reason):
      "cannot write \(path.printable): its folder takes no lock file (\(reason)). Use a folder you may write to"
    case .cannotOpen(let path, let reason): "cannot open \(path.printable): \(reason.printable)"
    case .cannotRecover(let path):
      """
      the last writer of \(path.printable) was cut short, and its commits cannot be recovered here: copy the \
      file and those beside it that begin with its name to a folder you may write to, and open that copy
      """
    case .changedWhileRead(let path):
      "\(path.printable) was written while it was read without a lock: ask again"
    case .busy(let path):
      "\(path.printable) is held by another program: close it, or wait for it, and try again"
    case .diskFull(let path):
      """
      the disk of \(path.printable) is full: the store holds everything up to its last commit; free some \
      space and give the same command again
      """
    case .diskFullForNew(let path):
      """
      the disk of \(path.printable) is full, so the store was not made, and nothing of it is left: free some space and give \
      the same command again
      """
    case .temporaryFull(let folder):
      """
      the temporary folder \(folder.printable) is full, or cannot be written: free some space there, or name another folder \
      in the environment variable SQLITE_TMPDIR, and give the same command again. Nothing that was committed is lost
      """
    case .notWhole(let path, let log, let bytes):
      """
      the last commits are still in \(log.printable) (\(bytes) bytes), since \(path.printable) could not take them; the disk \
      may be full. Nothing is lost, but keep both files together: without the log, the store is damaged. Free some space, \
      then join them with `clfa forget \(path.printable) /dev/null`
      """
    case .replaced(let path):
      """
      the file at \(path.printable) is no longer the one that was written: it was removed, moved or replaced in the \
      meantime. If it was moved, everything is in the moved file; if not, it is lost: give the same command again
      """
    case .corrupt(let path):
      """
      \(path.printable) is damaged: `sqlite3 FILE .recover` saves what can be saved; otherwise take a copy, \
      or score again into a new store
      """
    case .damaged(let path, let what):
      "\(path.printable) holds \(what.printable) that clfa never wrote: fix the row, or score into a new store"
    case .inputOutput(let path, let code):
      "reading or writing \(path.printable) failed (SQLite \(code)): check the disk, then try again"
    case .readOnly(let path):
      "\(path.printable) may not be written: change its permissions, or copy it to where you may write"
    case .interrupted(let path):
      "interrupted; \(path.printable) is as it was before, so give the command again at any time"
    case .sqlite(let path, let code, let message):
      "SQLite refused to work on \(path.printable) (\(code)): \(message.printable)"
    case .noRuns(let path):
      "\(path.printable) holds no run yet: score a corpus first, with `clfa score … --store \(path.printable)`"
    case .runNotFound(let name, let known): Self.runNotFoundWords(name, known)
    case .invalidRunName(let name):
      "\"\(name.printable)\" cannot name a run: use 1 to 200 bytes without control characters"
    case .runNameTaken(let name):
      "there is a run \"\(name.printable)\" already: choose another name, or rename that one"
    case .runFinished(let name):
      """
      run \"\(name.printable)\" is finished: give another --run name, leave --run away for a new run, or add \
      --retry-faults to try its faults again
      """
    case .runDiffers(let name, let trait):
      """
      run \"\(name.printable)\" was started with another \(trait.words): repeat that command to continue it, \
      or give another --run name
      """
    case .importDiffers(let name):
      """
      run \"\(name.printable)\" holds something else: give another --run name, or take that run away with \
      `clfa runs drop`
      """
    case .noneImported(let file, 0, _): "\(file.printable) has no rows below its header: nothing was imported"
    case .noneImported(let file, let rows, let key):
      "none of the \(rows) rows of \(file.printable) could be used"
        + (key.map { ", such as the one of key \($0.printable)" } ?? "")
        + ": check --id and the columns, and score the posts first; nothing was imported"
    case .recordTaken(let run, let file, let record):
      "record \(record) of \(file.printable) is in run \"\(run.printable)\" already: give the run another name"
    case .notScored(let key):
      "post \(key.printable) was taken for scored but has no prediction: run the command again with --redo"
    case .notFinite(let key):
      "the prediction for post \(key.printable) is not a finite number: check the model's weights"
    case .columnNameTaken(let name, let other):
      """
      column \"\(name.printable)\" cannot have a type: SQL does not tell it from \"\(other.printable)\"; rename it in \
      the corpus
      """
    case .merge(let conflict): conflict.description
    }
  }

  private static func foreignWords(_ path: String, _ faults: [SchemaFault]) -> String {
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
      words.append("Restore what is missing or changed as another clfa store has it, or take a copy that is whole")
    }
    return words.joined(separator: ". ") + ", or score into a new store"
  }

  private static func listed(_ faults: [SchemaFault]) -> String {
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
    case .shard: "--shard"
    case .sample: "--sample"
    case .limit: "--limit"
    }
  }
}

extension MergeConflict: CustomStringConvertible {
  /// What is wrong and what mends it.
  public var description: String {
    switch self {
    case .sameStore(let path):
      "\(path.printable) is both input and output: name another output"
    case .runsDiffer(let name, let trait, let first, let second):
      """
      \(first.printable) and \(second.printable) both hold a run \"\(name.printable)\", with another \
      \(trait.words) each: rename one with `clfa runs rename`
      """
    case .unfinishedShard(let run, let shard, let state, let path):
      """
      shard \(shard.printable) of run \"\(run.printable)\" in \(path.printable) is \(state.printable), not \
      finished: give its command again, then merge
      """
    case .unbalanced(let run, let file, let path):
      """
      run \"\(run.printable)\" in \(path.printable) does not account for every record of \(file.printable): \
      see `clfa runs show`, and score it again
      """
    case .changed(let run, let what, let path):
      """
      run \"\(run.printable)\" in \(path.printable) was changed after its end (\(what.printable)): see `clfa runs verify \
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
      scorer: score one of them again with --redo
      """
    case .vectorsDiffer(let key, let space, let first, let second):
      """
      \(first.printable) and \(second.printable) hold unequal \(space.printable) vectors for post \
      \(key.printable) by the same scorer: score one of them again with --redo
      """
    }
  }
}
