package import Bytes
package import Corpus
import Inputs
package import Models

/// Some rows of a corpus, read before the first is scored, to compare them with a model's training data.
///
/// For files these are every k-th of the first 20,000 rows, at most 1,000 to 2,000 in total; for a pipe the rows that
/// are available. Texts are tokenized, pictures looked up, and the headers of 128 pictures read.
package struct CorpusSample: Sendable {
  /// The inputs of the posts that were examined.
  package internal(set) var profile = InputProfile()
  /// Whether every row of the run was examined.
  package internal(set) var isWhole = false
  /// The parts for which no file of the corpus has a column.
  package internal(set) var absentRoles: Set<ColumnRole> = []
  /// The number of true labels, and of those that the model does not know.
  package internal(set) var labels: (posts: Int, unknown: UnknownLabels)
  /// Labelled posts whose label is only a number for which the model has no name.
  package internal(set) var labelNumbers = 0
  /// Rows that are faults because they have neither text nor picture; `profile` does not count them.
  package internal(set) var emptyRows = 0
  /// The number of pictures whose headers were read, and of those that are unreadable.
  package internal(set) var openedPictures: (count: Int, unreadable: Int) = (0, 0)
  /// Posts without text that have knowledge.
  package internal(set) var textInKnowledge = 0
  /// The other columns, in the header's order, with the numbers of posts whose cell is not blank, and whose cell names
  /// a picture.
  package internal(set) var columns: [(name: ByteText, filled: Int, pictures: Int)] = []

  /// The column of each feature stream, by the stream's name.
  package internal(set) var streamColumns: [String: ByteText] = [:]

  /// The maximum numbers of rows read, rows examined, and picture headers read.
  static let rows = 20_000, most = 2_000, pictures = 128
  /// The maximum number of bytes of the corpus to read, which bounds the memory of its rows.
  static let bytes = 64 << 20
  /// The rows of a pipe, which are read ahead.
  static let rowsOfPipes = 500
  /// How long to wait for a pipe after its first row.
  static let patience = Duration.seconds(1)
  /// Fewer rows than this say little, so the wait for a pipe is longer until they are there.
  static let fewestOfPipes = 50, longestPatience = Duration.seconds(10)
}

