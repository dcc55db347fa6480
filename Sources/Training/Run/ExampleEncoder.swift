internal import Bytes
internal import Files
import Foundation
internal import Models
internal import Tensors

/// The posts of a run as the network reads them: raw, or as the tokens of frozen encoders.
struct ExampleEncoder {
  private let trainableModel: TrainableModel
  private let texts: FrozenTokens<[Int32]>?
  private let pictures: FrozenTokens<[UInt8]>?

  /// Encodes the posts once with the frozen encoders, into files in `folder`; takes what `cache` has.
  init(
    _ trainableModel: TrainableModel, frozen: [EncoderKind], _ sets: [TrainingSet], folder: String, identity: String,
    cache: EncodingCache?, shouldStop: () -> Bool, observe: (EncodingProgress) -> Void = { _ in }
  ) throws(TrainingError) {
    self.trainableModel = trainableModel
    let configuration = trainableModel.configuration
    if frozen.contains(.text) {
      var seen: Set<[Int32]> = [], parts: [(key: [Int32], length: Int)] = []
      for set in sets {
        for index in 0..<set.count {
          let words = set.words(of: index)
          for text in [words.text] + (words.knowledge.map { [$0] } ?? []) where seen.insert(text).inserted {
            parts.append((text, text.count))
          }
        }
      }
      texts = try FrozenTokens(
        path: folder + "/text-tokens.f32", identity: identity, width: configuration.text.hiddenSize, parts,
        cache: try cache?.section(of: .text, in: trainableModel),
        hash: { text in text.withUnsafeBytes { SHA256.hash(data: $0) } },
        encode: { (texts) throws(TensorError) in try trainableModel.encode(texts: texts) }, shouldStop: shouldStop
      ) { observe(EncodingProgress(kind: .text, done: $0, of: parts.count)) }
    } else {
      texts = nil
    }
    if frozen.contains(.image) {
      var places: [[UInt8]: (TrainingSet, Int)] = [:], parts: [(key: [UInt8], length: Int)] = []
      for set in sets {
        for index in 0..<set.count {
          guard let identity = set.pictureIdentity(of: index), places[identity] == nil else { continue }
          places[identity] = (set, index)
          parts.append((identity, configuration.image.tokens))
        }
      }
      let pixels = { (key: [UInt8]) in places[key].flatMap { set, index in set[index].inputs.pixels } ?? [] }
      pictures = try FrozenTokens(
        path: folder + "/image-tokens.f32", identity: identity, width: configuration.image.hiddenSize, parts,
        cache: try cache?.section(of: .image, in: trainableModel),
        hash: { key in pixels(key).withUnsafeBytes { SHA256.hash(data: $0) } },
        encode: { (keys) throws(TensorError) in try trainableModel.encode(pictures: keys.map(pixels)) },
        shouldStop: shouldStop
      ) { observe(EncodingProgress(kind: .image, done: $0, of: parts.count)) }
    } else {
      pictures = nil
    }
  }

  /// A post, with its picture hidden if requested.
  func encodedExample(_ set: TrainingSet, _ index: Int, pictured: Bool = true) -> EncodedExample {
    var example = set[index, pictured: pictured && pictures == nil]
    let identity = pictured && pictures != nil ? set.pictureIdentity(of: index) : nil
    if identity != nil { example.inputs.pixels = [] }
    var encodedExample = EncodedExample(example, trainableModel.configuration)
    if let texts {
      encodedExample.input.text.encoded = texts[encodedExample.input.text.raw]
      if let knowledge = encodedExample.input.knowledge?.raw {
        encodedExample.input.knowledge?.encoded = texts[knowledge]
      }
    }
    if let pictures, let identity { encodedExample.input.picture?.encoded = pictures[identity] }
    return encodedExample
  }
}

/// How many texts or pictures a frozen encoder has encoded, or found in the cache.
package struct EncodingProgress: Sendable, Equatable {
  /// The encoder.
  package let kind: EncoderKind
  /// Different inputs done.
  package let done: Int
  /// Different inputs in all.
  package let of: Int
}

/// A post as the network's input: raw inputs, or tokens that a frozen encoder computed earlier.
struct EncodedInput {
  /// A part of a post.
  struct Tokens<Raw> {
    /// Word pieces or pixels; empty if they are already encoded.
    var raw: Raw
    /// The frozen encoder's output; empty if `raw` is used.
    var encoded: [Float] = []
    /// The number of tokens.
    var length: Int
  }

  var text: Tokens<[Int32]>
  var knowledge: Tokens<[Int32]>?
  var picture: Tokens<[Float]>?
  /// The rows of the model's feature streams, in their order; nil if the post has none.
  var features: [Tokens<[Float]>?]
  var selfBias: [Float]?
  var crossBias: [Float]?

