internal import Bytes
internal import Glibc
package import Models

/// The vectors that an unfinished `teach` has computed so far, next to the file that it will write: the same command
/// continues with them.
///
/// A header identifies the teacher and the width; records follow, each with the key of a sentence (its SHA-256) or of a
/// picture, and its vector in float32. They are appended batch by batch; an incomplete record, left by a kill, is cut
/// off. Vectors of another teacher, or of another machine's arithmetic, are dropped.
package final class SentenceCache: Sendable {
  private static let format = Array("clfa-sentences/1".utf8)
  private static let hashBytes = 32

  /// The file's name for a file of vectors to be written.
  package static func path(beside output: String) -> String { output + ".encoded" }

  /// The file's path.
  package let path: String
  private let width: Int
  private let descriptor: Int32
  /// The vectors found when the cache was opened, by the hash of the sentence.
  private let vectors: [[UInt8]: [Float]]

  /// Opens or creates a file, and reads its content.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - teacher: the hash of everything that vectors depend on, other than their sentences; 32 bytes.
  ///   - width: the width of a vector.
  /// - Throws: `ModelError.unwritable` if the system refuses, or another process works with the file.
  package init(path: String, teacher: [UInt8], width: Int) throws(ModelError) {
    (self.path, self.width) = (path, width)
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o644)
    guard descriptor >= 0 else { throw .unwritable(path: path, reason: String(cString: strerror(errno))) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw .unwritable(path: path, reason: "it is not a file; move it away")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw .unwritable(path: path, reason: "another clfa teach is at work there")
    }
    // A process that ended between opening and locking has removed the file.
    guard fstat(descriptor, &status) == 0, status.st_nlink > 0 else {
      close(descriptor)
      throw .unwritable(path: path, reason: "another clfa teach was at work there; give the command again")
    }
    let header = Self.format + teacher + withUnsafeBytes(of: UInt32(width).littleEndian) { Array($0) }
    guard let vectors = Self.read(descriptor, expecting: header, width: width) else {
      let error = Self.failure(path)
      close(descriptor)
      throw error
    }
    (self.descriptor, self.vectors) = (descriptor, vectors)
  }

  deinit {
    // Closing alone would leave the lock to a child process that is just being started.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }

  /// The number of vectors.
  package var count: Int { vectors.count }

  /// The vector of a sentence; nil if it was not computed yet.
  package subscript(sentence: String) -> [Float]? { self[key: Self.key(of: sentence)] }

  /// The vector of a key; nil if it was not computed yet.
  package subscript(key key: [UInt8]) -> [Float]? { vectors[key] }

  /// The key of a sentence.
  package static func key(of sentence: String) -> [UInt8] { Array(SHA256.hash(data: Array(sentence.utf8))) }

  /// The key of a picture, from its file's SHA-256; hashed again, so that no sentence has it.
  package static func key(ofPicture hash: [UInt8]) -> [UInt8] {
    Array(SHA256.hash(data: Array("picture".utf8) + hash))
  }

  /// Stores vectors that were just computed.
  package func add(_ made: [(sentence: String, vector: [Float])]) throws(ModelError) {
    try add(keyed: made.map { (Self.key(of: $0.sentence), $0.vector) })
  }

  /// Stores vectors that were just computed.
  package func add(keyed made: [(key: [UInt8], vector: [Float])]) throws(ModelError) {
    var bytes: [UInt8] = []
    for (key, vector) in made {
      precondition(vector.count == width, "a vector of the teacher's width")
      bytes += key
      // Little-endian, as is every supported machine.
      vector.withUnsafeBytes { bytes += $0 }
    }
    guard Self.write(bytes, to: descriptor) else { throw Self.failure(path) }
  }

  /// Deletes the file when its vectors are stored elsewhere or no longer needed.
  package func remove() { unlink(path) }

  /// The vectors in a file with this header, which is then truncated to complete records; a file with another header is
  /// started again. Nil, with `errno` set, if a system call fails.
  private static func read(_ descriptor: Int32, expecting header: [UInt8], width: Int) -> [[UInt8]: [Float]]? {
    var status = stat(), found = [UInt8](repeating: 0, count: header.count)
    guard fstat(descriptor, &status) == 0 else { return nil }
    guard pread(descriptor, &found, header.count, 0) == header.count, found == header else {
      guard ftruncate(descriptor, 0) == 0, write(header, to: descriptor) else { return nil }
      return [:]
    }
    let record = hashBytes + width * MemoryLayout<Float>.size
    let records = (Int(status.st_size) - header.count) / record, end = header.count + records * record
    var vectors: [[UInt8]: [Float]] = [:], bytes = [UInt8](repeating: 0, count: record)
    for index in 0..<records {
      guard pread(descriptor, &bytes, record, header.count + index * record) == record else { return nil }
      vectors[Array(bytes.prefix(hashBytes))] = bytes.withUnsafeBytes { bytes in
        (0..<width).map { bytes.loadUnaligned(fromByteOffset: hashBytes + 4 * $0, as: Float.self) }
      }
    }
    return ftruncate(descriptor, end) == 0 && lseek(descriptor, 0, SEEK_END) == end ? vectors : nil
  }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress?.advanced(by: written), $0.count - written)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      written += count
    }
    return true
  }

  private static func failure(_ path: String) -> ModelError {
    .unwritable(path: path, reason: String(cString: strerror(errno)))
  }
}
