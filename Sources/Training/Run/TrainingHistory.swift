package import Bytes

/// The losses and the validation result of one epoch.
package struct EpochRecord: Sendable, Equatable {
  /// The number of the epoch from 1; 0 is before the first step.
  package var epoch: Int
  /// The total number of steps at its end.
  package var steps: Int
  /// The mean of the steps' text alignment loss.
  package var lossText = 0.0
  /// The mean of the steps' picture alignment loss.
  package var lossImage = 0.0
  /// The mean of the steps' alignment losses of features; nil for a model without such streams.
  package var lossFeatures: Double?
  /// The mean of the steps' cross-entropy.
  package var lossClassification = 0.0
  /// The mean of their weighted sums.
  package var lossTotal = 0.0
  /// The learning rate at its end, as a share of the highest rate.
  package var rate = 0.0
  /// The result on the validation posts after the epoch.
  package var validation: ValidationResult
  /// Whether it is the best so far.
  package var isBest = false
  /// What alignment could learn, found before the first step; nil for later epochs, and without alignment.
  package var alignment: AlignmentCheck?
  /// How often labels change without a picture, or with another post's picture or text; of the best epoch alone, once
  /// training has ended.
  package var labelChanges: LabelChanges?
  /// What probabilities of labels are learnt; nil for later epochs, and if labels are learnt.
  package var softLabels: SoftLabelSummary?
}

/// The epochs of a run, in order, as stored in `history.jsonl`: one object per line, with the same bytes whether or not
/// the run was interrupted.
package struct TrainingHistory: Sendable, Equatable {
  /// The epochs; the first is the state before any step.
  package var epochs: [EpochRecord] = []
  /// The tries that chose the settings; none for a run without a search. In the file they come first.
  package var tries: [SearchTry] = []

  /// No epochs yet.
  package init() {}

  /// Reads the content of `history.jsonl`; nil if a line is neither a try nor an epoch.
  package init?(lines: String) {
    for line in lines.split(separator: "\n") {
      guard let json = try? JSONParser.parse(Array(line.utf8)).withKeys(Self.camelCase) else { return nil }
      if let tried = SearchTry(json) {
        tries.append(tried)
      } else if let record = EpochRecord(json) {
        epochs.append(record)
      } else {
        return nil
      }
    }
  }

  /// The best epoch.
  package var best: EpochRecord? { epochs.last { $0.isBest } }

  /// The lines of `history.jsonl`.
  ///
  /// - Throws: `JSONError.notFinite` if a number is not finite.
  package func lines() throws(JSONError) -> String {
    var lines = ""
    for json in tries.map(\.json) + epochs.map(\.json) {
      lines += try json.withKeys(Self.snakeCase).finiteText(.canonical) + "\n"
    }
    return lines
  }

  /// `lossText` as `loss_text`.
  fileprivate static func snakeCase(_ key: String) -> String {
    key.reduce(into: "") { $0 += $1.isUppercase ? "_" + $1.lowercased() : String($1) }
  }

  /// `loss_text` as `lossText`.
  private static func camelCase(_ key: String) -> String {
    let words = key.split(separator: "_")
    return words.dropFirst().reduce(words.first.map(String.init) ?? "") {
      $0 + $1.prefix(1).uppercased() + $1.dropFirst()
    }
  }
}

extension ValidationResult {
  /// How the vectors lie, under the names of `history.jsonl`.
  package var recordedSpaces: [(String, JSON?)] {
    spaceMembers.map { (TrainingHistory.snakeCase($0), $1?.withKeys(TrainingHistory.snakeCase)) }
  }
}

extension TrainingHistory {
  var json: JSON {
    .members([
      ("epochs", .array(epochs.map(\.json))), ("tries", tries.isEmpty ? nil : .array(tries.map(\.json))),
    ])
  }

  init?(_ json: JSON) {
    guard let list = json["epochs"]?.asList else { return nil }
    epochs = list.compactMap(EpochRecord.init)
    let tried = json["tries"]?.asList ?? []
    tries = tried.compactMap(SearchTry.init)
    guard epochs.count == list.count, tries.count == tried.count else { return nil }
  }
}

