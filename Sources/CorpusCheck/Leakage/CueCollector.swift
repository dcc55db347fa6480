internal import Bytes
internal import Corpus
internal import Inputs

/// All cues of a corpus, counted post by post.
struct CueCollector: Sendable {
  /// The maximum number of columns that are tested for cues.
  static let maximumColumns = 100

  /// The properties of a post that cues use.
  struct Observation {
    var post: Post
    var facts: PostFacts
    var picture: PictureFileContents?
    var pictureFault: FaultCode?
    /// The label's number.
    var label: Int
    /// The row's number in the corpus, from 1.
    var ordinal: Int
    /// Finds the post's cells in columns that are only kept.
    var cells: ExtraCells
  }

  private(set) var textCues = TextCue.allCases.map { Self.cue($0, .text) }
  private(set) var knowledgeCues: [Cue]
  private(set) var textWords = WordCounts()
  private(set) var knowledgeWords = WordCounts(most: 100_000)
  private(set) var together = NaiveBayesProbe()
  /// Posts by label and half.
  private(set) var posts = CueCounts(maximumValues: 1)
  private(set) var others: [Cue]
  private(set) var columns: [ColumnCues]
  /// There were more labels than can be distinguished.
  private(set) var hasTooManyLabels = false
  private let hasIDs: Bool
  private let hasPictures: Bool

  /// The fixed cues, by their index in `others`.
  private enum Other: Int, CaseIterable {
    case textIsThere, knowledgeIsThere, picture, format, extensionOfName, folder
    case width, height, aspect, bytes, density, nameLength
    case idFirst, idTwo, idThree, idLength, idNumber, order, file
  }

  private static let pictureStates = ["none", "readable"] + FaultCode.allCases.map(\.rawValue)

  /// Creates the cues of a corpus with these columns, each once; `kept` are those that are only kept.
  init(columns: [CorpusColumn], kept: [String]) {
    let roles = Set(columns.compactMap(\.role))
    hasIDs = roles.contains(.id)
    hasPictures = roles.contains(.image)
    knowledgeCues = roles.contains(.knowledge) ? TextCue.allCases.map { Self.cue($0, .knowledge) } : []
    self.columns = kept.prefix(Self.maximumColumns).map(ColumnCues.init)
    let states = Self.pictureStates
    let isThere: @Sendable (UInt64) -> String = { $0 == 0 ? "no" : "yes" }
    others = Other.allCases.map { other in
      switch other {
      case .textIsThere: Cue(.text, "whether there is a text", words: isThere)
      case .knowledgeIsThere: Cue(.knowledge, "whether there is knowledge", words: isThere)
      case .picture:
        Cue(.picture, "whether there is one that can be read") { $0 < UInt64(states.count) ? states[Int($0)] : "?" }
      case .format: Cue(values: "format", of: .picture, topic: .pictureFiles)
      case .extensionOfName: Cue(values: "file name extension", of: .path)
      case .folder: Cue(values: "folder", of: .path)
      case .width: Cue(numbers: "width", of: .picture, topic: .pictureFiles)
      case .height: Cue(numbers: "height", of: .picture, topic: .pictureFiles)
      case .aspect: Cue(numbers: "aspect ratio", of: .picture)
      case .bytes: Cue(numbers: "size in bytes", of: .picture, topic: .pictureFiles)
      case .density: Cue(numbers: "bytes per pixel", of: .picture, topic: .pictureFiles)
      case .nameLength: Cue(numbers: "length", of: .path)
      case .idFirst: Cue(values: "first character", of: .id)
      case .idTwo: Cue(values: "first two characters", of: .id)
      case .idThree: Cue(values: "first three characters", of: .id, most: 4096)
      case .idLength: Cue(numbers: "length", of: .id)
      case .idNumber: Cue(numbers: "numeric value", of: .id)
      case .order: Cue(numbers: "position in the corpus", of: .order)
      case .file: Cue(values: "file", of: .file)
      }
    }
  }

  private static func cue(_ cue: TextCue, _ source: CueSource) -> Cue {
    if cue.isNumber { return Cue(numbers: cue.name, of: source) }
    return Cue(source, cue.name, kind: cue.isHabit ? .habit : .form, topic: cue.topic) { cue.word($0) }
  }

  /// The cues with their own rule that are tested, each with its number among all; words are counted separately.
  var tested: [(number: Int, cue: Cue)] {
    let fixed = textCues + knowledgeCues + others
    return fixed.enumerated().map { ($0, $1) }
      + columns.enumerated().flatMap { place, column in
        let first = fixed.count + place * ColumnCues.count
        return column.tested.map { (first + $0, $1) }
      }
  }

  /// The value of each cue for the last post, by the cue's number.
  var lastValues: [UInt64?] {
    textCues.map(\.last) + knowledgeCues.map(\.last) + others.map(\.last) + columns.flatMap(\.lastValues)
  }

  private mutating func forgetLast() {
    for place in textCues.indices { textCues[place].forgetLast() }
    for place in knowledgeCues.indices { knowledgeCues[place].forgetLast() }
    for place in others.indices { others[place].forgetLast() }
    for place in columns.indices { columns[place].forgetLast() }
  }

