import Bytes
import Evaluation
import Models
import Testing
import Training

@Suite struct AblationGridTests {
  @Test func theFirstKeyChangesSlowestAndSeedsFastest() throws {
    let grid = try AblationGrid(
      axes: [AblationAxis(parsing: "alpha=0,1"), AblationAxis(parsing: "aggregation=cross-attention,concat")],
      seeds: [2, 1])
    #expect(
      grid.settings.map(\.name) == [
        "alpha=0 aggregation=cross-attention", "alpha=0 aggregation=concat", "alpha=1 aggregation=cross-attention",
        "alpha=1 aggregation=concat",
      ])
    #expect(grid.cells.count == 8)
    #expect(grid.cells[3].name == "alpha=0 aggregation=concat seed=1")
    #expect(grid.cells[3].folder == "alpha=0_aggregation=concat_seed=1")
    #expect(grid.cells[3].setting.choices == [.alpha(0), .aggregation(.concat)] && grid.cells[3].seed == 1)
  }

  @Test(arguments: [
    ("alpha=0.50,1.0,-0,1e-7", ["0.5", "1", "0", "1e-07"]), ("fusion-layers=0,3", ["0", "3"]),
    ("freeze=none,both", ["none", "both"]), ("knowledge=off,on", ["off", "on"]), ("pooling=cls", ["cls"]),
    ("picture-dropout=0.1", ["0.1"]),
  ])
  func aValueHasOneSpelling(axis: String, values: [String]) throws {
    #expect(try AblationAxis(parsing: axis).choices.map(\.value) == values)
  }

  @Test func everyKeyReadsItsOwnOutput() throws {
    let samples: [AblationKey: String] = [
      .fusionLayers: "2", .aggregation: "co-attention", .pooling: "max", .knowledge: "on", .freeze: "text",
      .lexicon: "off",
    ]
    for key in AblationKey.allCases {
      let choice = try AblationChoice(key, samples[key] ?? "0.25")
      #expect(choice.key == key && choice.name == "\(key.rawValue)=\(samples[key] ?? "0.25")")
    }
  }

  @Test(arguments: [
    ("alpha", AblationError.notAnAxis("alpha")), ("alhpa=1", .unknownGridKey("alhpa")),
    ("seed=1", .unknownGridKey("seed")), ("alpha=", .badValue(key: "alpha", value: "", takes: "numbers from 0")),
    ("alpha=0,-1", .badValue(key: "alpha", value: "-1", takes: "numbers from 0")),
    ("rate=nan", .badValue(key: "rate", value: "nan", takes: "numbers from 0")),
    ("alpha=1,1.0", .repeatedValue(key: "alpha", value: "1")),
    ("fusion-layers=65", .badValue(key: "fusion-layers", value: "65", takes: "whole numbers from 0 to 64")),
    ("knowledge=true", .badValue(key: "knowledge", value: "true", takes: "off, on")),
  ])
  func rejectsInvalidAxes(text: String, error: AblationError) {
    #expect(throws: error) { try AblationAxis(parsing: text) }
  }

  @Test func rejectsInvalidGrids() throws {
    let alpha = try AblationAxis(parsing: "alpha=0,1")
    #expect(throws: AblationError.noAxes) { try AblationGrid(axes: [], seeds: [1]) }
    #expect(throws: AblationError.noSeeds) { try AblationGrid(axes: [alpha], seeds: []) }
    #expect(throws: AblationError.repeatedKey("alpha")) { try AblationGrid(axes: [alpha, alpha], seeds: [1]) }
    #expect(throws: AblationError.repeatedSeed(1)) { try AblationGrid(axes: [alpha], seeds: [1, 2, 1]) }
    #expect(throws: AblationError.tooManyCells(limit: 10_000)) {
      try AblationGrid(axes: [alpha], seeds: (0..<5001).map { $0 })
    }
    #expect(throws: AblationError.badSeed("x")) { try AblationGrid.seeds(parsing: "1,x") }
    #expect(try AblationGrid.seeds(parsing: "3,1") == [3, 1])
  }

  @Test func aBaselineIsASettingOrSomeOfItsValues() throws {
    let grid = try AblationGrid(
      axes: [AblationAxis(parsing: "alpha=0,1"), AblationAxis(parsing: "aggregation=gated,text")], seeds: [1])
    for name in ["alpha=1 aggregation=gated", "aggregation=gated,alpha=1.0", "alpha=1_aggregation=gated"] {
      let baseline = try grid.baseline(named: name)
      #expect(baseline.name == "alpha=1 aggregation=gated" && baseline.places == [2, 2, 2, 2])
    }
    #expect(try grid.baseline() == grid.baseline(named: "alpha=0 aggregation=gated"))
    let partial = try grid.baseline(named: "alpha=0.0")
    #expect(partial.name == "alpha=0" && partial.places == [0, 1, 0, 1])
    #expect(try grid.baseline(named: "aggregation=text").places == [1, 1, 3, 3])
    for name in ["alpha=2", "alpha=1 dropout=0", "alpha=0,alpha=1", ""] {
      #expect(throws: AblationError.noSuchSetting(name, known: grid.settings.map(\.name))) {
        try grid.baseline(named: name)
      }
    }
  }

  @Test func aSettingOverridesTheCommonOnes() throws {
    let axes = [
      "alpha=0.5", "beta=2", "temperature=0.2", "rate=0.001", "dropout=0.3", "freeze=text", "picture-dropout=0.4",
      "fusion-layers=1",
    ]
    let grid = try AblationGrid(axes: try axes.map { try AblationAxis(parsing: $0) }, seeds: [1])
    var settings = TrainingSettings(), expected = TrainingSettings()
    settings.batch = 7
    try #require(grid.settings.first).apply(to: &settings)
    (expected.alpha, expected.beta, expected.temperature, expected.rate) = (0.5, 2, 0.2, 0.001)
    (expected.dropout, expected.frozen, expected.pictureDropout, expected.batch) = (0.3, [.text], 0.4, 7)
    #expect(settings == expected)
  }

  @Test func theTableHasARowASetting() throws {
    let grid = try AblationGrid(axes: [AblationAxis(parsing: "alpha=0,1")], seeds: [1, 2])
    let truths: [ByteText] = ["a", "b", "a", "b"]
    let table = grid.table(
      [["a", "a", "a", "a"], ["b", "b", "b", "b"], truths, ["a", "b", "a", "a"]], truths: truths, labels: ["a", "b"],
      try grid.baseline())
    #expect(table.keys == ["alpha"] && table.rows.map(\.values) == [["0"], ["1"]])
    #expect(table.rows.map(\.accuracy.mean) == [0.5, 0.875] && table.posts == 4)
    #expect(table.baseline == "alpha=0" && table.rows[1].comparison != nil)
  }

  @Test func messagesSayHowToFixIt() {
    #expect("\(AblationError.unknownGridKey("alhpa"))".contains("did you mean \"alpha\"?"))
    #expect("\(AblationError.unknownGridKey("seed"))".contains("apart from the grid"))
    #expect("\(AblationError.noSuchSetting("alpha=2", known: ["alpha=0", "alpha=1"]))".contains("alpha=0; alpha=1"))
  }
}
