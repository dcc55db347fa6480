import ArgumentParser

/// The files of a training run beside the corpus.
struct TrainFiles: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A CSV or TSV file of labelled posts to choose the best epoch by. Given again, files are one corpus.",
      valueName: "file"), completion: .file(extensions: ["csv", "tsv"]))
  var validation: [String] = []
  @Option(
    help: ArgumentHelp(
      "The folder that holds the pictures; nothing outside it is read. Default: each CSV's own folder.",
      valueName: "folder"), completion: .directory)
  var images: String?
  @OptionGroup var features: FeatureFlags
  @Option(
    help: ArgumentHelp(
      "A teacher's vectors by the posts' ids: safetensors (text, image, ids) or SQLite; clfa teach makes one.",
      valueName: "file"), completion: .file())
  var teacher: String?
  @Option(
    help: ArgumentHelp(
      "A hub's folder of a BERT, DistilBERT, RoBERTa, CLIP or SigLIP to begin with.", valueName: "folder"),
    completion: .directory)
  var textEncoder: String?
  @Option(
    help: ArgumentHelp(
      "A hub's folder of a ViT, DeiT, DINOv2, CLIP or SigLIP, or a .npz of Google's, to begin with.",
      valueName: "path"),
    completion: .file())
  var imageEncoder: String?
  @Option(help: ArgumentHelp("A model's folder to train on.", valueName: "folder"), completion: .directory)
  var from: String?
  @Option(
    help: ArgumentHelp("The word pieces of a fresh text encoder, one a line.", valueName: "file"), completion: .file())
  var vocabulary: String?
  @Option(
    help: ArgumentHelp(
      "Words or concepts and their polarity from -1 to 1, tab-separated: they bias the text's attention.",
      valueName: "file"), completion: .file())
  var lexicon: String?

  func check(alpha: Double) throws {
    if validation.isEmpty { throw ValidationError("--validation takes a file of labelled posts; there must be one.") }
    if alpha > 0, teacher == nil {
      throw ValidationError(
        "--teacher takes the file of a teacher's vectors (clfa teach makes one); --alpha 0 goes without.")
    }
    if from != nil {
      for (flag, value) in [
        ("--text-encoder", textEncoder), ("--image-encoder", imageEncoder), ("--vocabulary", vocabulary),
      ] where value != nil {
        throw ValidationError("--from brings its own encoders and vocabulary; leave \(flag) out.")
      }
    } else if textEncoder == nil, vocabulary == nil {
      throw ValidationError(
        "a text encoder is needed: --text-encoder names a hub's BERT, or --vocabulary and --text-size make a fresh one."
      )
    }
  }
}
