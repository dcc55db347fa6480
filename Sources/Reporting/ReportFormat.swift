/// The kinds of files that pages are drawn as.
public enum ReportFormat: String, CaseIterable, Sendable {
  /// One file of all pages, with an outline and text that can be searched.
  case pdf
  /// A file a page, in pixels.
  case png
  /// A file a page, in outlines.
  case svg

  /// The pixels an inch that a PNG may have.
  public static let resolutions = 36...600
}

/// A report's files.
public enum DrawnReport: Equatable, Sendable {
  /// All pages in one file.
  case whole([UInt8])
  /// A file a page, in order.
  case pages([[UInt8]])
}
