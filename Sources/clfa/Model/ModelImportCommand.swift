internal import Preparation
import ArgumentParser
import Bytes
import Corpus
import Models
import Scoring

/// `clfa model import`: converts a PyTorch checkpoint to a model folder.
struct ModelImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Import a checkpoint that the authors' program or the reference implementation saved.",
    discussion: """
      Reads a file that torch.save wrote, or a safetensors file, as data: no code in it is run, and a file that is \
      not a table of tensors is rejected with an error. Sizes are taken from the shapes of the tensors; flags give \
      the settings that shapes do not show. Weights are written in F32 under the reference's names. --image-encoder \
      replaces the checkpoint's picture encoder by a .npz file of Google's ViT, or by a ViT, DeiT or DINOv2 folder \
      from a model hub.

      EXAMPLE
        clfa model import pytorch_model.bin --vocabulary vocab.txt --label-names sincere,ironic -o MODEL
        clfa model import pytorch_model.bin --vocabulary vocab.txt --label-names sincere,ironic \\
          --pooling cls --image-encoder ViT-B_32.npz -o MODEL
      """)

  @Argument(help: "The checkpoint: pytorch_model.bin or a safetensors file.", completion: .file())
  var checkpoint: String
  @Option(
    help: ArgumentHelp("The vocabulary file (vocab.txt), one word piece per line.", valueName: "file"),
    completion: .file())
  var vocabulary: String
  @Option(help: ArgumentHelp("The label names, in the order of the model's outputs.", valueName: "name,..."))
  var labelNames: String
  @OptionGroup var output: NewFolderOptions
  @Option(
    help: ArgumentHelp(
      "A picture encoder to use instead of the checkpoint's: a .npz file, or a folder from a model hub.",
      valueName: "path"),
    completion: .file())
  var imageEncoder: String?
  @Option(
    help: ArgumentHelp(
      "Height and width of the input pictures; position embeddings are resized. Default: the encoder's own size.",
      valueName: "pixels"), transform: NumberArgument.whole(1...4096))
  var imageSize: Int?
  @OptionGroup var settings: ModelSettingOptions
  @Option(
    help: ArgumentHelp(
      "Attention heads of the text encoder. Default: that of a config.json next to the checkpoint, or its width / 64.",
      valueName: "n"),
    transform: NumberArgument.whole(1...1024))
  var textHeads: Int?
  @Option(
    help: ArgumentHelp("Attention heads of the picture encoder. Default: as for --text-heads.", valueName: "n"),
    transform: NumberArgument.whole(1...1024))
  var imageHeads: Int?
  @Flag(help: "Keep the case and accents of letters, for a cased vocabulary.") var cased = false
  @Option(
    help: ArgumentHelp(
      "Leave out the tensors whose names match, such as 'loss_fn.*': * is any text, ? any character. Can be repeated.",
      valueName: "pattern"))
  var ignore: [String] = []
  @OptionGroup var format: FormatOption

  func validate() throws {
    if imageEncoder != nil, imageHeads != nil {
      throw ValidationError("the encoder of --image-encoder has its own number of heads; leave out --image-heads.")
    }
  }

  func run() throws {
    try Interruptible.run(isReading: true) { shouldStop in
      var options = ImportedCheckpoint.Options(
        labelNames: labelNames.split(separator: ",", omittingEmptySubsequences: false).map { ByteText($0) })
      (options.textHeads, options.imageHeads, options.fusionHeads) = (textHeads, imageHeads, settings.fusionHeads)
      (options.pooling, options.lowercase, options.imageSize) = (settings.pooling, cased ? false : nil, imageSize)
      options.ignored = ignore
      (options.maxText, options.maxKnowledge) = settings.tokens
      let encoder = try imageEncoder.map { path in try HubImageEncoder.load(path, size: imageSize) }
      let model = try ImportedCheckpoint(checkpoint, options, image: encoder)
      for note in model.notes { Console.line("notice: \(note)") }
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
