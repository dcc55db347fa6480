import Bytes
internal import Files

/// Turns a model's raw probabilities into an answer; fitted on posts that were not trained on.
///
/// It changes no raw score, so it is no part of the fingerprint; stored predictions stay raw.
package struct Calibration: Equatable, Sendable {
  /// T, by which logits are divided: p becomes p^(1/T), normalised; nil for no scaling.
  package var temperature: Double?
  /// One a label, in the labels' order: the label that stands highest over its threshold is the answer; nil for the
  /// likeliest label.
  package var thresholds: [Double]?

  /// A calibration.
  package init(temperature: Double?, thresholds: [Double]?) {
    (self.temperature, self.thresholds) = (temperature, thresholds)
  }

  /// Reads the keys `calibration` and `thresholds`; nil if there is neither.
  init?(_ reader: inout ConfigurationReader, labelNames: [String]) throws(ConfigurationError) {
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
      try own.require(labelNames)
      var all: [Double] = []
      for name in labelNames { all.append(try own.real(name, 0.5, in: 0...1)) }
      try own.finish()
      thresholds = all
    }
    if temperature == nil, thresholds == nil { return nil }
  }

  /// `calibration` in `config.json`.
  var json: JSON? {
    temperature.map { .members([("kind", .string("temperature")), ("temperature", .real($0))]) }
  }
}

extension ModelFolder {
  /// Writes a calibration into the `config.json` of the folder, in the place of one that is there; all that decides about
  /// a raw score stays as it is. The file is exchanged whole.
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
