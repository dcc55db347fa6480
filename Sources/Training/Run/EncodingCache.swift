internal import Bytes
internal import Foundation
internal import GRDB
internal import Models
internal import Tensors

/// The outputs of frozen encoders, kept for later runs in a SQLite file of a folder.
///
/// An output is found again by the hash of its input and by what determines its bits: the encoder's weights and sizes, the
/// number format, the processor with its libraries, and what this program computes for a few made inputs. So a run is the
/// same with and without it, and a version that computes other numbers finds none of those before.
/// Several processes may use the file at once. A folder that is made for it is private to the user, because the file says
/// which inputs were seen.
package final class EncodingCache {
  /// What a run took from the file.
  package struct Counts: Sendable, Equatable {
    /// Inputs whose output was there.
    package var found = 0
    /// Inputs that were computed, and added.
    package var computed = 0
    /// Outputs of earlier runs that were removed, the longest unused first.
    package var removed = 0

    /// Creates zeros.
    package init() {}

    /// What was counted after `before`.
    package func since(_ before: Counts) -> Counts {
      var counts = self
      counts.found -= before.found
      counts.computed -= before.computed
      counts.removed -= before.removed
      return counts
    }
  }

  /// The path of the file.
  package let path: String
  /// What was found, computed and removed so far.
  package private(set) var counts = Counts()
  private let queue: DatabaseQueue
  private let limit: Int

  /// "CLFE" as a number: marks the file as ours.
  private static let applicationID = 0x434c_4645

  /// Opens the file in a folder, both created if they are absent.
  ///
  /// - Parameters:
  ///   - folder: the folder; it may hold other files.
  ///   - limit: the bytes of outputs above which the longest unused are removed.
  /// - Throws: `TrainingError.encodingCache` if the file is of another kind or damaged, or cannot be written.
  package init(folder: String, limit: Int) throws(TrainingError) {
    path = folder + "/encodings.sqlite"
    self.limit = limit
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      var configuration = Configuration()
      configuration.busyMode = .timeout(60)
      configuration.prepareDatabase {
        try $0.execute(
          sql: "PRAGMA cell_size_check = ON; PRAGMA trusted_schema = OFF; PRAGMA auto_vacuum = INCREMENTAL")
        try $0.execute(sql: "PRAGMA synchronous = NORMAL")
      }
      queue = try DatabaseQueue(path: path, configuration: configuration)
      try queue.inDatabase { try Self.prepare($0) }
    } catch {
      throw Self.fault(error, path)
    }
  }

  private static func prepare(_ database: Database) throws {
    let isEmpty = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") == 0
    if !isEmpty, try Int.fetchOne(database, sql: "PRAGMA application_id") != applicationID {
      throw DatabaseError(message: "it is a file of another program")
    }
    try database.execute(sql: "PRAGMA journal_mode = WAL")
    try database.inTransaction(.immediate) {
      try database.execute(
        sql: """
          PRAGMA application_id = \(applicationID);
          CREATE TABLE IF NOT EXISTS encoding (
            id INTEGER PRIMARY KEY, encoder BLOB NOT NULL, input BLOB NOT NULL, used REAL NOT NULL, bytes INTEGER NOT NULL,
            UNIQUE (encoder, input)) STRICT;
          CREATE INDEX IF NOT EXISTS encoding_used ON encoding (used);
          CREATE TABLE IF NOT EXISTS output (id INTEGER PRIMARY KEY, hash BLOB NOT NULL, numbers BLOB NOT NULL) STRICT;
          """)
      return .commit
    }
  }

  /// The outputs of one encoder.
  func section(of kind: EncoderKind, in model: TrainableModel) throws(TrainingError) -> Section {
    var facts = ModelConfiguration(labelNames: [])
    switch kind {
    case .text: facts.text = model.configuration.text
    case .image: facts.image = model.configuration.image
    }
    var hash = SHA256()
    let words = ["2", Machine(threads: 1).json, "\(model.format)", kind.rawValue, facts.json]
    for word in words { hash.update(data: Array(word.utf8) + [0]) }
    for place in model.parameters.places where place.name.hasPrefix(kind.prefix) {
      hash.update(data: Array("\(place.name) \(place.shape)".utf8) + [0])
      hash.update(bufferPointer: UnsafeRawBufferPointer(UnsafeBufferPointer(model.parameters.values(place))))
    }
    do throws(TensorError) {
      for output in try model.probe(kind) { output.withUnsafeBytes { hash.update(bufferPointer: $0) } }
    } catch {
      throw .tensors(error)
    }
    return Section(cache: self, encoder: hash.finalize())
  }

  /// The folder for a user who names none: `$XDG_CACHE_HOME/clfa`, otherwise `~/.cache/clfa`; nil without a home.
  package static func folder(environment: [String: String]) -> String? {
    // The specification ignores a path that is not absolute.
    func absolute(_ name: String) -> String? {
      environment[name].flatMap { $0.utf8.first == UInt8(ascii: "/") ? $0 : nil }
    }
    return absolute("XDG_CACHE_HOME").map { $0 + "/clfa" } ?? absolute("HOME").map { $0 + "/.cache/clfa" }
  }

  /// Removes the longest unused outputs until the rest fit, and gives their room back.
  func shrink() throws(TrainingError) {
    do {
      try queue.inDatabase { database in
        let total = try Int.fetchOne(database, sql: "SELECT coalesce(sum(bytes), 0) FROM encoding") ?? 0
        guard total > limit else { return }
        try database.inTransaction(.immediate) {
          // What stays with an output are its bytes and those of all that were used later.
          let surplus = """
            (SELECT id FROM (SELECT id, sum(bytes) OVER (ORDER BY used DESC, id DESC) AS kept FROM encoding) WHERE kept > ?)
            """
          try database.execute(sql: "DELETE FROM output WHERE id IN \(surplus)", arguments: [limit])
          try database.execute(sql: "DELETE FROM encoding WHERE id IN \(surplus)", arguments: [limit])
          counts.removed += database.changesCount
          return .commit
        }
        try database.execute(sql: "PRAGMA incremental_vacuum; PRAGMA wal_checkpoint(TRUNCATE)")
      }
    } catch {
      throw Self.fault(error, path)
    }
  }

  fileprivate static func fault(_ error: any Error, _ path: String) -> TrainingError {
    .encodingCache(path: path, reason: (error as? DatabaseError)?.message ?? error.localizedDescription)
  }
}

