import Bytes
internal import Files

/// Converts a model's raw probabilities into a prediction; fitted on posts that were not used for training.
///
/// It changes no raw score, so it is not part of the fingerprint; stored predictions stay raw.
package struct Calibration: Equatable, Sendable {
  /// T, by which logits are divided: p becomes p^(1/T), normalised; nil for no temperature scaling.
  package var temperature: Double?
  /// One threshold per label, in the labels' order: the predicted label is the one whose probability is highest
  /// relative to its threshold; nil for the label with the highest probability.
  package var thresholds: [Double]?

  /// Creates a calibration.
  package init(temperature: Double?, thresholds: [Double]?) {
    (self.temperature, self.thresholds) = (temperature, thresholds)
  }

  /// Reads the keys `calibration` and `thresholds`; nil if there is neither.
  init?(_ reader: inout ConfigurationReader, labelNames: [ByteText]) throws(ConfigurationError) {
    self.init(temperature: nil, thresholds: nil)
    if reader.has("calibration") {
      var own = try reader.object("calibration")
      _ = try own.word("kind", of: ["temperature"])
      try own.require(["temperature"])
      temperature = try own.real("temperature", 1, in: 0.01...100)
      try own.finish()
    }
    if reader.has("thresholds") {
      var own = try reader.object("thresholds")
      try own.require(labelNames.map(\.text))
      var all: [Double] = []
      for name in labelNames { all.append(try own.real(name.text, 0.5, in: 0...1)) }
      try own.finish()
      thresholds = all
    }
    if temperature == nil, thresholds == nil { return nil }
  }

  /// The value of `calibration` in `config.json`.
  var json: JSON? {
    temperature.map { .members([("kind", .string("temperature")), ("temperature", .real($0))]) }
  }
}

extension ModelFolder {
  /// Writes a calibration into the folder's `config.json`, replacing an existing one; every setting that affects a raw
  /// score stays. The file is replaced atomically.
  ///
  /// - Throws: `ModelError` if the file cannot be written.
  package func write(_ calibration: Calibration) throws(ModelError) {
    var changed = configuration
    changed.calibration = calibration
    let file = path.withSlash + "config.json"
    try ModelError.writing(file) { () throws(FileError) in
      try AtomicWriter.write(Array(changed.json.utf8), to: file, .replacing)
    }
  }
}
