package import Bytes
package import Evaluation

/// The values of one key of a grid, such as `alpha=0,1`.
package struct AblationAxis: Sendable, Equatable {
  /// The setting that the values belong to.
  package let key: AblationKey
  /// The values, each once.
  package let choices: [AblationChoice]

  /// Reads `key=value,value,…`.
  ///
  /// - Throws: `notAnAxis`, `unknownGridKey`, `badValue`, `repeatedValue`.
  package init(parsing text: String) throws(AblationError) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2 else { throw .notAnAxis(text) }
    try self.init(
      key: parts[0], values: parts[1].split(separator: ",", omittingEmptySubsequences: false).map(String.init))
  }

  /// Reads a key's values.
  package init(key name: String, values: [String]) throws(AblationError) {
    // A grid's keys are stored with every cell, so this one keeps its old name, unlike its flag.
    let stored = name == "learning-rate" ? AblationKey.rate.rawValue : name
    guard let key = AblationKey(rawValue: stored) else {
      throw .unknownGridKey(name)
    }
    guard !values.isEmpty else { throw .noValues(key: name) }
    var choices: [AblationChoice] = []
    for value in values {
      let choice = try AblationChoice(key, value)
      guard !choices.contains(choice) else { throw .repeatedValue(key: name, value: choice.value) }
      choices.append(choice)
    }
    (self.key, self.choices) = (key, choices)
  }
}

/// One setting of a grid: a value of each of its keys, in its order.
package struct AblationSetting: Sendable, Equatable {
  /// The values.
  package let choices: [AblationChoice]

  /// `alpha=0 aggregation=concat`.
  package var name: String { choices.map(\.name).joined(separator: " ") }

  /// Applies the values that concern training to settings.
  package func apply(to settings: inout TrainingSettings) {
    for choice in choices {
      switch choice {
      case .alpha(let value): settings.alpha = value
      case .beta(let value): settings.beta = value
      case .temperature(let value): settings.temperature = value
      case .rate(let value): settings.rate = value
      case .dropout(let value): settings.dropout = value
      case .freeze(let encoders): settings.frozen = encoders
      case .pictureDropout(let value): settings.pictureDropout = value
      case .fusionLayers, .aggregation, .pooling, .knowledge, .lexicon: break
      }
    }
  }
}

/// One setting with one seed: a model to train.
package struct AblationCell: Sendable, Equatable {
  /// The setting.
  package let setting: AblationSetting
  /// The seed of all random choices in the cell.
  package let seed: UInt64

  /// `alpha=0 aggregation=concat seed=1`, the name of its run in a store.
  package var name: String { setting.name + " seed=\(seed)" }
  /// The same without blanks, the name of its folder.
  package var folder: String {
    (setting.choices.map(\.name) + ["seed=\(seed)"]).joined(separator: "_")
  }
}

/// The reference that the settings of a grid are compared with.
package struct AblationBaseline: Sendable, Equatable {
  /// `alpha=0`, in the grid's order and spelling.
  package let name: String
  /// For each setting, the index of the one that it is compared with.
  package let places: [Int]
}