extension EncodingCache {
  /// The outputs of one encoder.
  struct Section {
    fileprivate let cache: EncodingCache
    fileprivate let encoder: [UInt8]

    /// The outputs of inputs; nil for those that are not there, or are damaged.
    ///
    /// - Parameters:
    ///   - inputs: the hashes of the inputs.
    ///   - sizes: the number of numbers that each output must have.
    /// - Returns: the numbers of each output, tokens one after another.
    /// - Throws: `TrainingError.encodingCache`.
    func outputs(of inputs: [[UInt8]], sizes: [Int]) throws(TrainingError) -> [[Float]?] {
      do {
        let outputs = try cache.queue.write { database in
          let select = try database.cachedStatement(
            sql:
              "SELECT o.id, o.hash, o.numbers FROM encoding e JOIN output o USING (id) WHERE encoder = ? AND input = ?")
          let touch = try database.cachedStatement(sql: "UPDATE encoding SET used = ? WHERE id = ?")
          let now = Date().timeIntervalSince1970
          return try zip(inputs, sizes).map { input, size -> [Float]? in
            guard let row = try Row.fetchOne(select, arguments: [Data(encoder), Data(input)]),
              let data = Data.fromDatabaseValue(row[2]), data.count == size * 4,
              Data.fromDatabaseValue(row[1]) == Data(SHA256.hash(data: [UInt8](data)))
            else { return nil }
            try touch.execute(arguments: [now, row[0] as Int64])
            return [Float](unsafeUninitializedCapacity: size) { numbers, count in
              count = data.copyBytes(to: numbers) / 4
            }
          }
        }
        cache.counts.found += outputs.count { $0 != nil }
        return outputs
      } catch {
        throw EncodingCache.fault(error, cache.path)
      }
    }

    /// Adds outputs, in place of damaged ones.
    func add(_ outputs: [[Float]], of inputs: [[UInt8]]) throws(TrainingError) {
      do {
        try cache.queue.write { database in
          let entry = try database.cachedStatement(
            sql: """
              INSERT INTO encoding (encoder, input, used, bytes) VALUES (?, ?, ?, ?)
              ON CONFLICT (encoder, input) DO UPDATE SET used = excluded.used, bytes = excluded.bytes RETURNING id
              """)
          let output = try database.cachedStatement(sql: "INSERT OR REPLACE INTO output VALUES (?, ?, ?)")
          let now = Date().timeIntervalSince1970
          for (input, numbers) in zip(inputs, outputs) {
            let bytes = numbers.withUnsafeBytes { [UInt8]($0) }
            let id = try Int64.fetchOne(entry, arguments: [Data(encoder), Data(input), now, bytes.count])
            try output.execute(arguments: [id, Data(SHA256.hash(data: bytes)), Data(bytes)])
          }
        }
        cache.counts.computed += outputs.count
      } catch {
        throw EncodingCache.fault(error, cache.path)
      }
    }
  }
}

extension TrainableModel {
  /// What an encoder computes for a few made inputs of several lengths.
  fileprivate func probe(_ kind: EncoderKind) throws(TensorError) -> [[Float]] {
    switch kind {
    case .text:
      let sizes = configuration.text, longest = min(sizes.maxPositions, configuration.tokenizer.maxText)
      return try encode(
        texts: [1, 5, longest].map { length in
          (0..<min(length, longest)).map { Int32(($0 * 31 + 7) % max(sizes.vocabularySize, 1)) }
        })
    case .image:
      let side = configuration.image.size
      return try encode(pictures: [(0..<3 * side * side).map { Float($0 * 37 % 255) / 127 - 1 }])
    }
  }
}

extension EncoderKind {
  /// The beginning of the names of its tensors.
  fileprivate var prefix: String {
    switch self {
    case .text: "text_encoder."
    case .image: "image_encoder."
    }
  }
}
