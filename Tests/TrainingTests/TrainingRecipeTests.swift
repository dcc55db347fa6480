import Bytes
import Foundation
import Models
import TestSupport
import Testing
import Training

/// The recipes, and which one a command trains with.
@Suite struct TrainingRecipeTests {
  /// The rows of the table in docs/train.md: a setting, and its value in each recipe.
  private static func documented() throws -> [[String]] {
    let text = try String(contentsOfFile: Checkout.root + "/docs/train.md", encoding: .utf8)
    let rows = text.split(separator: "\n").filter { $0.hasPrefix("| `") }
    return rows.map { $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) } }
  }

  @Test func theDocumentedSettingsAreTheRecipes() throws {
    var rows: [String: [String]] = [:]
    for (column, recipe) in TrainingRecipe.allCases.enumerated() {
      guard case .object(let members) = try JSONParser.parse(Array(recipe.settings.json.utf8)) else { continue }
      for member in members where member.key != "seed" {
        let none = [String](repeating: "–", count: TrainingRecipe.allCases.count)
        rows["`\(member.key.text)`", default: none][column] = Self.said(member.value)
      }
      for (key, value) in [("aggregation", recipe.aggregation.rawValue), ("dim", "\(recipe.dim)")] {
        rows["`\(key)`", default: ["", "", ""]][column] = value
      }
    }
    let documented = try Self.documented()
    #expect(Set(documented.map { $0[0] }) == Set(rows.keys))
    for row in documented { #expect(Array(row[1...3]) == rows[row[0]], "\(row[0])") }
  }

  private static func said(_ value: JSON) -> String {
    switch value {
    case .string(let text): text
    case .array(let list): list.isEmpty ? "none" : list.map(said).joined(separator: ", ")
    default: value.text(.canonical)
    }
  }

  @Test func theDocumentedGridIsTheProgramsOwn() throws {
    let grid = try #require(TrainingRecipe.frozen.grid)
    let text = try String(contentsOfFile: Checkout.root + "/docs/train.md", encoding: .utf8)
    let rates = grid.candidates.filter { $0.classWeights == .equal }.map { "\($0.rate)" }
    #expect(rates == ["0.0003", "0.0001"] && text.contains("0.0003 and 0.0001"))
    #expect(Set(grid.candidates.map(\.classWeights)) == Set(ClassWeights.allCases))
    #expect(TrainingRecipe.paper.grid == nil && TrainingRecipe.fineTune.grid == nil)
  }

  @Test func thePapersRecipeIsWhatTrainingDidBefore() {
    #expect(TrainingRecipe.paper.settings == TrainingSettings())
    #expect(TrainingRecipe.paper.settings(hasTeacher: false) == TrainingSettings())
    #expect(TrainingRecipe.paper.aggregation == .crossAttention && TrainingRecipe.paper.dim == 512)
  }

  @Test func onlyOtherRecipesDoWithoutATeacher() {
    for recipe in [TrainingRecipe.frozen, .fineTune] {
      #expect(recipe.settings(hasTeacher: false).alpha == 0 && recipe.settings(hasTeacher: true).alpha == 1)
      #expect(recipe.settings.fault == nil)
    }
  }

  @Test func whatACommandChangesIsNamed() {
    var settings = TrainingRecipe.frozen.settings(hasTeacher: false)
    #expect(TrainingRecipe.frozen.changes(in: settings, hasTeacher: false).isEmpty)
    (settings.seed, settings.epochs, settings.patience) = (7, 3, nil)
    settings.frozen = [.text]
    #expect(
      TrainingRecipe.frozen.changes(in: settings, hasTeacher: false) == ["epochs 3", "frozen text", "patience none"])
  }

  @Test func theTimeDecidesOnlyWhereTheCommandDoesNot() {
    #expect(RecipeChoice(named: nil, setsLearning: false, hasEncoders: false) == .fixed(.paper))
    #expect(RecipeChoice(named: nil, setsLearning: true, hasEncoders: true) == .fixed(.paper))
    #expect(RecipeChoice(named: .frozen, setsLearning: true, hasEncoders: false) == .fixed(.frozen))
    let open = RecipeChoice(named: nil, setsLearning: false, hasEncoders: true)
    #expect(open == .byTime && open.candidates == [.fineTune, .frozen])
    #expect(open.recipe(fineTuning: RecipeChoice.longest) == .fineTune)
    #expect(open.recipe(fineTuning: RecipeChoice.longest + 1) == .frozen)
    #expect(open.recipe(fineTuning: 61, budget: 60) == .frozen)
    #expect(open.recipe(fineTuning: RecipeChoice.longest + 1, budget: 1e9) == .frozen)
    #expect(RecipeChoice.fixed(.fineTune).recipe(fineTuning: 1e9, budget: 1) == .fineTune)
  }
}