  /// The post as it is read.
  init(_ inputs: PostInputs, _ configuration: ModelConfiguration) {
    text = Tokens(raw: inputs.text, length: inputs.text.count)
    knowledge = inputs.knowledge.map { Tokens(raw: $0, length: $0.count) }
    picture = inputs.pixels.map { Tokens(raw: $0, length: configuration.image.tokens) }
    features = configuration.features.indices.map { place in
      guard inputs.features.indices.contains(place) else { return nil }
      return inputs.features[place].map { Tokens(raw: $0.values, length: $0.rows) }
    }
    (selfBias, crossBias) = (inputs.selfBias, inputs.crossBias)
  }
}

/// A frozen encoder's output for a run's texts or pictures: each is computed once and kept on disk.
final class FrozenTokens<Key: Hashable & Sendable> {
  private let width: Int
  private let places: [Key: Range<Int>]
  private let numbers: Data

  /// Encodes what is not yet in `path`. `parts`: each key once, with its number of tokens.
  ///
  /// The file is reused if its size and `identity` match this run. Otherwise it is made of what is in `cache` by the `hash` of an
  /// input, and of what `encode` computes, whose bits do not depend on the other inputs. `observe` gets the number of inputs
  /// done.
  init(
    path: String, identity: String, width: Int, _ parts: [(key: Key, length: Int)],
    cache: EncodingCache.Section?, hash: (Key) -> [UInt8],
    encode: ([Key]) throws(TensorError) -> [[Float]], shouldStop: () -> Bool, observe: (Int) -> Void = { _ in }
  ) throws(TrainingError) {
    self.width = width
    var places: [Key: Range<Int>] = [:], end = 0
    for part in parts {
      places[part.key] = end..<end + part.length * width
      end += part.length * width
    }
    self.places = places
    let note = path + ".identity"
    let isThere = (try? FileReader.read(note, limit: identity.utf8.count)) == Array(identity.utf8)
    if !isThere || FileManager.default.sizeOfFile(path) != end * 4 {
      let sizes = parts.map { $0.length * width }
      try Self.write(path, parts.map(\.key), sizes, cache, hash, encode, shouldStop, observe)
      try TrainingError.writing(note) { () throws(FileError) in
        try AtomicWriter.write(Array(identity.utf8), to: note, .replacing)
      }
    }
    guard let data = try? Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped) else {
      throw .badCheckpoint(path: path, reason: "it cannot be read")
    }
    numbers = data
  }

  /// The tokens of a part.
  subscript(key: Key) -> [Float] {
    guard let range = places[key] else { return [] }
    return [Float](unsafeUninitializedCapacity: range.count) { tokens, count in
      count = numbers.copyBytes(to: tokens, from: range.lowerBound * 4..<range.upperBound * 4) / 4
    }
  }

  private static func write(
    _ path: String, _ keys: [Key], _ sizes: [Int], _ cache: EncodingCache.Section?, _ hash: (Key) -> [UInt8],
    _ encode: ([Key]) throws(TensorError) -> [[Float]], _ shouldStop: () -> Bool, _ observe: (Int) -> Void
  ) throws(TrainingError) {
    let file = try TrainingError.writing(path) { () throws(FileError) in try AtomicWriter(path, .replacing) }
    for first in stride(from: 0, to: keys.count, by: 32) {
      let interrupted = TrainingError.interrupted(
        step: 0, steps: 0, checkpoint: (path as NSString).deletingLastPathComponent)
      if shouldStop() { throw interrupted }
      let part = Array(first..<min(first + 32, keys.count)), hashes = cache == nil ? [] : part.map { hash(keys[$0]) }
      var outputs = try cache?.outputs(of: hashes, sizes: part.map { sizes[$0] }) ?? part.map { _ in nil }
      let absent = outputs.indices.filter { outputs[$0] == nil }
      if !absent.isEmpty {
        let encoded: [[Float]]
        do {
          encoded = try encode(absent.map { keys[part[$0]] })
        } catch {
          throw error == .interrupted ? interrupted : .tensors(error)
        }
        try cache?.add(encoded, of: absent.map { hashes[$0] })
        for (place, values) in zip(absent, encoded) { outputs[place] = values }
      }
      try TrainingError.writing(path) { () throws(FileError) in
        for case .some(let values) in outputs {
          try values.withUnsafeBufferPointer { (values) throws(FileError) in
            try file.write(UnsafeRawBufferPointer(values))
          }
        }
      }
      observe(part.last.map { $0 + 1 } ?? 0)
    }
    try TrainingError.writing(path) { () throws(FileError) in try file.finish() }
  }
}

extension FileManager {
  fileprivate func sizeOfFile(_ path: String) -> Int? {
    (try? attributesOfItem(atPath: path))?[.size] as? Int
  }
}
