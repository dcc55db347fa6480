import ArgumentParser
import Training

/// What an ablation's cells differ by.
struct GridFlags: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Values of one of \(AblationKey.allCases.map(\.rawValue).joined(separator: ", ")), such as alpha=0,1. Given again, "
        + "every value of the one is tried with every value of the other.", valueName: "key=value,..."),
    transform: { text in try AblationAxis(parsing: text) })
  var grid: [AblationAxis] = []
  @Option(
    help: ArgumentHelp("The seeds that each setting is trained with. Default: --seed alone.", valueName: "n,..."),
    transform: SeedList.init(parsing:))
  var seeds: SeedList?
  @Option(
    help: ArgumentHelp(
      "The setting that the others are compared with, such as \"alpha=0 aggregation=concat\", or some of its values, such "
        + "as alpha=0: then each is compared with the one that has these and its own others. Default: the first setting.",
      valueName: "name"))
  var baseline: String?

  /// The grid that these flags stand for.
  func grid(seed: UInt64) throws(AblationError) -> AblationGrid {
    try AblationGrid(axes: grid, seeds: seeds?.seeds ?? [seed])
  }
}

/// What `--seeds` takes.
struct SeedList {
  let seeds: [UInt64]

  init(parsing argument: String) throws { seeds = try AblationGrid.seeds(parsing: argument) }
}
