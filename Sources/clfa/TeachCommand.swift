internal import Tensors
internal import Preparation
import ArgumentParser
import Corpus
import Inputs
import Models
import Scoring
import Training

/// `clfa teach`: where a teacher sees posts, for training to pull a model there.
struct TeachCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "teach",
    abstract: "Write a teacher's vectors of a training corpus.",
    discussion: """
      With a CLIP or SigLIP as hubs hand it out (config.json, weights, tokenizer.json, preprocessor_config.json) it reads \
      each post's text and its picture, looked up in the corpus' own folder or --images, and encodes both: the projected \
      vectors, at length 1. With a BERT (vocab.txt or tokenizer.json) it reads two columns of words: a post's text, and \
      its picture in words (a caption, the name of what it shows); then a vector is the mean of the last layer's tokens, \
      at length 1. Equal texts are encoded once, and so are equal pictures. Rows that lack one of both, faulted rows, and \
      rows whose picture cannot be read are left out and counted.

      --vectors takes what another teacher made elsewhere, by the rows' ids: a safetensors or SQLite file as training \
      reads them; a CSV of id, text and image whose cells hold a vector's numbers; or two .npy matrices, texts' first, \
      each with its own --vectors, and --ids, an id a line.

      --centre takes its mean off each side, each picture counted once; --whiten N keeps the N directions in \
      which both sides vary most and makes them vary equally. What comes out has length 1 again. The file appears when \
      it is whole; its ids are the rows' keys, by which training finds them. Ended early, the same command goes on with \
      what it has encoded.

      EXAMPLE
        clfa teach train.csv --teacher clip-vit-base-patch32 --image-column image \\
          -o teacher.safetensors
        clfa teach train.csv --teacher MiniLM --text-column text \\
          --image-column picture --centre --whiten 64 -o teacher.safetensors
        clfa teach train.csv --vectors text.npy --vectors image.npy --ids ids.txt \\
          --centre -o teacher.safetensors
      """)

  @OptionGroup var files: CorpusFiles

  @Option(
    help: ArgumentHelp("The folder of a CLIP, a SigLIP or a BERT as hubs hand it out.", valueName: "folder"),
    completion: .directory)
  var teacher: String?
  @Option(
    help: ArgumentHelp(
      "A file of another teacher's vectors by id; two for .npy: texts', then pictures'.", valueName: "file"),
    completion: .file())
  var vectors: [String] = []
  @Option(help: ArgumentHelp("The ids of .npy files' rows, one a line.", valueName: "file"), completion: .file())
  var ids: String?
  @Option(
    name: [.customLong("text-column"), .customLong("text")],
    help: ArgumentHelp("The column of texts.", valueName: "column"))
  var text: String?
  @Option(
    name: [.customLong("image-column"), .customLong("image")],
    help: ArgumentHelp(
      "The column of the pictures' files; for a BERT, of what they show, in words.", valueName: "column"))
  var image: String?
  @OptionGroup var pictures: PictureFolderOptions
  @OptionGroup var decoding: DecodingOptions
  @OptionGroup var key: KeyColumnOptions
  @Flag(help: "Take its mean off each side's vectors.") var centre = false
  @Option(help: ArgumentHelp("Keep this many directions, and make them vary equally.", valueName: "n"))
  var whiten: Int?
  @Option(
    name: [.short, .customLong("output")],
    help: ArgumentHelp("The safetensors file to write; one that is there is replaced.", valueName: "file"),
    completion: .file(extensions: ["safetensors"]))
  var output: String
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var strict: StrictOptions
  @OptionGroup var form: FileFormatOptions

  func validate() throws {
    if let whiten, whiten < 1 { throw ValidationError("--whiten takes a number from 1.") }
    guard (teacher != nil) != !vectors.isEmpty else {
      throw ValidationError("Name a --teacher or --vectors, and not both.")
    }
    if teacher != nil {
      if image == nil { throw ValidationError("--teacher needs --image-column, which names the pictures.") }
      if ids != nil { throw ValidationError("--ids belongs to --vectors.") }
    } else if pictures.images != nil || decoding.decode != nil {
      throw ValidationError("--vectors reads no pictures, so --images and --decode mean nothing.")
    }
    if vectors.contains(where: { $0.utf8.elementsEqual(output.utf8) }) {
      throw ValidationError("-o names a file of --vectors; name another.")
    }
    if output.isEmpty { throw ValidationError("-o takes the name of a file.") }
    if files.corpora.contains(where: { $0.utf8.elementsEqual(output.utf8) }) {
      throw ValidationError("-o names a file of the corpus; name another.")
    }
  }

  func run() throws {
    var faulted = 0
    try Interruptible.run(isReading: true) { shouldStop in
      try SafetensorsTeacher.checkPlace(output)
      if let teacher {
        faulted = try teach(by: teacher, shouldStop)
      } else {
        faulted = try takeVectors()
      }
    }
    if strict.isOn && faulted > 0 { throw ExitStatus.faults }
  }

  /// Encodes a corpus; returns how many rows were faulted.
  private func teach(by teacher: String, _ shouldStop: @escaping @Sendable () -> Bool) throws -> Int {
    let line = ProgressLine(), sees = try ClipTeacher.reads(teacher)
    if !sees, pictures.images != nil || decoding.decode != nil { throw TeachingError.readsWords(teacher: teacher) }
    let posts = try TeachingPosts(paths: files.corpora, options: options, imagesAreFiles: sees) { rows, share in
      line.show { rows.counted("row", "rows") + " read" + ProgressLine.percent(share) }
    }
    line.close()
    tell(posts)
    let teaching = try Teaching(
      teacher: sees ? try clip(teacher, for: posts) : try SentenceTeacher(folder: teacher),
      // The folder's own name.
      name: teacher.split(separator: "/").last.map(String.init) ?? teacher,
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

  /// Takes vectors from elsewhere; returns how many rows were faulted.
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
    return summary.faults.count
  }

  private var options: CorpusOptions {
    CorpusOptions(
      delimiter: form.table.delimiter, encoding: form.table.encoding ?? .utf8, hasHeader: !form.noHeader,
      columns: ColumnMap(id: key.id, text: text, image: image), shouldStop: { Interrupt.isRequested })
  }

  private func clip(_ teacher: String, for posts: TeachingPosts) throws -> ClipTeacher {
    let limits = PictureLimits()
    return try ClipTeacher(
      folder: teacher,
      folders: try PictureFolders(images: pictures.images, paths: files.corpora, names: posts.files, limits: limits),
      decoding: decoding.decoding, limits: limits)
  }

  private func tell(_ faults: [RowFault]) {
    var lines = FaultMessages()
    for line in faults.compactMap({ lines.line($0) }) + lines.rest { Console.line(line) }
  }

  private func tell(_ posts: TeachingPosts) {
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
    if summary.cut > 0 {
      words += "; \(summary.cut.counted("text was", "texts were")) longer than the teacher reads, and cut"
    }
    Console.line(words)
  }

  /// `; left out: 1 repeated, 2 faulted`; nothing where nothing is.
  private func left(_ counts: [(count: Int, words: String)]) -> String {
    let counts = counts.filter { $0.count > 0 }
    return counts.isEmpty ? "" : "; left out: " + counts.map { "\($0.count) \($0.words)" }.joined(separator: ", ")
  }
}
