import Bytes
import Foundation
import GRDB
package import Store
import Synchronization

/// The store of a sample, opened for each answer and each thumbnail, and closed at once.
///
/// Only one thread has it open at a time: opening a file again and closing it would release the locks that the process
/// has on it.
package final class SampleStore: Sendable {
  package let path: String
  private let annotator: String
  /// How long to wait while another command writes.
  private let patience: Double
  private let access = Mutex(())

  /// A store; `patience` is in seconds.
  package init(path: String, annotator: String, patience: Double = 2) {
    (self.path, self.annotator, self.patience) = (path, annotator, patience)
  }

  /// Stores an answer. When this returns, it is in the store.
  ///
  /// - Throws: `locked` if another command has been writing for too long, `diskFull` …; the answer can be given again.
  package func write(_ answer: AnnotationSession.Answer) throws(StoreError) -> AnnotationOutcome {
    let end = Date() + patience
    while true {
      do {
        return try writeOnce(answer)
      } catch {
        guard case .locked = error, Date() < end else { throw error }
        Thread.sleep(forTimeInterval: 0.05)
      }
    }
  }

  private func writeOnce(_ answer: AnnotationSession.Answer) throws(StoreError) -> AnnotationOutcome {
    try access.withLock { _ throws(StoreError) in
      let writer = try StoreWriter.open(path: path, creates: false)
      // After an error, closing has nothing more to say.
      defer { try? writer.close() }
      let outcome = try writer.annotate(
        answer.post, as: answer.annotation, source: annotator, seen: answer.seen, notedAt: Timestamp.now,
        keys: answer.keys)
      try writer.close()
      return outcome
    }
  }

  /// The thumbnail of a post; nil without one, and for one that is too large to be clfa's.
  package func thumbnail(of post: Int64) throws -> [UInt8]? {
    try access.withLock { _ in
      let reader = try StoreReader(path: path)
      defer { reader.close() }
      return try reader.read { db in
        guard try db.tableExists("thumbnail") else { return nil }
        let data = try Data.fetchOne(
          db, sql: "SELECT jpeg FROM thumbnail WHERE post_id = ? AND length(jpeg) <= ?",
          arguments: [post, SamplePictures.thumbnailLimit])
        return data.map { Array($0) }
      }
    }
  }
}
