import Store
import Testing

@Suite struct StoreErrorTests {
  @Test func everyErrorNamesTheFileAndSaysHowToFixIt() {
    let path = "posts.sqlite"
    let errors: [(StoreError, String)] = [
      (.noSuchFile(path: path), "check the path"), (.notAFile(path: path), "single file"),
      (.noSuchFolder(path: path, folder: "none"), "no folder none"),
      (.noRuns(path: path), "score a corpus into it first"),
      (.interrupted(path: path), "again"),
      (.notSQLite(path: path), "Name another file"), (.anotherProgram(path: path), "Name another file"),
      (.newerVersion(path: path, version: 9, known: 1), "Use a newer clfa"),
      (.unfinished(path: path), "clfa score"),
      (.locked(path: path, holder: nil), "wait for it to end"),
      (.cannotLock(path: path, reason: "r"), "Use a folder"),
      (.cannotRecover(path: path), "copy the file"), (.changedWhileRead(path: path), "try again"),
      (.busy(path: path), "try again"), (.diskFull(path: path), "free some space"),
      (.diskFullForNew(path: path), "nothing of it is left"),
      (.corrupt(path: path), ".recover"),
      (.damaged(path: path, what: "w"), "fix the row"),
      (.inputOutput(path: path, code: 10), "check the disk"),
      (.readOnly(path: path), "permissions"),
      (.severalNames(path: path, names: 2), "Make a copy"), (.writtenElsewhere(path: path), "use that name"),
      (.logElsewhere(path: path, name: "other"), "use that name"),
      (.foreignSchema(path: path, faults: [.trigger("t", table: "entry")]), "DROP TRIGGER"),
      (.mountedFile(path: path), "Mount the folder"), (.notASideFile(path: path, side: "s"), "move it away"),
      (.replaced(path: path), "again"),
      (.notWhole(path: path, log: path + "-wal", bytes: 9), "keep both files together"),
      (.merge(.changed(run: "r", what: "entries", path: path)), "runs verify"),
      (.merge(.sameStore(path: path)), "another output"),
      (.merge(.predictionsDiffer(key: "k", first: path, second: "b")), "by the same scorer"),
      (.merge(.unfinishedShard(run: "r", shard: "1/2", state: "failed", path: path)), "then merge"),
    ]
    for (error, fix) in errors {
      #expect(error.description.contains(path), "\(error)")
      #expect(error.description.contains(fix), "\(error)")
      #expect(!error.description.contains("\n"), "\(error)")
    }
  }

  @Test func missingObjectsOfASchemaAreNotSuggestedForDropping() {
    let missing = StoreError.foreignSchema(path: "a", faults: [.missing(kind: "index", "entry_post")]).description
    #expect(missing.contains("the index \"entry_post\", which is missing"), "\(missing)")
    #expect(missing.contains("Restore") && !missing.contains("DROP"), "\(missing)")
  }

  @Test func namesAreEscaped() {
    let error = StoreError.runNotFound(name: "\u{1B}[2J\u{202E}", known: ["a"])
    #expect(!error.description.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x202E })
  }

  @Test func aFullTemporaryFolderIsNotTheStores() {
    let words = StoreError.temporaryFull(folder: "/var/tmp").description
    #expect(words.contains("temporary folder /var/tmp") && words.contains("SQLITE_TMPDIR"), "\(words)")
  }
}