/// All combinations of the keys' values, each with all seeds.
package struct AblationGrid: Sendable, Equatable {
  /// The maximum number of cells in a grid.
  package static let cellLimit = 10_000

  /// The keys and their values.
  package let axes: [AblationAxis]
  /// The seeds, each once.
  package let seeds: [UInt64]

  /// Creates a grid from axes and seeds.
  ///
  /// - Throws: `noAxes`, `repeatedKey`, `noSeeds`, `repeatedSeed`, `tooManyCells`.
  package init(axes: [AblationAxis], seeds: [UInt64]) throws(AblationError) {
    guard !axes.isEmpty else { throw .noAxes }
    guard !seeds.isEmpty else { throw .noSeeds }
    for (place, axis) in axes.enumerated() where axes[..<place].contains(where: { $0.key == axis.key }) {
      throw .repeatedKey(axis.key.rawValue)
    }
    for (place, seed) in seeds.enumerated() where seeds[..<place].contains(seed) { throw .repeatedSeed(seed) }
    var cells = seeds.count
    for axis in axes {
      let (product, overflow) = cells.multipliedReportingOverflow(by: axis.choices.count)
      guard !overflow, product <= Self.cellLimit else { throw .tooManyCells(limit: Self.cellLimit) }
      cells = product
    }
    (self.axes, self.seeds) = (axes, seeds)
  }

  /// The settings: the first key's values change slowest.
  package var settings: [AblationSetting] {
    axes.reduce([[]]) { settings, axis in
      settings.flatMap { setting in axis.choices.map { setting + [$0] } }
    }.map { AblationSetting(choices: $0) }
  }

  /// The cells: each setting with all seeds, then the next.
  package var cells: [AblationCell] {
    settings.flatMap { setting in seeds.map { AblationCell(setting: setting, seed: $0) } }
  }

  /// Finds the reference of each setting.
  ///
  /// - Parameter name: a setting, or some of its values: `key=value` pairs in any order, separated by blanks, commas or
  ///   underscores. Each setting is compared with the one that has these values and otherwise the same ones. Without a
  ///   name, all are compared with the first setting.
  /// - Returns: for each setting, the one that it is compared with.
  /// - Throws: `noSuchSetting`, or the error of parsing the values.
  package func baseline(named name: String? = nil) throws(AblationError) -> AblationBaseline {
    let settings = settings
    guard let name else {
      return AblationBaseline(name: settings[0].name, places: [Int](repeating: 0, count: settings.count))
    }
    var wanted: [AblationChoice] = []
    for part in name.split(whereSeparator: { " ,_".contains($0) }) {
      wanted += try AblationAxis(parsing: String(part)).choices
    }
    let isOfTheGrid = wanted.allSatisfy { choice in
      axes.contains { $0.choices.contains(choice) } && wanted.count { $0.key == choice.key } == 1
    }
    guard isOfTheGrid, !wanted.isEmpty else { throw .noSuchSetting(name, known: settings.map(\.name)) }
    let places = settings.map { setting in
      let other = setting.choices.map { choice in wanted.first { $0.key == choice.key } ?? choice }
      return settings.firstIndex { $0.choices == other } ?? 0
    }
    let named = settings[places[0]].choices.filter(wanted.contains)
    return AblationBaseline(name: named.map(\.name).joined(separator: " "), places: places)
  }

  /// Reads `1,2,3`.
  package static func seeds(parsing text: String) throws(AblationError) -> [UInt64] {
    var seeds: [UInt64] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let seed = UInt64(part) else { throw .badSeed(String(part)) }
      seeds.append(seed)
    }
    return seeds
  }
}

extension AblationGrid {
  /// The comparison table of the grid's predictions.
  ///
  /// - Parameters:
  ///   - predicted: each cell's predicted labels, in the grid's order of cells.
  ///   - truths: the same posts' true labels.
  ///   - labels: the models' labels.
  ///   - baseline: the setting to compare with.
  /// - Returns: the table, a row for each setting.
  package func table(
    _ predicted: [[ByteText]], truths: [ByteText], labels: [ByteText], _ baseline: AblationBaseline
  ) -> AblationTable {
    let cells = cells
    precondition(predicted.count == cells.count, "predictions of each cell")
    let settings = settings.enumerated().map { place, setting in
      (
        values: setting.choices.map(\.value),
        runs: (place * seeds.count..<(place + 1) * seeds.count).map {
          AblationTable.Run(seed: cells[$0].seed, predicted: predicted[$0])
        }
      )
    }
    return AblationTable(
      keys: axes.map(\.key.rawValue), settings: settings, truths: truths, labels: labels, baseline: baseline.name,
      baselines: baseline.places)
  }
}
