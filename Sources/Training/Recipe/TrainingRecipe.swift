internal import Bytes
package import Models

/// Settings that belong together; each can still be changed. `docs/train.md` has a table of them.
package enum TrainingRecipe: String, Sendable, CaseIterable {
  /// The encoders stay as they are; a small head is trained on their output, and its settings are searched.
  case frozen
  /// Everything is trained, the encoders too.
  case fineTune = "fine-tune"
  /// The published run's settings, and the defaults of a new model with new encoders.
  case paper

  /// The settings of the training. Alignment has its weight only if there is a teacher.
  package var settings: TrainingSettings {
    var settings = TrainingSettings()
    switch self {
    case .paper: break
    case .frozen:
      settings.frozen = [.text, .image]
      (settings.rate, settings.batch, settings.epochs, settings.patience) = (3e-4, 32, 6, 2)
      (settings.warmup, settings.classWeights) = (0.1, .balanced)
    case .fineTune:
      // At 3e-4 the three fusion layers of cross-attention learnt nothing from 1,446 tweets without pictures.
      (settings.rate, settings.newRate) = (5e-5, 1e-4)
      (settings.batch, settings.epochs, settings.warmup) = (16, 3, 0.1)
    }
    return settings
  }

  /// The settings for posts with or without a teacher's vectors: without them nothing can be aligned, which only the
  /// published run's settings do not change by themselves.
  package func settings(hasTeacher: Bool) -> TrainingSettings {
    var settings = settings
    if self != .paper, !hasTeacher { settings.alpha = 0 }
    return settings
  }

  /// How streams are combined in a new model.
  package var aggregation: Aggregation { self == .frozen ? .concat : .crossAttention }

  /// The width of the shared space of a new model, if no teacher determines it.
  package var dim: Int { self == .paper ? 512 : 256 }

  /// The settings that are tried; nil for a recipe that trains once.
  package var grid: SettingSearch.Grid? {
    self == .frozen ? SettingSearch.Grid(rates: [3e-4, 1e-4], classWeights: [.balanced, .equal]) : nil
  }
}

extension TrainingRecipe {
  /// The share of pictures to hide where some posts have a picture and others none, so that the model learns enough posts
  /// without one; nil where that is not needed, and for other recipes than frozen.
  package func pictureDropout(for inputs: TrainerInputs) -> Double? {
    let sets = [inputs.training, inputs.validation], all = sets.reduce(0) { $0 + $1.count }
    let without = sets.reduce(0) { $0 + $1.posts.withoutPicture }
    return self == .frozen && without > 0 && without < all ? 0.1 : nil
  }

  /// The members of the settings that are not the recipe's, such as `epochs 3`; the seed is nobody's.
  package func changes(in settings: TrainingSettings, hasTeacher: Bool) -> [String] {
    func members(_ settings: TrainingSettings) -> [ByteText: String] {
      guard case .object(let members)? = try? JSONParser.parse(Array(settings.json.utf8)) else { return [:] }
      return Dictionary(
        members.map { ($0.key, CardExcerpt.said($0.value)) }, uniquingKeysWith: { first, _ in first })
    }
    let own = members(self.settings(hasTeacher: hasTeacher)), given = members(settings)
    return Set(own.keys).union(given.keys).sorted().filter { $0 != "seed" && own[$0] != given[$0] }
      .map { "\($0.text) \(given[$0] ?? "none")" }
  }
}

/// Which recipe a command trains with.
package enum RecipeChoice: Sendable, Equatable {
  /// The command names it, or settings that only make sense in it.
  case fixed(TrainingRecipe)
  /// Pretrained encoders are given and nothing else is: the time that fine-tuning would take decides.
  case byTime

  /// The seconds of fine-tuning above which frozen encoders are taken: about as long as those take with encoded posts.
  package static let longest = 180.0

  /// The choice of a command.
  ///
  /// - Parameters:
  ///   - named: the recipe that the command names.
  ///   - setsLearning: whether it sets a learning rate, epochs, the batch or frozen encoders, which would not fit another recipe.
  ///   - hasEncoders: whether it names encoders of a hub for all that the model reads.
  package init(named: TrainingRecipe?, setsLearning: Bool, hasEncoders: Bool) {
    self = named.map(RecipeChoice.fixed) ?? (hasEncoders && !setsLearning ? .byTime : .fixed(.paper))
  }

  /// The recipes that it may end with.
  package var candidates: [TrainingRecipe] {
    switch self {
    case .fixed(let recipe): [recipe]
    case .byTime: [.fineTune, .frozen]
    }
  }

  /// The recipe, given the seconds that fine-tuning would take, and those that may be spent.
  package func recipe(fineTuning seconds: Double, budget: Double? = nil) -> TrainingRecipe {
    switch self {
    case .fixed(let recipe): recipe
    case .byTime: seconds > min(budget ?? Self.longest, Self.longest) ? .frozen : .fineTune
    }
  }
}
