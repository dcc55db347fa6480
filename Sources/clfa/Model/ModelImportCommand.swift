import ArgumentParser
import Bytes
import Corpus
import Foundation
import Models
import Preparation
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

      --check-with shows, for the first posts of a file, the word pieces with their ids, the share of unknown pieces \
      and the probabilities in f32, on standard error. Compare them with those of the program that trained the model: \
      other ids mean another vocabulary or tokenizer, other probabilities with the same ids mean other settings, such \
      as heads or pooling, or other preparation of pictures.

      EXAMPLE
        clfa model import pytorch_model.bin --vocabulary vocab.txt --label-names sincere,ironic -o MODEL
        clfa model import pytorch_model.bin --vocabulary vocab.txt --label-names sincere,ironic \\
          --pooling cls --image-encoder ViT-B_32.npz -o MODEL
        clfa model import checkpoint.pt --vocabulary vocab.txt --label-names sincere,ironic -o MODEL \\
          --check-with posts.csv --images photos
      """)

  @Argument(
    help: "The checkpoint: pytorch_model.bin, a safetensors file, or the folder of a LoRA adapter.", completion: .file()
  )
  var checkpoint: String
  @Option(
    help: ArgumentHelp(
      "The vocabulary file (vocab.txt), one word piece per line; or the folder of the text encoder, with all settings of "
        + "its tokenizer.", valueName: "path"), completion: .file())
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
  @OptionGroup var words: PretokenizedOptions
  @Option(
    help: ArgumentHelp(
      "Leave out the tensors whose names match, such as 'loss_fn.*': * is any text, ? any character. Can be repeated.",
      valueName: "pattern"))
  var ignore: [String] = []
  @Option(
    help: ArgumentHelp(
      "The checkpoint, or the model folder of clfa, that a LoRA adapter (PEFT) changes; with an adapter as --image-encoder, its base.",
      valueName: "path"),
    completion: .file())
  var base: String?
  @Option(
    help: ArgumentHelp(
      "Show what the model makes of the first \(ModelProof.most) posts of this file, for comparison with the original.",
      valueName: "file"), completion: .corpusFiles)
  var checkWith: String?
  @OptionGroup var pictures: PictureFolderOptions
  @OptionGroup var columns: ColumnOptions
  @OptionGroup var format: FormatOption

  func validate() throws {
    if imageEncoder != nil, imageHeads != nil {
      throw ValidationError("the encoder of --image-encoder has its own number of heads; leave out --image-heads.")
    }
    if cased, namesFolder {
      throw ValidationError("the folder of --vocabulary says how case is treated; leave out --cased.")
    }
    if checkWith == nil, pictures.isAnySet {
      throw ValidationError("--images is for the posts of --check-with FILE.")
    }
  }

  func run() throws {
    try Interruptible.run(isReading: true) { shouldStop in
      var options = ImportedCheckpoint.Options(
        labelNames: labelNames.split(separator: ",", omittingEmptySubsequences: false).map { ByteText($0) })
      (options.textHeads, options.imageHeads, options.fusionHeads) = (textHeads, imageHeads, settings.fusionHeads)
      (options.pooling, options.lowercase, options.imageSize) = (settings.pooling, cased ? false : nil, imageSize)
      let isAdapter = imageEncoder.map { HubTextEncoder.isAdapter($0) } ?? false
      options.ignored = ignore
      options.base = isAdapter && !HubTextEncoder.isAdapter(checkpoint) ? nil : base
      (options.maxText, options.maxKnowledge) = settings.tokens
      let path = try readTokenizer(into: &options)
      let encoder = try imageEncoder.map { path in
        try HubImageEncoder.load(path, size: imageSize, base: isAdapter ? base : nil)
      }
      let model = try ImportedCheckpoint(checkpoint, options, image: encoder)
      for note in model.notes { Console.line("notice: \(note)") }
      let size = model.configuration.text.vocabularySize
      let pieces = try InputReader.pieces(at: path, model.configuration.tokenizer)
      guard pieces <= size else { throw HubError.vocabularyTooLong(path: path, pieces: pieces, size: size) }
      let folder = try model.write(to: output.path, vocabulary: path, card: card, shouldStop: shouldStop)
      if pieces < size {
        Console.line(
          "notice: \(vocabulary) has \(pieces) pieces, but the text encoder has vectors for \(size); check that it is the model's"
        )
      }
      let facts = try ModelFolderSummary(folder)
      try format.print(facts.columns, [facts.row(for: format)])
      if let checkWith {
        let proof = try ModelProof(
          folder, corpus: checkWith, options: columns.options, images: pictures.location, shouldStop: shouldStop)
        for line in try proof.lines(of: folder) { Console.line(line) }
      }
    }
  }

  /// Whether the vocabulary is a folder.
  private var namesFolder: Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: vocabulary, isDirectory: &isFolder) && isFolder.boolValue
  }

  /// Reads the tokenizer's settings, and returns the file with its pieces.
  private func readTokenizer(into options: inout ImportedCheckpoint.Options) throws -> String {
    guard namesFolder else {
      if words.pretokenized {
        var settings = TokenizerSettings()
        (settings.lowercase, settings.stripAccents, settings.isPretokenized) = (!cased, !cased, true)
        options.tokenizer = settings
      }
      return vocabulary
    }
    let tokenizer = try HubTokenizer.load(vocabulary, isPretokenized: words.pretokenized)
    options.tokenizer = tokenizer.settings
    return tokenizer.path
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

extension ModelProof {
  /// The posts in words, each with its pieces and its probabilities.
  fileprivate func lines(of folder: ModelFolder) throws -> [String] {
    // Only a list of word pieces has a line for each id.
    var names: [String] = []
    if folder.configuration.tokenizer.kind == .wordPiece {
      names = try InputReader.contents(of: folder.vocabularyPath, limit: ModelFolder.vocabularyLimit)
        .split(separator: 0x0A, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
    }
    var lines: [String] = []
    for row in rows {
      switch row {
      case .fault(let fault):
        let place = [fault.key?.text, fault.path].compactMap { $0?.printable(upTo: 80) }
        lines.append("check: " + (place + [fault.detail]).joined(separator: ": "))
      case .post(let post):
        let pieces = post.ids.map { id in
          names.indices.contains(Int(id)) ? "\(names[Int(id)].printable(upTo: 40)) (\(id))" : "\(id)"
        }
        let answers = zip(folder.labelNames, post.probabilities).map { name, probability in
          "\(name.text.printable(upTo: 40)) \(Self.digits(probability, 6))"
        }
        lines.append("check: \(post.key.text.printable(upTo: 80)), with\(post.hasPicture ? "" : "out") picture")
        lines.append("  pieces: \(pieces.joined(separator: " "))")
        lines.append(
          "  unknown: \(Self.digits(Float(100 * post.unknownShare), 1)) % of the pieces"
            + (post.truncated > 0 ? "; \(post.truncated) cut off" : ""))
        lines.append("  probabilities: \(answers.joined(separator: ", "))")
      }
    }
    return lines.isEmpty ? ["check: the file has no posts"] : lines
  }

  private static func digits(_ number: Float, _ count: Int) -> String { String(format: "%.\(count)f", Double(number)) }
}
