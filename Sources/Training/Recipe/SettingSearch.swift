internal import Bytes
internal import Files
internal import Models

/// A search for the settings of a run: one training for each candidate, in a fixed order, and the results of those done.
///
/// The results are in a file of the run's folder, so that an interrupted search continues after the last complete try.
/// The posts that choose among the tries are those that choose the epoch.
package struct SettingSearch: Sendable {
  /// The settings that are tried.
  package struct Grid: Sendable, Equatable {
    /// The candidates, in the order of the tries.
    package var candidates: [SearchCandidate]

    /// All combinations of learning rates and class weights.
    package init(rates: [Double], classWeights: [ClassWeights]) {
      candidates = classWeights.flatMap { weights in rates.map { SearchCandidate(rate: $0, classWeights: weights) } }
    }

    /// The grid with one value where it is given.
    package func keeping(rate: Double?, classWeights: ClassWeights?) -> Grid {
      var grid = self
      grid.candidates = []
      for candidate in candidates {
        let kept = SearchCandidate(
          rate: rate ?? candidate.rate, classWeights: classWeights ?? candidate.classWeights)
        if !grid.candidates.contains(kept) { grid.candidates.append(kept) }
      }
      return grid
    }
  }

  let grid: Grid
  /// The tries that are done.
  private(set) var tries: [SearchTry] = []
  /// Whether it ended before every candidate was tried.
  private var isEnded = false
  private let path: String
  private let identity: String

  /// Reads the tries that the same run has done; those of another run are dropped.
  ///
  /// `identity`: the run's facts, before the search changes its settings.
  init(_ grid: Grid, of identity: [RunFact], path: String) throws(TrainingError) {
    (self.grid, self.path) = (grid, path)
    var hash = SHA256()
    hash.update(data: Array(identity.map { "\($0.name)\0\($0.value)\0" }.joined().utf8))
    for candidate in grid.candidates { hash.update(data: Array("\(candidate)".utf8)) }
    self.identity = hash.finalize().hexadecimal
    guard let bytes = try? FileReader.read(path, limit: 1_048_576) else { return }
    var lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")[...]
    let isEnded = lines.last.map { ByteText(String($0)) == ByteText(Self.ending) } ?? false
    if isEnded { lines.removeLast() }
    guard let first = lines.first, ByteText(String(first)) == ByteText(self.identity) else { return }
    let tries = lines.dropFirst().compactMap { (try? JSONParser.parse(Array($0.utf8))).flatMap(SearchTry.init) }
    guard tries.count == lines.count - 1, tries.map(\.candidate) == Array(grid.candidates.prefix(tries.count)) else {
      return
    }
    (self.tries, self.isEnded) = (tries, isEnded)
  }

  /// The file's last line, if the search ended early.
  private static let ending = "ended"

  /// The candidate to try next; nil at the end.
  var next: SearchCandidate? { isDone ? nil : grid.candidates[tries.count] }

  /// Whether every candidate was tried.
  var isDone: Bool { isEnded || tries.count >= grid.candidates.count }

  /// The candidate of the best try, the first of equally good ones; nil before the end, or if no try succeeded.
  var result: SearchCandidate? { isDone ? SearchTry.best(of: tries)?.candidate : nil }

  /// Adds the result of a try, also to the file.
  mutating func add(_ tried: SearchTry) throws(TrainingError) {
    tries.append(tried)
    try write()
  }

  /// Makes no more tries.
  mutating func end() throws(TrainingError) {
    isEnded = true
    try write()
  }

  private func write() throws(TrainingError) {
    let lines = [identity] + tries.map { $0.json.text(.canonical) } + (isEnded ? [Self.ending] : [])
    let text = lines.joined(separator: "\n") + "\n"
    let path = path
    try TrainingError.writing(path) { () throws(FileError) in
      try AtomicWriter.write(Array(text.utf8), to: path, .replacing)
    }
  }
}

/// Settings that a search tries.
package struct SearchCandidate: Sendable, Equatable {
  /// The highest learning rate of what is trained.
  package let rate: Double
  /// The weights of the labels.
  package let classWeights: ClassWeights

  package init(rate: Double, classWeights: ClassWeights) { (self.rate, self.classWeights) = (rate, classWeights) }

  /// Other settings with these in their place.
  func applied(to settings: TrainingSettings) -> TrainingSettings {
    var settings = settings
    (settings.rate, settings.classWeights) = (rate, classWeights)
    return settings
  }
}

/// A finished try of a search, a line of `history.jsonl`.
package struct SearchTry: Sendable, Equatable {
  /// Its number, from 1.
  package let number: Int
  package let candidate: SearchCandidate
  /// The best epoch; nil if the numbers became infinite.
  package let epoch: Int?
  /// The value of the measure that selects, larger is better; nil as above.
  package let score: Double?
  /// The mean of the labels' F1 on the validation posts at that epoch.
  package let macroF1: Double?
  /// The share of correct predictions.
  package let accuracy: Double?

  init(_ candidate: SearchCandidate, number: Int, best: EpochRecord?, selection: Selection) {
    (self.number, self.candidate) = (number, candidate)
    (epoch, score) = (best?.epoch, best?.validation.score(selection))
    (macroF1, accuracy) = (best?.validation.macroF1, best?.validation.accuracy)
  }

  /// The try with the highest score, the first of several; nil if none has one.
  package static func best(of tries: [SearchTry]) -> SearchTry? {
    tries.reduce(nil) { best, tried in
      guard let score = tried.score else { return best }
      return score > best?.score ?? -.infinity ? tried : best
    }
  }
}

extension SearchTry {
  /// The record with its names here; `history.jsonl` has them in snake case.
  var json: JSON {
    .members([
      ("try", .integer(number)), ("learningRate", .real(candidate.rate)),
      ("classWeights", .string(candidate.classWeights.rawValue)), ("epoch", epoch.map { .integer($0) }),
      ("score", score.map { .real($0) }), ("macroF1", macroF1.map { .real($0) }),
      ("accuracy", accuracy.map { .real($0) }),
    ])
  }

  init?(_ json: JSON) {
    guard let number = json["try"]?.asInteger, let rate = json["learningRate"]?.asNumber,
      let weights = json["classWeights"]?.asString.flatMap(ClassWeights.init)
    else { return nil }
    (self.number, candidate) = (number, SearchCandidate(rate: rate, classWeights: weights))
    (epoch, score) = (json["epoch"]?.asInteger, json["score"]?.asNumber)
    (macroF1, accuracy) = (json["macroF1"]?.asNumber, json["accuracy"]?.asNumber)
  }
}
