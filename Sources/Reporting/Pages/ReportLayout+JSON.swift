import Bytes

extension ReportLayout {
  /// Reads a layout from JSON:
  /// `{"title": …, "join": true, "pages": [{"title": …, "blocks": ["run", {"section": "sample", "posts": 12}]}]}`.
  ///
  /// A section is a name, or an object with its name and options. The error for an unknown name quotes it.
  ///
  /// - Throws: `ReportingError.badLayout`, `noSuchBlock`, `noSuchOption` or `noSuchLayoutKey`; the limits are `LayoutLimits`.
  package init(json: [UInt8]) throws(ReportingError) {
    guard json.count <= LayoutLimits.bytes else {
      throw .badLayout("it is longer than \(LayoutLimits.bytes) bytes")
    }
    let value: JSON
    do throws(JSONError) {
      // Skip the byte order mark that some editors write.
      value = try JSONParser.parse(json.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(json.dropFirst(3)) : json)
    } catch {
      throw .badLayout("it is not JSON: \(error)")
    }
    let file = try LayoutFile(LayoutValue(value))
    guard !file.pages.isEmpty, file.pages.count <= LayoutLimits.pages else {
      throw .badLayout("it has \(file.pages.count) pages; 1 to \(LayoutLimits.pages) are possible")
    }
    title = file.title
    joinsPages = file.join
    pages = []
    for (index, page) in file.pages.enumerated() {
      guard !page.blocks.isEmpty, page.blocks.count <= LayoutLimits.blocks else {
        throw .badLayout(
          "page \(index + 1) has \(page.blocks.count) blocks; 1 to \(LayoutLimits.blocks) are possible")
      }
      var sections: [ReportSection] = []
      for section in page.blocks { sections.append(try ReportSection(section, page: index + 1)) }
      pages.append(Page(title: page.title, sections: sections))
    }
  }
}

extension ReportSection {
  /// Looks up the names in a layout.
  fileprivate init(_ named: LayoutFile.Section, page: Int) throws(ReportingError) {
    guard let block = ReportBlock(rawValue: named.name) else {
      throw .noSuchBlock(named.name, page: page, known: ReportBlock.allCases.map(\.rawValue))
    }
    self.init(block)
    for (name, value) in named.options {
      guard let option = block.options.first(where: { $0.name == name }) else {
        throw .noSuchOption(name, section: block.rawValue, known: block.options.map(\.name))
      }
      guard let value, option.range.contains(value) else {
        throw .badOption(option.name, section: block.rawValue, range: option.range)
      }
      options[option] = value
    }
  }
}

/// The contents of a layout file, before names are looked up.
private struct LayoutFile {
  struct Page {
    var title: String
    var blocks: [Section]

    init(_ value: LayoutValue) throws(ReportingError) {
      try value.refuse(allBut: ["title", "blocks"])
      title = try value.member("title").string
      blocks = []
      for block in try value.member("blocks").list { blocks.append(try Section(block)) }
    }
  }

  struct Section {
    var name: String
    /// Name and value; nil for a value that is not a whole number.
    var options: [(String, Int?)] = []

    init(_ value: LayoutValue) throws(ReportingError) {
      if let name = value.json.asString {
        self.name = name
        return
      }
      let members = try value.members
      name = try value.member("section").string
      for member in members.sorted(by: { $0.key < $1.key }) where member.key != "section" {
        options.append((member.key.text, member.value.asNumber.flatMap(Int.init(exactly:))))
      }
    }
  }

  var title: String
  var pages: [Page] = []
  var join: Bool

  init(_ value: LayoutValue) throws(ReportingError) {
    try value.refuse(allBut: ["title", "join", "pages"])
    title = try value.member("title").string
    for page in try value.member("pages").list { pages.append(try Page(page)) }
    join = try value.json["join"] == nil ? false : value.member("join").bool
  }
}

/// A JSON value of a layout with its path, for errors.
private struct LayoutValue {
  let json: JSON
  private let path: [String]

  init(_ json: JSON, at path: [String] = []) { (self.json, self.path) = (json, path) }

  private var place: String { path.isEmpty ? "the layout" : path.joined(separator: " ") }

  var members: [JSON.Member] {
    get throws(ReportingError) {
      guard case .object(let members) = json else { throw wrongKind }
      return members
    }
  }

  func member(_ key: String) throws(ReportingError) -> LayoutValue {
    guard let member = try members.first(where: { $0.key == ByteText(key) }) else {
      throw .badLayout("\(place) has no \"\(key)\"")
    }
    return LayoutValue(member.value, at: path + [key])
  }

  var list: [LayoutValue] {
    get throws(ReportingError) {
      guard let values = json.asList else { throw wrongKind }
      return values.enumerated().map { LayoutValue($1, at: path + ["[\($0 + 1)]"]) }
    }
  }

  var string: String {
    get throws(ReportingError) {
      guard let text = json.asString else { throw wrongKind }
      return text
    }
  }

  var bool: Bool {
    get throws(ReportingError) {
      guard let value = json.asBool else { throw wrongKind }
      return value
    }
  }

  /// Rejects unknown keys; the error quotes the first in byte order.
  func refuse(allBut known: [String]) throws(ReportingError) {
    let known = known.map { ByteText($0) }
    if let first = try members.map(\.key).filter({ !known.contains($0) }).min() {
      throw .noSuchLayoutKey(first.text, known: known.map(\.text))
    }
  }

  private var wrongKind: ReportingError { .badLayout("\(place) has the wrong type") }
}
