import Bytes
import FoundationEssentials
import Reports

/// Which blocks stand on which page of a report, under which titles.
public struct ReportLayout: Equatable, Sendable {
  /// One page, which goes on on the next where its blocks need more room.
  public struct Page: Equatable, Sendable {
    /// The page's title.
    public var title: String
    /// Its blocks from top to bottom.
    public var blocks: [ReportBlock]
  }

  /// The report's title.
  public var title: String
  /// The pages in order.
  public var pages: [Page]

  /// The names of the built-in layouts.
  public static var names: [String] { LayoutFiles.names }

  /// A built-in layout by its name.
  public static func named(_ name: String) throws(ReportingError) -> ReportLayout {
    guard let bytes = LayoutFiles.bytes(named: name) else {
      throw .noSuchLayout(name, known: LayoutFiles.names)
    }
    return try ReportLayout(json: bytes)
  }

  /// Reads a layout from JSON: `{"title": …, "pages": [{"title": …, "blocks": ["run", …]}, …]}`.
  ///
  /// - Throws: `ReportingError.badLayout` or `noSuchBlock`; the limits are `LayoutLimits`.
  public init(json: [UInt8]) throws(ReportingError) {
    guard json.count <= LayoutLimits.bytes else {
      throw .badLayout("it is longer than \(LayoutLimits.bytes) bytes")
    }
    let file: File
    do {
      file = try JSONDecoder().decode(File.self, from: Data(json))
    } catch let error as DecodingError {
      throw .badLayout(error.words)
    } catch {
      throw .badLayout("it is not JSON")
    }
    guard !file.pages.isEmpty, file.pages.count <= LayoutLimits.pages else {
      throw .badLayout("it has \(file.pages.count) pages; 1 to \(LayoutLimits.pages) are possible")
    }
    title = file.title
    pages = []
    for (index, page) in file.pages.enumerated() {
      guard !page.blocks.isEmpty, page.blocks.count <= LayoutLimits.blocks else {
        throw .badLayout(
          "page \(index + 1) has \(page.blocks.count) blocks; 1 to \(LayoutLimits.blocks) are possible")
      }
      var blocks: [ReportBlock] = []
      for name in page.blocks {
        guard let block = ReportBlock.allCases.first(where: { $0.rawValue.hasSameBytes(as: name) })
        else {
          throw .noSuchBlock(name, page: index + 1, known: ReportBlock.allCases.map(\.rawValue))
        }
        blocks.append(block)
      }
      pages.append(Page(title: page.title, blocks: blocks))
    }
  }

  private struct File: Decodable {
    struct Page: Decodable {
      var title: String
      var blocks: [String]
    }
    var title: String
    var pages: [Page]
  }
}

/// How large a layout may be.
package enum LayoutLimits {
  package static let bytes = 65_536
  package static let pages = 50
  package static let blocks = 50
}

extension DecodingError {
  /// What is wrong with a layout's JSON.
  fileprivate var words: String {
    switch self {
    case .keyNotFound(let key, let context): "\(context.place) has no \"\(key.stringValue)\""
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      "\(context.place) is of the wrong kind"
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
