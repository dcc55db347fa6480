import Bytes
internal import Tensors
internal import Preparation
import ArgumentParser
import Corpus
import Inputs
import Models
import Scoring
import Store
import Training

/// `clfa teach`: encodes posts with a teacher model, as targets for training.
struct TeachCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "teach",
    abstract: "Encode a training corpus with a teacher model, for clfa train --teacher.",
    discussion: """
      Encodes the text and the picture of each post with a teacher, and writes the vectors to a file. clfa train \
      --teacher reads it and trains a model whose vectors for text and picture are aligned like the teacher's.

      The teacher can be a CLIP or SigLIP folder as downloaded from a model hub (config.json, weights, \
      tokenizer.json, preprocessor_config.json). It encodes each post's text and its picture, which is looked up \
      next to the corpus file or in --images, and the projected vectors are normalized to length 1. Or it can be a \
      BERT folder (vocab.txt or tokenizer.json). Then it encodes two columns of text: the post's text, and a \
      description of its picture, such as a caption. A vector is the mean of the last layer's tokens, normalized to \
      length 1. Equal texts are encoded once, and so are equal pictures. Rows without text or picture, faulted rows, \
      and rows whose picture cannot be read are left out and counted.

      --text-teacher and --image-teacher name two encoders that were trained into one space, such as the text \
      encoder of a multilingual CLIP from sentence-transformers (a BERT folder with 2_Dense) and the CLIP that it was \
      fitted to.

      --learn makes a teacher where no CLIP is at hand: it fits two linear projections onto a frozen BERT \
      (--text-encoder) and a frozen ViT (--image-encoder), so that the captions of the corpus lie near their own \
      pictures, and measures them on other captions (--validation). The folder that it writes has copies of both \
      encoders and is a --teacher.

      --vectors imports the vectors of another teacher, matched by the rows' ids: a safetensors or SQLite file in \
      the form that clfa train reads; a CSV file with the columns id, text and image, whose cells contain the \
      numbers of a vector; or two .npy matrices, first the texts', then the pictures', each with its own --vectors, \
      and --ids with one id per line.

      --centre subtracts the mean from the text vectors and from the picture vectors; each picture counts once. \
      --whiten N keeps the N directions in which texts and pictures both vary most and scales them to equal \
      variance. The results are normalized to length 1 again. The output file is written only when it is complete; \
      its ids are the rows' keys, by which training finds them. After an interruption, the same command continues \
      with the vectors that it has already computed.

      EXAMPLE
        clfa teach train.csv --teacher clip-vit-base-patch32 --image-column image \\
          -o teacher.safetensors
        clfa teach train.csv --teacher MiniLM --text-column text \\
          --image-column seen --centre --whiten 32 -o teacher.safetensors
        clfa teach train.csv --text-teacher clip-ViT-B-32-multilingual-v1 \\
          --image-teacher clip-vit-base-patch32 --image-column image \\
          -o teacher.safetensors
        clfa teach --learn captions.csv --validation more-captions.csv \\
          --text-column caption --image-column image --text-encoder MiniLM \\
          --image-encoder vit-base -o heads
        clfa teach train.csv --teacher heads --image-column image \\
          -o teacher.safetensors
        clfa teach train.csv --vectors text.npy --vectors image.npy --ids ids.txt \\
          --centre -o teacher.safetensors
      """)

  @OptionGroup var files: CorpusFiles

  @Option(
    help: ArgumentHelp(
      "The folder of a CLIP, SigLIP or BERT, as downloaded from a model hub, or of --learn.", valueName: "folder"),
    completion: .directory)
  var teacher: String?
  @Option(
    help: ArgumentHelp("The folder of the encoder of texts, if each side has its own.", valueName: "folder"),
    completion: .directory)
  var textTeacher: String?
  @Option(
    help: ArgumentHelp("The folder of the encoder of pictures, if each side has its own.", valueName: "folder"),
    completion: .directory)
  var imageTeacher: String?
  @Option(
    help: ArgumentHelp(
      "The model that a LoRA adapter changes, where a teacher is the folder of one (PEFT). Twice for two: the text teacher's first.",
      valueName: "folder"),
    completion: .directory)
  var base: [String] = []
  @Option(
    help: ArgumentHelp(
      "A file of another teacher's vectors with ids. Give it twice for .npy: the texts', then the pictures'.",
      valueName: "file"),
    completion: .file())
  var vectors: [String] = []
  @Option(
    help: ArgumentHelp("A file with the ids of the rows of the .npy files, one per line.", valueName: "file"),
    completion: .file())
  var ids: String?
  @Option(
    name: [.customLong("text-column"), .customLong("text")],
    help: ArgumentHelp("The column of texts.", valueName: "column"))
  var text: String?
  @Option(
    name: [.customLong("image-column"), .customLong("image")],
    help: ArgumentHelp(
      "The column of picture paths; for a BERT, of descriptions of the pictures.", valueName: "column"))
  var image: String?
  @OptionGroup var words: PretokenizedOptions
  @OptionGroup var pictures: PictureFolderOptions
  @OptionGroup var decoding: DecodingOptions
  @OptionGroup var truncated: TruncatedPictureOptions
  @OptionGroup var key: KeyColumnOptions
  @Flag(help: "Subtract the mean from the text vectors and from the picture vectors.") var centre = false
  @Option(
    help: ArgumentHelp("Keep this many directions, and scale them to equal variance.", valueName: "n"),
    transform: NumberArgument.whole(1...Int.max))
  var whiten: Int?
  @Option(
    name: [.short, .customLong("output")],
    help: ArgumentHelp(
      "The safetensors file to write; an existing file is replaced. With --learn: the folder to write.",
      valueName: "file"),
    completion: .file(extensions: ["safetensors"]))
  var output: String
  @OptionGroup(title: "Learning projections") var learning: HeadLearningOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var strict: StrictOptions
  @OptionGroup var form: FileFormatOptions
  @OptionGroup var preset: PresetOptions

  /// Fills what is not given from the preset, and checks what belongs together.
  mutating func validate() throws {
    if let preset = preset.preset {
      (key.id, text, image) = (key.id ?? preset[.id], text ?? preset[.text], image ?? preset[.image])
      try form.fill(from: preset.reading)
      try form.table.validate()
    }
    if learning.learn {
      if !namesPictures { throw ValidationError("--learn needs --image-column, which names the pictures.") }
      if teacher != nil || textTeacher != nil || imageTeacher != nil || !vectors.isEmpty || ids != nil || !base.isEmpty
      {
        throw ValidationError("--learn makes a teacher, so it takes no other.")
      }
      if centre || whiten != nil { throw ValidationError("--centre and --whiten belong to a teacher's vectors.") }
      return
    }
    if learning.isAnySet { throw ValidationError("\(learning.names) belong to --learn.") }
    guard (textTeacher == nil) == (imageTeacher == nil) else {
      throw ValidationError("--text-teacher and --image-teacher belong together.")
    }
    guard [teacher != nil, textTeacher != nil, !vectors.isEmpty].count(where: { $0 }) == 1 else {
      throw ValidationError("give either --teacher, or --text-teacher and --image-teacher, or --vectors.")
    }
    try checkBases()
    if vectors.isEmpty {
      if !namesPictures { throw ValidationError("a teacher needs --image-column, which names the pictures.") }
      if ids != nil { throw ValidationError("--ids belongs to --vectors.") }
    } else if pictures.isAnySet || decoding.decode != nil || truncated.truncatedImages != nil {
      throw ValidationError(
        "--vectors reads no pictures; leave out --images, --image-match, --decode and --truncated-images.")
    } else if words.pretokenized {
      throw ValidationError("--vectors reads no texts; leave out --pretokenized.")
    }
    if vectors.contains(where: { ByteText($0) == ByteText(output) }) {
      throw ValidationError("-o names a file of --vectors; name another.")
    }
    if output.isEmpty { throw ValidationError("-o takes the name of a file; give a name that is not empty.") }
    if files.corpora.contains(where: { ByteText($0) == ByteText(output) }) {
      throw ValidationError("-o names a file of the corpus; name another.")
    }
  }

  func run() throws {
    var faulted = 0
    try Interruptible.run(isReading: true) { shouldStop in
      if learning.learn {
        faulted = try learn(shouldStop)
        return
      }
      try SafetensorsTeacher.checkPlace(output)
      if let folders {
        faulted = try teach(by: folders, shouldStop)
      } else {
        faulted = try takeVectors()
      }
    }
    if strict.isOn && faulted > 0 { throw ExitStatus.faults }
  }

  /// The folders of the encoders of texts and of pictures, which may be one.
  private var folders: (texts: String, pictures: String)? {
    if let textTeacher, let imageTeacher { return (textTeacher, imageTeacher) }
    return teacher.map { ($0, $0) }
  }

  /// Whether the encoder of texts, and that of pictures, is a LoRA adapter.
  private var adapters: (texts: Bool, pictures: Bool) {
    guard let folders else { return (false, false) }
    return (HubTextEncoder.isAdapter(folders.texts), HubTextEncoder.isAdapter(folders.pictures))
  }

  /// The models that the adapters change.
  private var bases: (texts: String?, pictures: String?) {
    (adapters.texts ? base.first : nil, adapters.pictures ? base.last : nil)
  }

  private func checkBases() throws {
    guard !base.isEmpty else { return }
    let count = teacher != nil ? (adapters.texts ? 1 : 0) : (adapters.texts ? 1 : 0) + (adapters.pictures ? 1 : 0)
    if count == 0 {
      throw ValidationError("--base is the model that a LoRA adapter changes; no teacher is the folder of one.")
    }
    if base.count > count {
      throw ValidationError("give --base once for each LoRA adapter; there \(count == 1 ? "is 1" : "are \(count)").")
    }
  }

  /// Encodes a corpus; returns how many rows were faulted.
  private func teach(
    by folders: (texts: String, pictures: String), _ shouldStop: @escaping @Sendable () -> Bool
  ) throws -> Int {
    let line = ProgressLine(), sees = try teacher.map { try PairTeacher.reads(bases.texts ?? $0) } ?? true
    if !sees, pictures.isAnySet || decoding.decode != nil || truncated.truncatedImages != nil {
      throw TeachingError.readsWords(teacher: folders.texts)
    }
    var options = options
    // Words about a picture are no list of files.
    if !sees { options.pictures = .asWritten }
    let posts = try TeachingPosts(paths: files.corpora, options: options, imagesAreFiles: sees) { rows, share in
      line.show { rows.counted("row", "rows") + " read" + ProgressLine.percent(share) }
    }
    line.close()
    tell(posts)
    let teaching = try Teaching(
      teacher: sees
        ? try pair(folders, for: posts)
        : try SentenceTeacher(folder: folders.texts, base: bases.texts, isPretokenized: words.pretokenized),
      // The folders' own names.
      name: (teacher.map { [$0] } ?? [folders.texts, folders.pictures]).map {
        $0.split(separator: "/").last.map(String.init) ?? $0
      }.joined(separator: " and "),
      shape: VectorTransform(centres: centre, whitened: whiten))
    let summary = try teaching.run(
      posts, to: output, threads: threads.count, shouldStop: shouldStop
    ) { done, count in
      line.show {
        "\(done) of \(count.counted("text", "texts"))\(sees ? " and pictures" : "") encoded · "
          + "\(min(99, 100 * done / max(count, 1))) %"
      }
    }
    line.close()
    tell(summary.faults)
    tell(summary, of: posts)
    return posts.faults.count + summary.faults.count
  }

  /// Imports vectors of another program; returns the number of faulted rows.
  private func takeVectors() throws -> Int {
    let summary = try TeacherVectorImport(
      paths: vectors, ids: ids, shape: VectorTransform(centres: centre, whitened: whiten)
    ).run(files.corpora, options: options, to: output)
    tell(summary.faults)
    for notice in summary.notices { Console.line("notice: \(notice)") }
    var words = "\(output): \(summary.posts.counted("post", "posts")) of \(summary.rows.counted("row", "rows")) with "
    words += "vectors of \(summary.width.counted("number", "numbers"))"
    words += left([
      (summary.unknown, "without vectors"), (summary.repeated, "repeated"), (summary.faults.count, "faulted"),
      (summary.central, "at the centre, pointing nowhere"),
    ])
    if summary.unused > 0 {
      words += "; \(summary.unused.counted("id of the vectors is", "ids of the vectors are")) not in the corpus"
    }
    Console.line(words)
    TeacherPairsReport(summary.pairs, isCentred: centre).lines.forEach(Console.line)
    return summary.faults.count
  }

  /// The preset's way to pictures' paths, unless a column is named.
  private var imageTemplate: String? { image == nil ? preset.preset?[.imageTemplate] : nil }

  private var namesPictures: Bool { image != nil || imageTemplate != nil }

  var options: CorpusOptions {
    var columns = ColumnMap(id: key.id, text: text, image: image)
    columns.imageTemplate = imageTemplate.flatMap { try? ImageTemplate(parsing: $0) }
    var options = CorpusOptions(
      delimiter: form.table.delimiter, dialect: form.table.dialect, encoding: form.table.encoding ?? .utf8,
      hasHeader: !form.noHeader, columns: columns, records: form.records,
      shouldStop: { Interrupt.isRequested })
    options.spreadsheet = form.spreadsheet
    if let preset = preset.preset {
      let reading = ReadingFlag.given([
        ("id", key.id), ("text", text), ("image", image), ("image-template", imageTemplate),
      ])
      // Labels, dates and knowledge are nothing that a teacher reads.
      let read = Preset(
        name: preset.name,
        preset.settings.filter { ![.labels, .label, .date, .dateFormat, .knowledge].contains($0.key) })
      options.preset = read.use(in: reading + form.reading)
    }
    return options
  }

  private func pair(
    _ teacher: (texts: String, pictures: String), for posts: TeachingPosts
  ) throws -> PairTeacher {
    try PairTeacher(
      texts: teacher.texts, pictures: teacher.pictures, bases: bases, folders: try pictureFolders(files.corpora, posts),
      decoding: decoding.decoding, limits: PictureLimits(truncated: truncated.policy),
      isPretokenized: words.pretokenized)
  }

  /// Where the pictures of a corpus are.
  func pictureFolders(_ paths: [String], _ posts: TeachingPosts) throws -> PictureFolders {
    try PictureFolders(pictures.location, paths: paths, names: posts.files, limits: PictureLimits())
  }

  func tell(_ faults: [RowFault]) {
    var lines = FaultMessages()
    for line in faults.compactMap({ lines.line($0) }) + lines.rest { Console.line(line) }
  }

  func tell(_ posts: TeachingPosts) {
    tell(posts.faults)
    var notices = posts.notices
    if posts.contradicting > 0 {
      notices.append(
        "\(posts.contradicting.counted("row has", "rows have")) the key of an earlier row and another text or picture; the "
          + "first row of each key stays")
    }
    for notice in notices { Console.line("notice: \(notice)") }
  }

  /// `teacher.safetensors: 3 posts of 6 rows have vectors of 64 numbers; left out: 1 …`
  private func tell(_ summary: Teaching.Summary, of posts: TeachingPosts) {
    var words = "\(output): \(summary.posts.counted("post", "posts")) of \(posts.rows.counted("row", "rows")) with "
    words += "vectors of \(summary.width.counted("number", "numbers")), from "
    words += summary.sentences.counted("different text", "different texts")
    if summary.pictures > 0 { words += " and " + summary.pictures.counted("different picture", "different pictures") }
    words += left([
      (posts.oneSided, "without a text or a picture"), (posts.repeated, "repeated"),
      (posts.contradicting, "contradicting an earlier one"), (posts.faults.count, "faulted"),
      (summary.faults.count, "with a picture that cannot be read"),
      (summary.central, "at the centre, pointing nowhere"),
    ])
    if summary.reused > 0 { words += " (\(summary.reused) encoded in an earlier turn)" }
    if summary.cutPictures > 0 {
      words += "; \(summary.cutPictures.counted("picture", "pictures")) of a file that ends early"
    }
    if summary.cut > 0 {
      words += "; \(summary.cut.counted("text was", "texts were")) longer than the teacher reads, and cut"
    }
    Console.line(words)
    TeacherPairsReport(summary.pairs, isCentred: centre).lines.forEach(Console.line)
  }

  /// `; left out: 1 repeated, 2 faulted`; empty if nothing was left out.
  private func left(_ counts: [(count: Int, words: String)]) -> String {
    let counts = counts.filter { $0.count > 0 }
    return counts.isEmpty ? "" : "; left out: " + counts.map { "\($0.count) \($0.words)" }.joined(separator: ", ")
  }
}
