internal import Preparation
import ArgumentParser
import Bytes
import Models
import Queries
import Scoring

/// `clfa model info`: describes a model.
struct ModelInfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "Describe a model: architecture, sizes, labels, tokenizer, fingerprint, card.",
    discussion: """
      Prints one row with a column for each property. The fingerprint identifies the model; it is stored with each \
      of its predictions.

      EXAMPLE
        clfa model info MODEL
        clfa model info MODEL --format json
      """)

  @OptionGroup var model: ModelArgument
  @OptionGroup var format: FormatOption

  func run() throws {
    try Interruptible.run(isReading: true) { _ in
      let folder = try ModelFolder.load(model.path)
      let facts = try ModelFolderSummary(folder)
      for notice in ScoringTask.notices(nil, try folder.trainingProfile()) { Console.line("notice: \(notice)") }
      try format.print(facts.columns, [facts.row(for: format)])
    }
  }
}

/// The properties of a model, one per column.
struct ModelFolderSummary {
  let columns: [String]
  private let row: [QueryValue]
  private let labels: [String]

  /// The facts of a loaded folder.
  init(_ folder: ModelFolder) throws {
    let model = folder.configuration, (text, image) = (model.text, model.image), (tensors, bytes) = folder.stored
    let picture = model.preprocessing
    let sides = picture.resize == .squash ? "squash" : "shorter side"
    let facts: [(String, QueryValue)] = [
      ("name", .text(folder.name)), ("aggregation", .text(model.aggregation.rawValue)),
      ("pooling", .text(model.pooling.rawValue)),
      ("labels", .text(model.labelNames.map(\.text).joined(separator: ", "))),
      ("parameters", .integer(Int64(model.parameters))), ("format", .text(folder.formats.joined(separator: ", "))),
      ("tensors", .integer(Int64(tensors))), ("bytes", .integer(Int64(bytes))),
      (
        "text_encoder",
        .text(
          "\(text.layers) layers of \(text.hiddenSize), \(text.heads) heads, \(text.feedForward) between"
            + Self.words(text.activation, [(text.normsFirst, "norms first"), (text.isCausal, "causal")]))
      ),
      (
        "image_encoder",
        .text(
          "\(image.layers) layers of \(image.hiddenSize), \(image.heads) heads, \(image.feedForward) between, "
            + "patches of \(image.patchSize)" + (image.registers > 0 ? ", \(image.registers) registers" : "")
            + Self.words(
              image.activation,
              [
                (!image.hasClassToken, "no token for the whole"), (image.hasFirstNorm, "a norm before the blocks"),
                (!image.hasLastNorm, "none behind them"),
              ]))
      ),
      ("shared_width", .integer(Int64(model.dim))), ("fusion_layers", .integer(Int64(model.fusionLayers))),
      ("knowledge", .text(model.knowledge ? "yes" : "no")),
      (
        "features",
        .text(model.features.map { "\($0.name): at most \($0.maxRows) rows of \($0.width)" }.joined(separator: ", "))
      ),
      ("lexicon", .text(model.hasLexicon ? "yes" : "no")),
      (
        "tokenizer",
        .text("\(try Self.pieces(folder)), at most \(model.tokenizer.maxText) tokens")
      ),
      ("preparation", .text(model.preparation.joined(separator: ", "))),
      (
        "pictures",
        .text(
          "\(sides) to \(picture.resizeTo ?? image.size), \(picture.resample.rawValue), "
            + "\(image.size) x \(image.size) of it"
            + (picture.exifOrientation == .apply ? ", turned upright first" : ""))
      ),
      ("post_bytes", .integer(Int64(model.postBytes))),
      ("quantised_from", folder.configuration.quantisation.map { .text($0.source) } ?? .null),
      ("trained_on", try folder.trainingProfile().map { .text($0.summary) } ?? .null),
      ("fingerprint", .text(folder.fingerprint)), ("card", folder.cardExcerpt(limit: 240).map { .text($0) } ?? .null),
    ]
    (columns, row) = (facts.map(\.0), facts.map(\.1))
    labels = model.labelNames.map(\.text)
  }

  /// The facts as a format shows them. In lines each label is isolated, because a list of right-to-left labels would
  /// otherwise be displayed as one run, with the last label first.
  func row(for format: FormatOption) -> [QueryValue] {
    guard format.isLines(columns: columns.count) else { return row }
    return zip(columns, row).map { name, value in
      name == "labels" ? .text(labels.map(\.printable).joined(separator: ", ")) : value
    }
  }

  /// How an encoder differs from a BERT or a ViT.
  private static func words(_ activation: EncoderActivation, _ ways: [(has: Bool, words: String)]) -> String {
    let ways = (activation == .gelu ? [] : [activation.rawValue]) + ways.filter(\.has).map(\.words)
    return ways.map { ", " + $0 }.joined()
  }

  /// The kind of tokenizer, and the number of its pieces.
  private static func pieces(_ folder: ModelFolder) throws -> String {
    let settings = folder.tokenizer
    let pieces = settings.kind == .wordPiece ? try folder.pieces() : try InputReader.pieces(of: folder)
    guard settings.kind.isWordPiece else { return "\(settings.kind.fileName), \(pieces) pieces" }
    return (["WordPiece, \(pieces) pieces", settings.casing] + settings.remarks).joined(separator: ", ")
  }
}
