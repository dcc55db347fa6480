package import Preparation
package import Corpus
import Inputs
package import Store

/// The plan of a run, made without the model: rows, contents, pictures, and the disk space they need.
package struct ScoringPlan: Sendable {
  /// Rows read.
  package private(set) var rows = 0
  /// Rows that belong to other shards or are outside the sample.
  package private(set) var left = 0
  /// Rows that the run already has.
  package private(set) var done = 0
  /// Posts that already have a prediction and need no inference.
  package private(set) var known = 0
  /// Posts whose picture exists.
  package private(set) var withPicture = 0
  /// Posts that name no picture.
  package private(set) var withoutPicture = 0
  /// Posts whose picture is missing and that would be scored by their text.
  package private(set) var pictureMissing = 0
  /// How the pictures of rows that are not done were found.
  package private(set) var pictures: PictureRuleTable
  /// Rows that would be faults, by kind.
  package private(set) var faults: [FaultCode: Int] = [:]
  /// How many of them each flag would mend.
  package private(set) var remedies = FaultRemedies()
  /// The dates and the cells of declared columns of the posts.
  private var cells: CellTally
  /// Different contents: text, knowledge and the paths of picture and features.
  package private(set) var distinctContents = 0
  /// The estimated growth of the store in bytes.
  package private(set) var bytesNeeded = 0

  /// Reads the corpus once; memory does not grow with it.
  ///
  /// - Parameters:
  ///   - corpus: the rows, from the beginning.
  ///   - folders: where pictures are looked up; none is opened.
  ///   - features: where feature files are looked up; none is opened.
  ///   - options: which rows count.
  ///   - vectorWidths: the width of each vector space that would be stored.
  ///   - existingPredictions: the part of this work that is already in the store.
  ///   - knows: whether the scorer has scored a post; asked only if the store has predictions.
  ///   - observe: called from time to time with the number of rows read.
  /// - Throws: errors of the corpus; an error of counting contents if the disk is full.
  package init(
    of corpus: inout CorpusReader, folders: PictureFolders, features: FeatureFiles? = nil, options: ScoringOptions,
    vectorWidths: [Int],
    existingPredictions: ExistingPredictions, knows: (PostPreview) throws -> Bool, observe: (Int) -> Void
  ) throws {
    pictures = PictureRuleTable(hasTemplate: corpus.hasImageTemplate)
    cells = CellTally(corpus.dates, namesDates: corpus.namesDates, columns: options.columnTypes)
    let contents = try DistinctCounter()
    var size = StoreSizeEstimate(vectorWidths: vectorWidths, thumbnailSide: options.thumbnailSide)
    let knows = existingPredictions.predictions > 0 ? knows : { _ in false }
    while let row = try corpus.next(), !Interrupt.isRequested {
      if let limit = options.limit, rows - left >= limit { break }
      rows += 1
      if rows.isMultiple(of: 10_000) { observe(rows) }
      guard options.subset.contains(row) else {
        left += 1
        continue
      }
      if existingPredictions.isDone(file: row.position.file, record: row.position.record) {
        done += 1
        continue
      }
      switch row {
      case .fault(let fault):
        faults[fault.code, default: 0] += 1
        remedies.add(fault.detail)
        pictures.addFault()
        size.addEntry()
      case .post(let post):
        try add(
          post, folders[post.position.file], features?.found(post), options, knows, contents,
          &size)
      }
    }
    distinctContents = try contents.count()
    bytesNeeded = size.bytes
  }

  /// Posts that would pass through the model, or be looked up if they are already scored.
  package var posts: Int { withPicture + withoutPicture + pictureMissing }

  /// What the posts' dates and the cells of declared columns are, where they cannot be read.
  package var notices: [String] { cells.notices }

  private mutating func add(
    _ post: Post, _ folder: PictureFolder, _ features: FeatureFiles.LocatedFeatures?, _ options: ScoringOptions,
    _ knows: (PostPreview) throws -> Bool,
    _ contents: DistinctCounter, _ size: inout StoreSizeEstimate
  ) throws {
    let picture = post.image.map(folder.look), pictureFault = picture?.problem
    let hasPicture = post.image != nil && pictureFault == nil
    let hint = pictureFault?.isAbsence == true ? post.image.flatMap(folder.hint) : nil
    pictures.add(post.storedImage, isFound: picture?.rules != nil, rules: picture?.rules ?? [], hint: hint)
    let isLost = pictureFault != nil && options.missingPicture.of(text: post.text) != .textOnly
    if let code = isLost ? pictureFault?.code : features?.fault {
      faults[code, default: 0] += 1
      if isLost, let image = post.image, let pictureFault {
        var error = PictureFileError(path: image, problem: pictureFault)
        error.hint = hint
        remedies.add(error.detail)
      }
      return size.addEntry()
    }
    _ = cells.read(post)
    if hasPicture {
      withPicture += 1
    } else if post.image == nil {
      withoutPicture += 1
    } else {
      pictureMissing += 1
    }
    if try knows(PostPreview(post, hasPicture: hasPicture, streams: features?.paths.map(\.stream))) {
      known += 1
      size.addEntry()
    } else {
      size.add(post)
    }
    try contents.add(
      ContentHash.hex(
        text: post.text, knowledge: post.knowledge, pictureHash: post.image.map { Array($0.utf8) },
        features: features?.paths.map { ($0.stream, Array($0.path.utf8)) } ?? []))
  }
}
