import Bytes
import Inputs

/// Guesses a post's label from the training posts that one side of it is most like.
struct TextNearestNeighbours {
  private let posts: [(words: Set<ByteText>, label: IronyLabel)]

  init(_ posts: [GeneratedPost]) { self.posts = posts.map { (WordSet.of($0.text), $0.label) } }

  /// The majority of the posts whose words overlap most (Jaccard), all that are as near; `nil` for a draw.
  /// O(posts).
  func guess(_ post: GeneratedPost) -> IronyLabel? {
    let words = WordSet.of(post.text)
    var best = (shared: 0, all: 1)
    var votes = 0
    for other in posts {
      let shared = words.intersection(other.words).count
      let all = words.count + other.words.count - shared
      if shared * best.all > best.shared * all { (best, votes) = ((shared, all), 0) }
      if shared * best.all == best.shared * all { votes += other.label == .sincere ? 1 : -1 }
    }
    return votes == 0 ? nil : votes > 0 ? .sincere : .ironic
  }
}

/// The same for sounds, by their numbers.
struct SoundNearestNeighbours {
  private let posts: [(numbers: [Float], label: IronyLabel)]
  private let folder: PictureFolder

  /// Reads all sounds.
  ///
  /// - Throws: `PictureFileError`, and `SampleGeneratorError.cannotRead` if irony did not write a file.
  init(_ posts: [GeneratedPost], folder: PictureFolder) throws {
    self.folder = folder
    self.posts = try posts.map { (try Self.numbers($0, folder), $0.label) }
  }

  /// The label of the sound with the least squared distance. O(posts).
  func guess(_ post: GeneratedPost) throws -> IronyLabel? {
    let numbers = try Self.numbers(post, folder)
    var best: (distance: Float, label: IronyLabel)?
    for other in posts {
      let distance = Self.distance(numbers.span, other.numbers.span)
      if distance < best?.distance ?? .infinity { best = (distance, other.label) }
    }
    return best?.label
  }

  private static func distance(_ left: Span<Float>, _ right: Span<Float>) -> Float {
    var sum: Float = 0
    for index in left.indices {
      let difference = left[index] - right[index]
      sum += difference * difference
    }
    return sum
  }

  private static func numbers(_ post: GeneratedPost, _ folder: PictureFolder) throws -> [Float] {
    let path = post.sound ?? ""
    guard let numbers = Jingle.numbers(of: try folder.load(path).bytes) else {
      throw SampleGeneratorError.cannotRead(path: path, reason: "it is not a sound that irony wrote")
    }
    return numbers
  }
}

/// The same for pictures, by their pixels.
struct PictureNearestNeighbours {
  /// The side to which pictures are brought down.
  private static let side = 8

  private let posts: [(pixels: [UInt8], label: IronyLabel)]
  private let folder: PictureFolder

  /// Decodes all pictures.
  ///
  /// - Throws: `PictureFileError`.
  init(_ posts: [GeneratedPost], folder: PictureFolder) throws(PictureFileError) {
    self.folder = folder
    self.posts = try posts.map { post throws(PictureFileError) in (try Self.small(post, folder), post.label) }
  }

  /// The label of the picture with the least squared distance. O(posts).
  func guess(_ post: GeneratedPost) throws(PictureFileError) -> IronyLabel? {
    let pixels = try Self.small(post, folder)
    var best: (distance: Int32, label: IronyLabel)?
    for other in posts {
      let distance = Self.distance(pixels.span, other.pixels.span)
      if distance < best?.distance ?? .max { best = (distance, other.label) }
    }
    return best?.label
  }

  private static func distance(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Int32 {
    var sum: Int32 = 0
    for index in left.indices {
      let difference = Int32(left[index]) - Int32(right[index])
      sum &+= difference &* difference
    }
    return sum
  }

  /// The means of `side × side` fields of a picture.
  private static func small(_ post: GeneratedPost, _ folder: PictureFolder) throws(PictureFileError) -> [UInt8] {
    let picture = try folder.load(post.image).decoded()
    var result: [UInt8] = []
    for row in 0..<side {
      let rows = row * picture.height / side..<max(row + 1, (row + 1) * picture.height / side)
      for column in 0..<side {
        let columns = column * picture.width / side..<max(column + 1, (column + 1) * picture.width / side)
        for channel in 0..<3 {
          var sum = 0, count = 0
          for y in rows where y < picture.height {
            for x in columns where x < picture.width {
              sum += Int(picture.pixels[3 * (y * picture.width + x) + channel])
              count += 1
            }
          }
          result.append(UInt8(clamping: sum / max(1, count)))
        }
      }
    }
    return result
  }
}
