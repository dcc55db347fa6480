internal import Bytes
internal import Files

/// What a run does with the time that there is: the recipe, and how much of it.
///
/// It depends on a measurement, so an unfinished run keeps it in its folder, and goes on with the same.
package struct RecipePlan: Sendable, Equatable {
  package var recipe: TrainingRecipe
  /// Fewer epochs than the settings have; nil for those of the settings.
  package var epochs: Int?
  /// The precision that was measured to be worth its rounding; nil for that of the settings.
  package var precision: TrainingPrecision?

  package init(_ recipe: TrainingRecipe, epochs: Int? = nil, precision: TrainingPrecision? = nil) {
    (self.recipe, self.epochs, self.precision) = (recipe, epochs, precision)
  }

  /// What fits.
  ///
  /// - Parameters:
  ///   - choice: what the command leaves open.
  ///   - epochs: the epochs of a training of everything.
  ///   - seconds: the time of a training of everything with so many epochs.
  ///   - budget: the seconds that may be spent; nil for any number.
  /// - Returns: for a budget, frozen encoders or as many epochs as fit, at least one.
  package static func deciding(
    _ choice: RecipeChoice, epochs: Int, seconds: (_ epochs: Int) -> Double, budget: Double?
  ) -> RecipePlan {
    let recipe = choice.recipe(fineTuning: seconds(epochs), budget: budget)
    guard let budget, recipe != .frozen, seconds(epochs) > budget else { return RecipePlan(recipe) }
    let most = (1...max(epochs, 1)).last { seconds($0) <= budget } ?? 1
    return RecipePlan(recipe, epochs: most < epochs ? most : nil)
  }
}

extension RecipePlan {
  /// The plan of an unfinished run whose model will be at `output`; nil if it has none.
  package static func recorded(output: String) -> RecipePlan? {
    let path = TrainingFolder.planPath(in: TrainingFolder.path(output))
    guard let bytes = try? FileReader.read(path, limit: 4096), let json = try? JSONParser.parse(bytes),
      let recipe = json["recipe"]?.asString.flatMap(TrainingRecipe.init)
    else { return nil }
    return RecipePlan(
      recipe, epochs: json["epochs"]?.asInteger,
      precision: json["precision"]?.asString.flatMap(TrainingPrecision.init(rawValue:)))
  }

  /// Writes the plan into the folder of a run.
  func write(to path: String) throws(TrainingError) {
    let json = JSON.members([
      ("recipe", .string(recipe.rawValue)), ("epochs", epochs.map { .integer($0) }),
      ("precision", precision.map { .string($0.rawValue) }),
    ])
    try TrainingError.writing(path) { () throws(FileError) in
      try AtomicWriter.write(Array((json.text(.canonical) + "\n").utf8), to: path, .replacing)
    }
  }
}
