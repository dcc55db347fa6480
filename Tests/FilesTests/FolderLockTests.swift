import Files
import Foundation
import TestSupport
import Testing

@Suite struct FolderLockTests {
  @Test func aLockedFolderIsTakenUntilItIsReleased() throws {
    let scratch = try Scratch()
    do {
      let lock = try FolderLock(scratch.path)
      #expect(throws: FolderLock.Failure.taken) { try FolderLock(scratch.path) }
      withExtendedLifetime(lock) {}
    }
    _ = try FolderLock(scratch.path)
    #expect(throws: FolderLock.Failure.taken) { try FolderLock(scratch.file("removed")) }
  }

  @Test func aFolderThatCannotBeOpenedIsAnErrorAndNotALock() throws {
    let scratch = try Scratch()
    try scratch.write("file", "")
    #expect(throws: FolderLock.Failure.problem(.system(ENOTDIR))) { try FolderLock(scratch.file("file")) }
    symlink(scratch.file("circle"), scratch.file("circle"))
    #expect(throws: FolderLock.Failure.problem(.system(ELOOP))) { try FolderLock(scratch.file("circle")) }
  }
}
