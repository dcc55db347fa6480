internal import Corpus
internal import Inputs
internal import Preparation

/// The facts of a picture file, computed by any thread.
package struct PictureFileContents: Sendable {
  /// SHA-256 of the file's bytes.
  var hash: [UInt8]
  /// The file's bytes.
  var bytes: Int
  /// The facts of its header.
  var header: PictureHeader
  /// Where a rule found the file; nil for a file that is where the corpus says.
  var found: FoundPicture?
  /// Differences between neighbouring fields; `nil` unless the picture was decoded.
  var look: DifferenceHash?
  /// Whether the file ends early; false unless the picture was decoded.
  var isCut = false

  /// The hash's first 64 bits.
  var number: UInt64 { hash.prefix(8).reduce(0) { $0 << 8 | UInt64($1) } }

  /// Reads a picture.
  ///
  /// - Parameters:
  ///   - path: the path in the corpus.
  ///   - folder: the folder in which it is looked up.
  ///   - decodes: whether every pixel is decoded, too.
  /// - Throws: the fault that scoring would find; without `decodes`, damage after the header is not detected.
  init(_ path: String, in folder: PictureFolder, decodes: Bool) throws(PictureFileError) {
    let file = try folder.load(path)
    (hash, found) = (file.sha256, file.found)
    bytes = file.bytes.count
    do throws(PictureError) {
      header = try PictureDecoder.header(file.bytes, limits: folder.limits)
    } catch {
      throw PictureFileError(path: path, problem: error)
    }
    guard decodes else { return }
    let picture = try file.decoded(limits: folder.limits)
    (look, isCut) = (DifferenceHash(picture.upright), picture.isCut)
  }
}

/// Counts pictures: those that can be read, the reasons of the others, formats and sizes.
struct CorpusPictureTally {
  private let isDecoded: Bool
  private var unnamed = 0
  private var rules = PictureCounts()
  private var table: PictureRuleTable
  private var readable = 0
  private var turned = 0
  private var cut = 0
  private var reasons: [FaultCode: Int] = [:]
  private var formats: [String: Int] = [:]
  private var width = QuantileSketch(), height = QuantileSketch(), bytes = QuantileSketch()

  init(hasTemplate: Bool, isDecoded: Bool) {
    self.isDecoded = isDecoded
    table = PictureRuleTable(hasTemplate: hasTemplate)
  }

  /// Counts a row that could not be read.
  mutating func addFault() { table.addFault() }

  mutating func add(_ post: Post, _ facts: RowFacts) {
    table.add(
      post.storedImage, isFound: facts.pictureRules != nil, rules: facts.pictureRules ?? [], hint: facts.pictureHint)
    rules.add(post)
    rules.add(facts.picture?.found, facts.pictureHint)
    if let picture = facts.picture {
      readable += 1
      formats[picture.header.format, default: 0] += 1
      if picture.header.orientation != .upright { turned += 1 }
      if picture.isCut { cut += 1 }
      width.add(Double(picture.header.width))
      height.add(Double(picture.header.height))
      bytes.add(Double(picture.bytes))
    } else if let fault = facts.pictureFault {
      reasons[fault.code, default: 0] += 1
    } else {
      unnamed += 1
    }
  }

  var summary: PictureSummary {
    func kinds(_ counts: [(String, Int)]) -> [PictureSummary.Kind] {
      counts.sorted { ($1.1, $0.0) < ($0.1, $1.0) }.map { PictureSummary.Kind(name: $0.0, count: $0.1) }
    }
    return PictureSummary(
      isDecoded: isDecoded, rules: rules, table: table, unnamed: unnamed, readable: readable,
      unreadable: kinds(reasons.map { ($0.key.rawValue, $0.value) }),
      formats: kinds(formats.map { ($0.key, $0.value) }), turned: turned, cut: cut,
      width: width.summary, height: height.summary, bytes: bytes.summary)
  }
}