/// Examines some rows in the same way as scoring.
package struct CorpusSampler {
  private let reader: InputReader
  private let folders: PictureFolders
  private let features: FeatureFiles?
  private let subset: CorpusSubset
  private let missingPicture: MissingPicturePolicy
  private let labelNames: [ByteText]
  private let shouldStop: @Sendable () -> Bool

  /// Creates a sampler.
  ///
  /// - Parameters:
  ///   - reader: reads texts and pictures as the model does.
  ///   - folders: where the pictures are.
  ///   - features: the files of the model's feature streams, if it has any.
  ///   - subset: the rows to examine.
  ///   - missingPicture: what a post is whose picture cannot be read.
  ///   - labelNames: the model's labels.
  ///   - shouldStop: called between rows; if it returns true, the sample is incomplete and says nothing.
  package init(
    reader: InputReader, folders: PictureFolders, features: FeatureFiles?, subset: CorpusSubset = CorpusSubset(),
    missingPicture: MissingPicturePolicy = .fault, labelNames: [ByteText],
    shouldStop: @escaping @Sendable () -> Bool = { false }
  ) {
    (self.reader, self.folders, self.features) = (reader, folders, features)
    (self.subset, self.missingPicture, self.labelNames) = (subset, missingPicture, labelNames)
    self.shouldStop = shouldStop
  }

  /// Examines rows of a corpus of files or of a pipe; the rows of a pipe are returned again later.
  ///
  /// - Parameter corpus: the corpus, from which nothing has been read.
  /// - Returns: the sample.
  /// - Throws: errors of the corpus.
  package func sample(_ corpus: inout CorpusReader) throws(CorpusError) -> CorpusSample {
    if Self.readsAhead(corpus) { return sample(ahead: &corpus) }
    return try sample(filesOf: corpus)
  }

  /// Whether a corpus can be read only once, so that rows must be read ahead.
  package static func readsAhead(_ corpus: borrowing CorpusReader) -> Bool {
    corpus.totalBytes == nil || corpus.paths.contains("-")
  }

  /// Examines rows of files, which are read an additional time for this, each up to its share of the rows.
  private func sample(filesOf corpus: borrowing CorpusReader) throws(CorpusError) -> CorpusSample {
    let paths = corpus.paths
    var rows = StrideSampler(most: CorpusSample.most), isWhole = true
    let share = max(CorpusSample.most, CorpusSample.rows / max(1, paths.count))
    var left = subset.limit ?? .max
    for (place, (path, name)) in zip(paths, corpus.files).enumerated() where left > 0 && !shouldStop() {
      var options = corpus.options
      options.portion = options.portion?.only(place)
      var file = try CorpusReader(paths: [path], options: options), count = 0
      let bytes = CorpusSample.bytes / max(1, paths.count)
      while count < share, file.bytesRead < bytes, left > 0, let row = try file.next() {
        count += 1
        guard subset.contains(row) else { continue }
        left -= 1
        rows.add(row.named(name))
      }
      if left > 0, try file.next() != nil { isWhole = false }
    }
    return look(at: rows.kept, of: corpus, isWhole: isWhole && rows.hasAll)
  }

  /// Examines the first rows of a corpus that can be read only once; they are returned again later.
  private func sample(ahead corpus: inout CorpusReader) -> CorpusSample {
    let rows = corpus.lookAhead(
      rows: CorpusSample.rowsOfPipes, bytes: CorpusSample.bytes, patience: CorpusSample.patience,
      least: CorpusSample.fewestOfPipes, longest: CorpusSample.longestPatience)
    return look(at: Array(rows.filter(subset.contains).prefix(subset.limit ?? .max)), of: corpus, isWhole: false)
  }

  private func look(at rows: [CorpusRow], of corpus: borrowing CorpusReader, isWhole: Bool) -> CorpusSample {
    var tally = InputStatistics(streams: features?.columns.map(\.stream.name) ?? [])
    var sample = CorpusSample(labels: (0, UnknownLabels(model: labelNames)))
    sample.isWhole = isWhole
    let present = corpus.columnsByFile.flatMap { $0.compactMap(\.role) }
    sample.absentRoles = Set(ColumnRole.allCases).subtracting(present)
    for column in features?.columns ?? [] { sample.streamColumns[column.stream.name] = column.column }
    sample.columns = corpus.extraColumns.map { ($0, 0, 0) }
    var places: [ByteText: Int] = [:]
    for (place, name) in corpus.extraColumns.enumerated() { places[name] = place }
    var images: [(path: String, folder: PictureFolder)] = []
    for row in rows {
      guard !shouldStop() else { break }
      if case .fault(let fault) = row, fault.code == .emptyPost { sample.emptyRows += 1 }
      guard case .post(let post) = row else { continue }
      let folder = folders[post.position.file], missing = post.image.flatMap(folder.find)
      let found = features?.found(post)
      // This post will be a fault, so no model sees it.
      if missing != nil, missingPicture.of(text: post.text) != .textOnly { continue }
      if found?.fault != nil { continue }
      let image = missing == nil ? post.image : nil
      if let image { images.append((image, folder)) }
      let streams = found?.paths.map(\.stream) ?? []
      tally.add(
        post, reader.words(text: post.text, knowledge: "").text, by: reader, hasPicture: image != nil,
        hasStream: features?.columns.map { column in streams.contains(column.stream.name) }
          ?? [])
      if post.text.isBlank, !post.knowledge.isBlank { sample.textInKnowledge += 1 }
      for field in post.extra where !field.value.isBlank {
        guard let place = places[field.name] else { continue }
        sample.columns[place].filled += 1
        if PictureEnding.of(field.value) != nil { sample.columns[place].pictures += 1 }
      }
      if let label = post.label, !label.text.isBlank {
        sample.labels.posts += 1
        // Bare numbers are not stored as labels; a separate notice says so.
        if let name = LabelCheck(names: labelNames).name(label) {
          sample.labels.unknown.add(name)
        } else {
          sample.labelNumbers += 1
        }
      }
    }
    let stride = max(1, images.count / CorpusSample.pictures)
    for place in Swift.stride(from: 0, to: images.count, by: stride) where !shouldStop() {
      sample.openedPictures.count += 1
      guard let file = try? images[place].folder.load(images[place].path),
        let header = try? PictureDecoder.header(file.bytes, limits: images[place].folder.limits)
      else {
        sample.openedPictures.unreadable += 1
        continue
      }
      tally.add(shorterSide: min(header.width, header.height))
    }
    sample.profile = tally.profile
    if missingPicture == .textOnly, sample.openedPictures.count > 0 {
      // These posts are scored by their texts, so for the model they have no picture.
      let (opened, unreadable) = sample.openedPictures
      sample.profile.picture *= 1 - Double(unreadable) / Double(opened)
    }
    return sample
  }
}

/// Keeps at most `most` rows, spread evenly over all rows.
struct StrideSampler {
  private let most: Int
  private var stride = 1
  private var seen = 0
  private(set) var kept: [CorpusRow] = []

  init(most: Int) { self.most = most }

  /// Whether no row was left out.
  var hasAll: Bool { stride == 1 }

  mutating func add(_ row: CorpusRow) {
    defer { seen += 1 }
    guard seen.isMultiple(of: stride) else { return }
    if kept.count == most {
      // Every second row is dropped, and from now on only half as many are kept.
      kept = kept.indices.filter { $0.isMultiple(of: 2) }.map { kept[$0] }
      stride *= 2
      guard seen.isMultiple(of: stride) else { return }
    }
    kept.append(row)
  }
}

extension CorpusRow {
  /// The row with its file's name in the ledger.
  fileprivate func named(_ file: String) -> CorpusRow {
    guard case .post(var post) = self else { return self }
    post.position.file = ByteText(file)
    return .post(post)
  }
}
