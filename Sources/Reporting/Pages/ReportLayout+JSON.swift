import Bytes
import FoundationEssentials

extension ReportLayout {
  /// Reads a layout from JSON:
  /// `{"title": …, "join": true, "pages": [{"title": …, "blocks": ["run", {"section": "sample", "posts": 12}]}]}`.
  ///
  /// A section is its name, or an object of its name and its options. What is not known is refused by name.
  ///
  /// - Throws: `ReportingError.badLayout`, `noSuchBlock`, `noSuchOption` or `noSuchLayoutKey`; the limits are `LayoutLimits`.
  package init(json: [UInt8]) throws(ReportingError) {
    guard json.count <= LayoutLimits.bytes else {
      throw .badLayout("it is longer than \(LayoutLimits.bytes) bytes")
    }
    let file: LayoutFile
    do {
      file = try JSONDecoder().decode(LayoutFile.self, from: Data(json))
    } catch let error as ReportingError {
      throw error
    } catch let error as DecodingError {
      throw .badLayout(error.words)
    } catch {
      throw .badLayout("it is not JSON")
    }
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
  /// Finds what a layout names.
  fileprivate init(_ named: LayoutFile.Section, page: Int) throws(ReportingError) {
    guard let block = ReportBlock.allCases.first(where: { $0.rawValue.hasSameBytes(as: named.name) }) else {
      throw .noSuchBlock(named.name, page: page, known: ReportBlock.allCases.map(\.rawValue))
    }
    self.init(block)
    for (name, value) in named.options {
      guard let option = block.options.first(where: { $0.name.hasSameBytes(as: name) }) else {
        throw .noSuchOption(name, section: block.rawValue, known: block.options.map(\.name))
      }
      guard let value, option.range.contains(value) else {
        throw .badOption(option.name, section: block.rawValue, range: option.range)
      }
      options[option] = value
    }
  }
}

/// A layout's file as it is written, before its names are looked up.
private struct LayoutFile: Decodable {
  struct Page: Decodable {
    var title: String
    var blocks: [Section]

    init(from decoder: any Decoder) throws {
      let keys = try decoder.container(keyedBy: LayoutKey.self)
      try keys.refuse(allBut: ["title", "blocks"])
      title = try keys.decode(String.self, forKey: LayoutKey("title"))
      blocks = try keys.decode([Section].self, forKey: LayoutKey("blocks"))
    }
  }

  struct Section: Decodable {
    var name: String
    /// By name; `nil` for a value that is no whole number.
    var options: [(String, Int?)] = []

    init(from decoder: any Decoder) throws {
      if let name = try? decoder.singleValueContainer().decode(String.self) {
        self.name = name
        return
      }
      let keys = try decoder.container(keyedBy: LayoutKey.self)
      name = try keys.decode(String.self, forKey: LayoutKey("section"))
      for key in keys.allKeys.sorted(by: { ByteText($0.stringValue) < ByteText($1.stringValue) })
      where !key.stringValue.hasSameBytes(as: "section") {
        options.append((key.stringValue, try? keys.decode(Int.self, forKey: key)))
      }
    }
  }

  var title: String
  var pages: [Page]
  var join: Bool

  init(from decoder: any Decoder) throws {
    let keys = try decoder.container(keyedBy: LayoutKey.self)
    try keys.refuse(allBut: ["title", "join", "pages"])
    title = try keys.decode(String.self, forKey: LayoutKey("title"))
    pages = try keys.decode([Page].self, forKey: LayoutKey("pages"))
    join = try keys.decodeIfPresent(Bool.self, forKey: LayoutKey("join")) ?? false
  }
}

/// Any key of an object.
private struct LayoutKey: CodingKey {
  var stringValue: String
  var intValue: Int? { nil }

  init(_ name: String) { stringValue = name }
  init?(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

extension KeyedDecodingContainer<LayoutKey> {
  /// Refuses the first key, by its bytes, that is none of those that have a meaning.
  fileprivate func refuse(allBut known: [String]) throws {
    let strangers = allKeys.map(\.stringValue).filter { name in !known.contains { $0.hasSameBytes(as: name) } }
    if let first = strangers.min(by: { ByteText($0) < ByteText($1) }) {
      throw ReportingError.noSuchLayoutKey(first, known: known)
    }
  }
}

extension DecodingError {
  /// What is wrong with a layout's JSON.
  fileprivate var words: String {
    switch self {
    case .keyNotFound(let key, let context): "\(context.place) has no \"\(key.stringValue)\""
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      "\(context.place) has the wrong type"
    case .dataCorrupted: "it is not JSON"
    @unknown default: "it is not JSON"
    }
  }
}

extension DecodingError.Context {
  fileprivate var place: String {
    guard !codingPath.isEmpty else { return "the layout" }
    return codingPath.map { key in key.intValue.map { "[\($0 + 1)]" } ?? key.stringValue }.joined(
      separator: " ")
  }
}
