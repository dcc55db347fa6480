internal import Bytes
internal import Inputs
internal import Models
internal import Tensors

/// Whoever says where the two sides of posts lie.
package protocol PostTeacher: Sendable {
  /// The numbers of a vector.
  var width: Int { get }
  /// The hash of everything that vectors follow from, beside what they are of: 32 bytes.
  var identity: [UInt8] { get }
  /// What is said of the file's vectors.
  var remark: String { get }

  /// Encodes what is not in `cache` yet, which gets it; the same bits for any number of threads. `observe` is told by
  /// any thread, but one at a time.
  func encode(
    _ posts: TeachingPosts, reusing cache: SentenceCache, threads: Int, shouldStop: @escaping @Sendable () -> Bool,
    observe: @escaping @Sendable (_ done: Int, _ of: Int) -> Void
  ) throws -> EncodedPosts
}

/// What came of the different texts and pictures of posts.
package struct EncodedPosts: Sendable {
  /// A vector of unit length for each text.
  let texts: [[Float]]
  /// The same for each picture; an empty one for a picture that is none.
  let images: [[Float]]
  /// For each picture the place of the first one that is the same.
  let firstOfImage: [Int]
  /// Why a picture is none, by its place.
  let faults: [Int: PictureFault]
  /// How many different texts went through the teacher.
  let sentences: Int
  /// How many different pictures did.
  let pictures: Int
  /// How many of both were known before.
  let reused: Int
  /// How many texts were longer than the teacher reads, and were cut.
  let cut: Int

  init(
    texts: [[Float]], images: [[Float]], firstOfImage: [Int]? = nil, faults: [Int: PictureFault] = [:],
    sentences: Int, pictures: Int = 0, reused: Int, cut: Int
  ) {
    (self.texts, self.images, self.faults) = (texts, images, faults)
    self.firstOfImage = firstOfImage ?? Array(images.indices)
    (self.sentences, self.pictures, self.reused, self.cut) = (sentences, pictures, reused, cut)
  }
}

/// What tells one teacher's vectors from another's.
enum TeacherIdentity {
  /// The hash of a folder's files of these names, of this machine's arithmetic, and of what else matters.
  static func hash(of names: [String], in folder: String, _ more: String = "") -> [UInt8] {
    var hash = SHA256()
    for name in names {
      guard let file = try? MappedFile(path: "\(folder)/\(name)") else { continue }
      hash.update(data: Array("\(name) \(file.count)\n".utf8))
      file.withBytes { hash.update(bufferPointer: $0) }
    }
    hash.update(data: Array("\(OneDNN.version) \(OneDNN.instructionSet)\(more)".utf8))
    return Array(hash.finalize())
  }
}
