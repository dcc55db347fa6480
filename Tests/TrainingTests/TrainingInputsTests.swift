import Bytes
import Corpus
import Foundation
import Inputs
import Models
import Preparation
import TestSupport
import Testing
import Training

/// Inputs shared by runs of one corpus are read once, and their warnings are given once.
@Suite struct TrainingInputsTests {
  private let run: TinyRun
  private var files = TrainingFiles()
  private let corpus: String

  init() throws {
    run = try TinyRun()
    corpus = try run.scratch.write("train.csv", TinyRun.csv(0..<12) + "p99,a text without a label,,\n")
    files.validation = [try run.scratch.write("valid.csv", TinyRun.csv(12..<18))]
    files.vocabulary = try run.scratch.write("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\ngood\nbad\ncat\n")
  }

  private func inputs(_ files: TrainingFiles, corpora: [String]? = nil) throws -> TrainingInputs {
    try TrainingInputs(corpora: corpora ?? [corpus], columns: CorpusOptions(), files: files, threads: 1)
  }

  private func model(lexicon: String? = nil, labels: [ByteText]? = nil) -> TrainingInputs.NewModel {
    TrainingInputs.NewModel(lexicon: lexicon, labels: labels) { [run] width in
      #expect(width == nil)
      return run.configuration
    }
  }

  @Test func postsAreReadOnceForEachWayOfReadingThem() throws {
    let inputs = try inputs(files)
    let lexicon = try run.scratch.write("words.tsv", "good\t1\nbad\t-1\n")
    var faults: [Int] = []
    for lexicon in [nil, nil, lexicon, lexicon] {
      let made = try inputs.trainerInputs(model(lexicon: lexicon), run.settings) { event in
        if case .faults(let rows) = event { faults.append(rows.count) }
      }
      #expect(made.training.count == 12 && made.validation.count == 6)
      #expect(made.start.configuration.hasLexicon == (lexicon != nil))
    }
    // The posts to learn from and those to validate with, without a lexicon and with one.
    #expect(faults == [1, 0, 1, 0])
  }

  @Test func aFreshEncoderHasTheVocabularysPieces() throws {
    let made = try inputs(files).trainerInputs(model(labels: ["yes", "no"]), run.settings) { _ in }
    #expect(made.start.configuration.text.vocabularySize == 7)
    #expect(made.start.configuration.labelNames == ["yes", "no"])
    #expect(made.start.words == ["a fresh text encoder", "a fresh picture encoder"])
    var without = files
    without.vocabulary = nil
    let inputs = try inputs(without)
    #expect(throws: TrainingError.setting("a fresh text encoder needs the file of its word pieces")) {
      try inputs.trainerInputs(model(), run.settings) { _ in }
    }
  }

  @Test func aModelThatIsTrainedFurtherKeepsItsLabels() throws {
    try run.train(run.trainer())
    var files = files
    (files.from, files.vocabulary) = (run.scratch.file("model"), nil)
    let swapped = try run.scratch.write("swapped.csv", TinyRun.csv(1..<12))
    let made = try inputs(files, corpora: [swapped]).trainerInputs(
      TrainingInputs.NewModel { _ in throw TrainingError.setting("a model is there") }, run.settings
    ) { _ in }
    #expect(made.start.configuration.labelNames == (try ModelFolder.load(run.scratch.file("model")).labelNames))
    #expect(made.start.words.first?.hasPrefix("the model model (") == true)
  }

  @Test func labelsAndFeaturesAreReported() throws {
    let bare = try run.scratch.write("bare.csv", "id,text,label\n1,good,0\n2,bad,1\n3,cat,0\n4,bad cat,1\n")
    var files = files, told: [TrainingNotice] = []
    files.validation = [bare]
    let inputs = try inputs(files, corpora: [bare])
    _ = try inputs.trainerInputs(model(), run.settings) { if case .training(let notice) = $0 { told.append(notice) } }
    #expect(told == [.labelsAreNumbers, .shared(4)])
    files.features = FeatureSelection([FeatureSelection.Choice(stream: "sound", column: "sound")])
    let heard = try self.inputs(files)
    #expect(throws: FeatureSelectionError.noColumn("sound", stream: "sound", files: ["train.csv"], known: [])) {
      try heard.trainerInputs(model(), run.settings) { _ in }
    }
  }

  @Test func theFilesThatAModelBeginsWithAreNamed() throws {
    var files = TrainingFiles()
    #expect(files.origins.isEmpty)
    try run.train(run.trainer())
    let model = run.scratch.file("model")
    let words = run.scratch.file("words.tsv"), bert = run.scratch.file("bert")
    (files.from, files.lexicon) = (model, words)
    #expect(
      files.origins == ["\(model)/config.json", "\(model)/weights.safetensors", "\(model)/vocab.txt"],
      "files that do not exist are none")
    try Data().write(to: URL(filePath: words))
    try FileManager.default.createDirectory(atPath: bert, withIntermediateDirectories: false)
    for file in ["config.json", "model.safetensors"] { try Data().write(to: URL(filePath: bert + "/" + file)) }
    files.textEncoder = bert
    #expect(
      files.origins == [
        "\(bert)/config.json", "\(bert)/model.safetensors", words, "\(model)/config.json",
        "\(model)/weights.safetensors", "\(model)/vocab.txt",
      ])
  }
}
