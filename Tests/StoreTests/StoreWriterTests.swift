import Foundation
import GRDB
import Store
import Testing

@Suite struct StoreWriterTests {
  @Test func createsAStoreAndLeavesOneFile() throws {
    let folder = try Folder()
    let writer = try StoreWriter.open(path: folder.file("posts.sqlite"))
    try writer.close()
    #expect(folder.names == ["posts.sqlite"])
    let reader = try StoreReader(path: folder.file("posts.sqlite"))
    let pragmas = try reader.read { db in
      try ["application_id", "user_version", "page_size", "journal_mode"].map {
        try String.fetchOne(db, sql: "PRAGMA \($0)") ?? ""
      }
    }
    #expect(pragmas == ["\(0x434C_4641)", "1", "16384", "wal"])
    reader.close()
    #expect(folder.names == ["posts.sqlite"])
  }
}