  /// Takes a post with a label; counts it if its content is new.
  mutating func add(_ observation: Observation, isNew: Bool = true) {
    guard observation.label < CueCounts.maximumLabels else {
      hasTooManyLabels = true
      return
    }
    let label = observation.label, half = isNew ? observation.facts.half : nil
    forgetLast()
    if let half { posts.add(0, label: label, half: half) }
    let text = observation.facts.text
    put(.textIsThere, text.characters > 0 ? 1 : 0, label, half)
    if text.characters > 0 {
      for place in textCues.indices { textCues[place].add(text.values[place], label: label, half: half) }
      if let half { textWords.add(text, label: label, half: half) }
      if half == 1 { together.add(text, label: label, order: observation.facts.order) }
    }
    if let knowledge = observation.facts.knowledge {
      put(.knowledgeIsThere, knowledge.characters > 0 ? 1 : 0, label, half)
      if knowledge.characters > 0 {
        for place in knowledgeCues.indices {
          knowledgeCues[place].add(knowledge.values[place], label: label, half: half)
        }
        if let half { knowledgeWords.add(knowledge, label: label, half: half) }
      }
    }
    if hasPictures { addPicture(observation, label, half) }
    if hasIDs { addID(observation.post.key.text, label, half) }
    others[Other.order.rawValue].add(number: Double(observation.ordinal), label: label, half: half)
    others[Other.file.rawValue].add(word: observation.post.position.file.text, label: label, half: half)
    for place in columns.indices {
      guard let cell = observation.cells.cell(place, of: observation.post) else { continue }
      columns[place].add(cell, label: label, half: half)
    }
  }

  private mutating func put(_ other: Other, _ value: UInt64, _ label: Int, _ half: Int?) {
    others[other.rawValue].add(value, label: label, half: half)
  }

  private mutating func addPicture(_ observation: Observation, _ label: Int, _ half: Int?) {
    let state = observation.pictureFault.map(\.rawValue) ?? (observation.picture == nil ? "none" : "readable")
    put(.picture, UInt64(Self.pictureStates.firstIndex(of: state) ?? 0), label, half)
    if let path = observation.post.image {
      let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
      let name = slash.map { path[path.utf8.index(after: $0)...] } ?? path[...]
      let dot = name.utf8.lastIndex(of: UInt8(ascii: "."))
      others[Other.folder.rawValue].add(word: slash.map { path[..<$0] } ?? "", label: label, half: half)
      others[Other.extensionOfName.rawValue].add(word: dot.map { name[$0...] } ?? "", label: label, half: half)
      others[Other.nameLength.rawValue].add(number: Double(path.utf8.count), label: label, half: half)
    }
    guard let picture = observation.picture else { return }
    let (width, height) = (Double(picture.header.width), Double(picture.header.height))
    others[Other.format.rawValue].add(word: picture.header.format, label: label, half: half)
    for (other, number) in [
      (Other.width, width), (.height, height), (.aspect, width / height), (.bytes, Double(picture.bytes)),
      (.density, Double(picture.bytes) / (width * height)),
    ] {
      others[other.rawValue].add(number: number, label: label, half: half)
    }
  }

  private mutating func addID(_ key: String, _ label: Int, _ half: Int?) {
    for (other, count) in [(Other.idFirst, 1), (.idTwo, 2), (.idThree, 3)] {
      others[other.rawValue].add(word: key.prefix(count), label: label, half: half)
    }
    others[Other.idLength.rawValue].add(number: Double(key.utf8.count), label: label, half: half)
    if let number = Double(key), number.isFinite {
      others[Other.idNumber.rawValue].add(number: number, label: label, half: half)
    }
  }
}

/// The cues of a column that is only kept.
struct ColumnCues: Sendable {
  let name: String
  private var isThere: Cue
  private var value: Cue
  private var beginning: Cue
  private var number: Cue
  private var length: Cue

  init(_ name: String) {
    self.name = name
    let source = CueSource.column(name)
    isThere = Cue(source, "whether there is a value") { $0 == 0 ? "no" : "yes" }
    value = Cue(values: "value", of: source)
    beginning = Cue(values: "first four characters", of: source)
    number = Cue(numbers: "numeric value", of: source)
    length = Cue(numbers: "length", of: source)
  }

  mutating func add(_ cell: String, label: Int, half: Int?) {
    isThere.add(cell.isEmpty ? 0 : 1, label: label, half: half)
    guard !cell.isEmpty else { return }
    value.add(word: cell, label: label, half: half)
    beginning.add(word: cell.prefix(4), label: label, half: half)
    if let number = Double(cell), number.isFinite { self.number.add(number: number, label: label, half: half) }
    length.add(number: Double(cell.utf8.count), label: label, half: half)
  }

  static let count = 5

  /// The values themselves if there are few, otherwise their properties; each with its number among the five.
  var tested: [(number: Int, cue: Cue)] {
    value.counts.isOverfull
      ? [(0, isThere), (2, beginning), (3, number), (4, length)] : [(0, isThere), (1, value), (3, number)]
  }

  var lastValues: [UInt64?] { [isThere.last, value.last, beginning.last, number.last, length.last] }

  mutating func forgetLast() {
    isThere.forgetLast()
    value.forgetLast()
    beginning.forgetLast()
    number.forgetLast()
    length.forgetLast()
  }
}
