import Files
import Foundation
import Synchronization
import TestSupport
import Testing

@Suite struct RootFolderTests {
  /// The result of opening a path: the file's bytes as text, or the problem.
  private func outcome(_ path: String, in folder: RootFolder) -> Result<String, FileError> {
    Result { () throws(FileError) in
      String(decoding: try folder.open(path).contents(limit: 100), as: UTF8.self)
    }
  }

  @Test func linksAreFollowedAsLongAsTheyLeadBackInside() throws {
    let scratch = try Scratch()
    try scratch.write("root/sub/deep/a", "a")
    try scratch.write("other/b", "outside")
    for (link, target) in [
      ("root/relative", "sub/deep/a"), ("root/sub/up", "../sub/deep"), ("root/absolute", scratch.file("root/sub")),
      ("root/round", "../root/sub/deep/a"), ("root/chain", "relative"), ("root/slash", "sub/deep/"),
      ("root/out", "../other"), ("root/nowhere", "../none/x"), ("root/sub/loop", "loop"), ("alias", "root"),
      ("root/byalias", scratch.file("alias/sub/deep/a")), ("root/sub/top", "../.."),
    ] {
      #expect(symlink(target, scratch.file(link)) == 0)
    }
    let folder = try RootFolder(scratch.file("alias"))
    for path in [
      "relative", "sub/up/a", "absolute/deep/a", "round", "chain", "slash/a", "byalias", "sub/./deep//a",
      "sub/up/../deep/a", "../root/relative", "sub/top/root/sub/deep/a", scratch.file("root/chain"),
      scratch.file("alias/sub/deep/a"), scratch.file("other/../root/relative"),
    ] {
      #expect(outcome(path, in: folder) == .success("a"), "\(path)")
    }
    for path in [
      "out/b", "out/none", "out", "nowhere", "..", "../other/b", "sub/top/other/b", "sub/top", "/etc/passwd", "/none",
      "none/../../x", scratch.file("other/b"), scratch.file("other/none"),
    ] {
      #expect(outcome(path, in: folder) == .failure(.outside), "\(path)")
    }
    for path in [
      "none", "relative/", "relative/x", "sub/none/x", "none/../x", "relative/../../x", scratch.file("root/none"),
    ] {
      #expect(outcome(path, in: folder) == .failure(.missing), "\(path)")
    }
    for path in ["sub", "sub/", ".", "sub/..", "absolute", "slash", scratch.file("root"), scratch.file("alias")] {
      #expect(outcome(path, in: folder) == .failure(.isFolder), "\(path)")
    }
    #expect(outcome("sub/loop", in: folder) == .failure(.system(ELOOP)))
    #expect(outcome("sub/loop/x", in: folder) == .failure(.system(ELOOP)))
  }

  @Test func filesInAFolderThatCannotBeListedAreRead() throws {
    let scratch = try Scratch()
    try scratch.write("root/sub/a", "a")
    chmod(scratch.file("root/sub"), 0o311)
    chmod(scratch.file("root"), 0o311)
    defer { chmod(scratch.file("root"), 0o755); chmod(scratch.file("root/sub"), 0o755) }
    #expect(outcome("sub/a", in: try RootFolder(scratch.file("root"))) == .success("a"))
  }

  @Test func anOpenFolderStaysTheSameAfterRenaming() throws {
    let scratch = try Scratch()
    try scratch.write("root/a", "a")
    let folder = try RootFolder(scratch.file("root"))
    #expect(rename(scratch.file("root"), scratch.file("moved")) == 0)
    try scratch.write("root/a", "another")
    #expect(outcome("a", in: folder) == .success("a"))
  }

  @Test func noDescriptorIsLeftOpen() throws {
    let scratch = try Scratch()
    try scratch.write("root/sub/deep/a", "a")
    symlink("../../../other", scratch.file("root/sub/deep/out"))
    let folder = try RootFolder(scratch.file("root"))
    let paths = [
      "sub/deep/a", "sub/deep/none", "sub/deep/out/x", "../x", "/none/x", "sub/../../root/sub/deep/a", "sub/deep",
      scratch.file("root/sub/deep/a"), scratch.file("none/x"),
    ]
    // More rounds than a process may have descriptors here.
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    for _ in 0..<min(Int(limit.rlim_cur), 20_000) + 10 {
      for path in paths {
        if case .failure(.system(let code)) = outcome(path, in: folder) { Issue.record("\(path): \(code)") }
      }
    }
  }
}