extension EpochRecord {
  /// The record with its names here; `history.jsonl` has them in snake case.
  var json: JSON {
    .members([
      ("epoch", .integer(epoch)), ("steps", .integer(steps)), ("lossText", .real(lossText)),
      ("lossImage", .real(lossImage)), ("lossFeatures", lossFeatures.map { .real($0) }),
      ("lossClassification", .real(lossClassification)), ("lossTotal", .real(lossTotal)), ("rate", .real(rate)),
      ("validation", validation.json), ("isBest", .bool(isBest)), ("alignment", alignment?.json),
      ("labelChanges", labelChanges?.json), ("softLabels", softLabels?.json),
    ])
  }

  init?(_ json: JSON) {
    guard let epoch = json["epoch"]?.asInteger, let steps = json["steps"]?.asInteger,
      let lossText = json["lossText"]?.asNumber, let lossImage = json["lossImage"]?.asNumber,
      let lossClassification = json["lossClassification"]?.asNumber, let lossTotal = json["lossTotal"]?.asNumber,
      let rate = json["rate"]?.asNumber, let validation = json["validation"].flatMap(ValidationResult.init),
      let isBest = json["isBest"]?.asBool
    else { return nil }
    self.init(
      epoch: epoch, steps: steps, lossText: lossText, lossImage: lossImage,
      lossFeatures: json["lossFeatures"]?.asNumber, lossClassification: lossClassification, lossTotal: lossTotal,
      rate: rate, validation: validation, isBest: isBest,
      alignment: json["alignment"].flatMap(AlignmentCheck.init),
      labelChanges: json["labelChanges"].map(LabelChanges.init),
      softLabels: json["softLabels"].flatMap(SoftLabelSummary.init))
  }
}

/// The progress that a run reports.
package enum TrainingEvent: Sendable {
  /// A step was done.
  case step(TrainingProgress)
  /// An epoch ended, or training is about to begin.
  case epoch(EpochRecord, of: Int)
  /// A try of the search ended.
  case tried(SearchTry, of: Int)
  /// The search ended after so many tries, because no more fit into the time.
  case searchEnded(tries: Int, of: Int)
  /// The run learns less than it could; each kind once a run.
  case warning(TrainingWarning)
}

/// A run's progress after a step.
package struct TrainingProgress: Sendable {
  /// The current epoch, from 1.
  package let epoch: Int
  /// The total number of epochs.
  package let epochs: Int
  /// Steps done.
  package let step: Int
  /// Steps in all.
  package let steps: Int
  /// The losses of the step.
  let losses: LossTerms
  /// Posts per step.
  package let posts: Int
  /// Seconds so far.
  package let seconds: Double
  /// Whether alignment is used; without it there are no alignment losses.
  package let isAligned: Bool
  /// The try that the step belongs to; nil in the run itself.
  package let attempt: Attempt?

  /// A try of a search.
  package struct Attempt: Sendable, Equatable {
    /// Its number, from 1.
    package let number: Int
    /// How many there are.
    package let of: Int
  }

  /// The losses of the step, by name: those of alignment if it is used, and that of features if any of them are
  /// aligned.
  package var terms: [(name: String, value: Double)] {
    [("loss", losses.total)] + (isAligned ? [("text", losses.text), ("image", losses.image)] : [])
      + (losses.features > 0 ? [("features", losses.features)] : [])
      + [("classification", losses.classification)]
  }
}

/// The result of a finished run.
package struct TrainingOutcome: Sendable {
  /// The epoch whose parameters the model has.
  package let best: EpochRecord
  /// The result on the same posts with every picture hidden; nil if no post has a picture.
  package let withoutPictures: ValidationResult?
  /// Whether any training post had no picture.
  package let sawNoPicture: Bool
  /// One record per epoch.
  package let history: TrainingHistory
  /// The signs that the model learnt less than it could.
  package let warnings: [TrainingWarning]
  /// Seconds of training, over all turns.
  package let seconds: Double
  /// The number of steps done.
  package let steps: Int
}
