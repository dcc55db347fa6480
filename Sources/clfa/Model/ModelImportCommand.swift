internal import Preparation
import ArgumentParser
import Bytes
import Corpus
import Models
import Scoring

/// `clfa model import`: a checkpoint of PyTorch in, a model folder out.
struct ModelImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Make a model folder of a checkpoint that the authors' program, or the reference, saved.",
    discussion: """
      Reads what torch.save wrote, or a safetensors file, as data: nothing in it is run, and what is no table of tensors \
      is refused by name. Sizes follow from the tensors' shapes; what shapes do not say is said by flag. Weights are \
      written in F32, under the names of the reference. A .npz of Google's, or a hub's ViT, DeiT or DINOv2 can stand for \
      the checkpoint's own picture encoder.

      EXAMPLE
        clfa model import pytorch_model.bin --vocabulary vocab.txt --label-names sincere,ironic -o MODEL
        clfa model import pytorch_model.bin --vocabulary vocab.txt --label-names sincere,ironic \\
          --pooling cls --image-encoder ViT-B_32.npz -o MODEL
      """)

  @Argument(help: "The checkpoint: pytorch_model.bin or a safetensors file.", completion: .file())
  var checkpoint: String
  @Option(help: ArgumentHelp("The word pieces, one a line.", valueName: "file"), completion: .file())
  var vocabulary: String
  @Option(help: ArgumentHelp("The labels in the order of the answers.", valueName: "name,..."))
  var labelNames: String
  @OptionGroup var output: NewFolderOptions
  @Option(
    help: ArgumentHelp(
      "A hub's folder, or a .npz, of a picture encoder in place of the checkpoint's.", valueName: "path"),
    completion: .file())
  var imageEncoder: String?
  @Option(
    help: ArgumentHelp(
      "The side of the pictures; the table of positions is resized. Default: what it is for.", valueName: "pixels"))
  var imageSize: Int?
  @Option(
    help: ArgumentHelp(
      "mean, cls or max: how the text's tokens become one vector; no tensor tells. Default: mean.", valueName: "name"))
  var pooling: Pooling = .mean
  @Option(help: ArgumentHelp("Heads of the text encoder. Default: one for 64 numbers of width.", valueName: "n"))
  var textHeads: Int?
  @Option(help: ArgumentHelp("Heads of the picture encoder. Default: one for 64 numbers of width.", valueName: "n"))
  var imageHeads: Int?
  @Option(help: ArgumentHelp("Heads of the fusion. Default: one for 64 numbers of width.", valueName: "n"))
  var fusionHeads: Int?
  @Flag(help: "Letters keep their case and accents, as cased vocabularies have them.") var cased = false
  @Option(help: ArgumentHelp("The most tokens of a text, [CLS] and [SEP] included.", valueName: "n"))
  var maxText = 77
  @Option(help: ArgumentHelp("The most tokens of knowledge.", valueName: "n")) var maxKnowledge = 66
  @OptionGroup var format: FormatOption

  func validate() throws {
    for (flag, value, range) in [
      ("--image-size", imageSize ?? 1, 1...4096), ("--text-heads", textHeads ?? 1, 1...1024),
      ("--image-heads", imageHeads ?? 1, 1...1024), ("--fusion-heads", fusionHeads ?? 1, 1...1024),
      ("--max-text", maxText, 2...4096), ("--max-knowledge", maxKnowledge, 2...4096),
    ] where !range.contains(value) {
      throw ValidationError("\(flag) takes \(range.lowerBound) to \(range.upperBound).")
    }
    if imageEncoder != nil, imageHeads != nil {
      throw ValidationError("--image-encoder brings its own heads; leave --image-heads out.")
    }
  }

  func run() throws {
    try Interruptible.run(isReading: true) { shouldStop in
      var options = ImportedCheckpoint.Options(
        labelNames: labelNames.split(separator: ",", omittingEmptySubsequences: false).map(String.init))
      (options.textHeads, options.imageHeads, options.fusionHeads) = (textHeads, imageHeads, fusionHeads)
      (options.pooling, options.lowercase, options.imageSize) = (pooling, !cased, imageSize)
      (options.maxText, options.maxKnowledge) = (maxText, maxKnowledge)
      let encoder = try imageEncoder.map { path in try HubImageEncoder.load(path, size: imageSize) }
      let model = try ImportedCheckpoint(checkpoint, options, image: encoder)
      let pieces = try InputReader.pieces(at: vocabulary), size = model.configuration.text.vocabularySize
      let folder = try model.write(to: output.path, vocabulary: vocabulary, card: card, shouldStop: shouldStop)
      if pieces < size {
        Console.line(
          "notice: \(vocabulary) has \(pieces) pieces, but the text encoder has vectors for \(size); check that it is the model's"
        )
      }
      let facts = try ModelFolderSummary(folder)
      try format.print(facts.columns, [facts.row(for: format)])
    }
  }

  private var card: String {
    """
    # \(FileStem.of(output.path))

    Imported from \(FileStem.of(checkpoint)) by clfa \(Version.number)\
    \(imageEncoder.map { ", with the picture encoder \(FileStem.of($0))" } ?? ""). What it was trained on, and what it \
    measured, its makers know.

        \(Shell.line(["clfa"] + CommandLine.arguments.dropFirst()))

    """
  }
}
