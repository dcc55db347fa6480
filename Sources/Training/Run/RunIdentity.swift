internal import Bytes
internal import Models
internal import Tensors

/// The inputs and settings that determine a run's result.
enum RunIdentity {
  /// The facts in which a continued run must agree with its beginning.
  static func of(
    _ start: StartingPoint, _ settings: TrainingSettings, _ trainableModel: TrainableModel, training: TrainingSet,
    validation: TrainingSet
  ) throws(TrainingError) -> [RunFact] {
    try of(start, settings, training: training, validation: validation)
      + [RunFact(name: "first numbers", value: hash(trainableModel))]
  }

  /// The same facts without the initial parameters, which need a trainable model.
  static func of(
    _ start: StartingPoint, _ settings: TrainingSettings, training: TrainingSet, validation: TrainingSet
  ) throws(TrainingError) -> [RunFact] {
    [
      RunFact(name: "model", value: start.configuration.json.trimmedLine),
      RunFact(name: settingsName, value: settings.json),
      RunFact(name: "vocabulary", value: hash(try start.vocabulary())),
      RunFact(
        name: "lexicon", value: try start.lexiconPath.map { path throws(TrainingError) in try hash(path) } ?? "none"),
      RunFact(name: "posts to learn from", value: hash(training)),
      RunFact(name: "posts to validate with", value: hash(validation)),
    ]
  }

  /// The same run with other settings.
  static func replacing(_ settings: TrainingSettings, in facts: [RunFact]) -> [RunFact] {
    facts.map { $0.name == settingsName ? RunFact(name: settingsName, value: settings.json) : $0 }
  }

  private static let settingsName = "settings"

  /// The hash of a file that becomes part of the model.
  private static func hash(_ path: String) throws(TrainingError) -> String {
    do throws(ModelError) {
      let file = try MappedFile(path: path)
      return file.withBytes { bytes in
        var hash = SHA256()
        hash.update(bufferPointer: bytes)
        return hash.finalize().short
      }
    } catch {
      throw .model(error)
    }
  }

  /// The hash of a file's content that becomes part of the model.
  private static func hash(_ bytes: [UInt8]) -> String {
    var hash = SHA256()
    bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
    return hash.finalize().short
  }

  /// The hash of all parameters.
  private static func hash(_ trainableModel: TrainableModel) -> String {
    var hash = SHA256()
    let weights = trainableModel.parameters.weights
    hash.update(bufferPointer: UnsafeRawBufferPointer(start: weights.base, count: weights.count * 4))
    return hash.finalize().short
  }

  /// The hash of every post's training data: pieces, features, picture, label, and the teacher's vectors.
  private static func hash(_ set: TrainingSet) -> String {
    var hash = SHA256()
    for index in 0..<set.count {
      let words = set.words(of: index)
      for pieces in [words.text, words.knowledge ?? []] {
        hash.update(data: [UInt8(pieces.count & 0xff), UInt8(pieces.count >> 8 & 0xff)])
        pieces.withUnsafeBytes { hash.update(bufferPointer: $0) }
      }
      for biases in [words.selfBias, words.crossBias] {
        (biases ?? []).withUnsafeBytes { hash.update(bufferPointer: $0) }
      }
      for (place, part) in words.features.enumerated() {
        hash.update(data: [UInt8(place), part == nil ? 0 : 1])
        (part?.values ?? []).withUnsafeBytes { hash.update(bufferPointer: $0) }
      }
      hash.update(data: set.pictureIdentity(of: index) ?? [0])
      hash.update(data: Array("\(set.label(of: index)),".utf8))
      (set.distribution(of: index) ?? []).withUnsafeBytes { hash.update(bufferPointer: $0) }
      if let teacher = set.teacher(of: index) {
        for vector in [teacher.text, teacher.image] + teacher.features.map({ $0 ?? [] }) {
          vector.withUnsafeBytes { hash.update(bufferPointer: $0) }
        }
      }
    }
    return hash.finalize().short
  }
}

extension [UInt8] {
  /// The first 16 hexadecimal digits.
  fileprivate var short: String { String(hexadecimal.prefix(16)) }
}

extension String {
  fileprivate var trimmedLine: String { hasSuffix("\n") ? String(dropLast()) : self }
}
