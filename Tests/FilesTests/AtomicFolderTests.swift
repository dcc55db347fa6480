import Files
import Foundation
import Synchronization
import TestSupport
import Testing

@Suite struct AtomicFolderTests {
  @Test func theSecondCommandThatMakesTheSameFolderGetsAnError() throws {
    let scratch = try Scratch(), path = scratch.file("model")
    let one = try AtomicFolder(path), other = try AtomicFolder(path + "/")
    #expect(one.partial != other.partial)
    for (folder, text) in [(one, "one"), (other, "the other")] {
      try folder.write(Array(text.utf8), to: "config.json")
      try folder.write(Array(text.utf8), to: "card.md")
    }
    try other.finish()
    #expect(throws: FileError.alreadyThere) { try one.finish() }
    #expect(try scratch.text("model/config.json") == "the other" && scratch.text("model/card.md") == "the other")
    #expect(try scratch.names("model") == ["card.md", "config.json"])
  }

  @Test func onlyOneOfManyMakesTheFolderAndItIsComplete() throws {
    for _ in 0..<20 {
      let scratch = try Scratch(), path = scratch.file("model")
      let made = Mutex<[Int]>([]), failed = Mutex(0)
      DispatchQueue.concurrentPerform(iterations: 4) { index in
        do throws(FileError) {
          let folder = try AtomicFolder(path)
          for name in ["a", "b", "c"] { try folder.write([UInt8(index)], to: name) }
          try folder.finish()
          made.withLock { $0.append(index) }
        } catch {
          if error == .alreadyThere { failed.withLock { $0 += 1 } }
        }
      }
      let winners = made.withLock { $0 }
      #expect(winners.count == 1 && failed.withLock { $0 } == 3)
      for name in ["a", "b", "c"] {
        #expect(FileManager.default.contents(atPath: path + "/" + name) == Data(winners.map(UInt8.init)))
      }
      #expect(try scratch.names() == ["model"])
    }
  }

  @Test func leftoversOfAKilledProcessAreRemovedWithoutFollowingLinks() throws {
    let scratch = try Scratch()
    try scratch.write("mine/keep.txt", "mine")
    try scratch.write(".model.4711-beef.partial/weights.safetensors", "half")
    try scratch.write(".model.4711-beef.partial/deep/er/file", "half")
    symlink(scratch.file("mine"), scratch.file(".model.4711-beef.partial/link"))
    let living = try AtomicFolder(scratch.file("model"))
    let folder = try AtomicFolder(scratch.file("model"))
    #expect(try scratch.names().count == 3)
    try folder.finish()
    try living.write([1], to: "still.here")
    #expect(try scratch.text("mine/keep.txt") == "mine")
  }

  @Test func leftoversOfAnotherUserStay() throws {
    let scratch = try Scratch()
    try scratch.write(".model.4711-beef.partial/weights.safetensors", "half")
    try scratch.write(".model.4712-beef.partial", "half")
    AtomicWriter.removeLeftovers(of: scratch.file("model")) { _ in false }
    #expect(try scratch.names().count == 2)
    #expect(try scratch.text(".model.4711-beef.partial/weights.safetensors") == "half")
    AtomicWriter.removeLeftovers(of: scratch.file("model"))
    #expect(try scratch.names() == [])
  }

  @Test func aFolderThatIsExchangedForALinkWhileItIsRemovedIsNotFollowed() throws {
    // Each look at an owner is a moment at which another process exchanges the inner folder.
    for moment in 1...6 {
      let scratch = try Scratch(), inner = scratch.file(".model.4711-beef.partial/inner")
      try scratch.write("mine/keep.txt", "mine")
      try scratch.write(".model.4711-beef.partial/inner/file", "half")
      var looks = 0
      AtomicWriter.removeLeftovers(of: scratch.file("model")) { _ in
        looks += 1
        if looks == moment, rename(inner, scratch.file("away")) == 0 { symlink(scratch.file("mine"), inner) }
        return true
      }
      #expect(looks >= 4)
      #expect(try scratch.text("mine/keep.txt") == "mine")
    }
  }

  @Test func onlyTheLinkIsRemovedNotItsTarget() throws {
    let scratch = try Scratch()
    try scratch.write("mine/keep.txt", "mine")
    symlink(scratch.file("mine"), scratch.file("link"))
    FolderTree.remove(scratch.file("link") + "/")
    #expect(try scratch.names() == ["mine"] && scratch.text("mine/keep.txt") == "mine")
  }

  @Test func aFailureLeavesNothing() throws {
    let scratch = try Scratch()
    do {
      let folder = try AtomicFolder(scratch.file("model"))
      try folder.write([1], to: "a")
      #expect(try scratch.names().count == 1)
    }
    #expect(try scratch.names() == [])
  }

  @Test func onlyAnEmptyFolderMayBeReplacedAndOnlyOnRequest() throws {
    let scratch = try Scratch()
    mkdir(scratch.file("empty"), 0o777)
    try scratch.write("full/file", "mine")
    #expect(throws: FileError.alreadyThere) { try AtomicFolder(scratch.file("empty")) }
    #expect(throws: FileError.alreadyThere) { try AtomicFolder(scratch.file("full"), mayReplaceEmpty: true) }
    #expect(throws: FileError.alreadyThere) { try AtomicFolder(scratch.file("full/file"), mayReplaceEmpty: true) }
    let one = try AtomicFolder(scratch.file("empty"), mayReplaceEmpty: true)
    let other = try AtomicFolder(scratch.file("empty"), mayReplaceEmpty: true)
    try one.write([1], to: "one")
    try other.write([2], to: "other")
    try one.finish()
    #expect(throws: FileError.alreadyThere) { try other.finish() }
    #expect(try scratch.names("empty") == ["one"])
  }

  @Test(arguments: [[ExclusiveRename.Mechanism.call, .claim], [.claim]])
  func everyWayOfRenamingReplacesNothing(mechanisms: [ExclusiveRename.Mechanism]) throws {
    let scratch = try Scratch()
    for name in ["one", "two"] { mkdir(scratch.file(name), 0o777) }
    try scratch.write("one/file", "one")
    try scratch.write("first", "first")
    try scratch.write("second", "second")
    try ExclusiveRename.folder(scratch.file("one"), to: scratch.file("new"), by: mechanisms)
    #expect(throws: FileError.alreadyThere) {
      try ExclusiveRename.folder(scratch.file("two"), to: scratch.file("new"), by: mechanisms)
    }
    try ExclusiveRename.file(scratch.file("first"), to: scratch.file("file"), by: mechanisms)
    #expect(throws: FileError.alreadyThere) {
      try ExclusiveRename.file(scratch.file("second"), to: scratch.file("file"), by: mechanisms)
    }
    #expect(try scratch.names() == ["file", "new", "second", "two"])
    #expect(try scratch.text("new/file") == "one" && scratch.text("file") == "first")
  }
}
