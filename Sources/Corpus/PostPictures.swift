/// What becomes of a post with several pictures.
package enum SeveralPictures: String, CaseIterable, Sendable {
  /// The first is the post's picture.
  case first
  /// A row for each picture; the second has the key `ID#2`, and so on.
  case each
  /// No list is recognised: the cell is one path.
  case asWritten = "as-written"
}

/// Finds each post's pictures in its cells.
struct PostPictures {
  let several: SeveralPictures
  let columns: ColumnMap
  /// The number of rows made of the current file's records, which number the rows if records may become several.
  private var count = 0

  init(_ options: CorpusOptions) { (several, columns) = (options.pictures, options.columns) }

  /// Begins a file.
  mutating func beginFile() { count = 0 }

  /// A record's rows: the first, and those of further pictures.
  mutating func rows(_ row: CorpusRow) -> (first: CorpusRow, more: [CorpusRow]) {
    guard case .post(var post) = row else { return (numbered(row), []) }
    var others: ArraySlice<String> = []
    if let template = columns.imageTemplate {
      post.image = template.path(of: post, columns)
    } else if several != .asWritten, let written = post.image {
      let cell = ImageCell(written)
      post.image = cell.paths.first
      post.imageForm = cell.form
      others = cell.paths.dropFirst()
      if several == .first { post.leftOutPictures = others.count }
    }
    if post.image == nil, post.text.isBlank {
      let fault = RecordFault.emptyPost
      return (
        numbered(
          .fault(
            RowFault(
              position: post.position, key: post.key, stage: .corpus, code: fault.code, detail: fault.description))),
        []
      )
    }
    guard several == .each, !others.isEmpty else { return (numbered(.post(post)), []) }
    let first = numbered(.post(post))
    let more = others.enumerated().map { place, path in
      var part = post
      part.part = place + 2
      part.key = "\(post.key)#\(part.part)"
      part.image = path
      part.imageForm = nil
      return numbered(.post(part))
    }
    return (first, more)
  }

  private mutating func numbered(_ row: CorpusRow) -> CorpusRow {
    guard several == .each else { return row }
    count += 1
    switch row {
    case .post(var post):
      post.position.record = count
      return .post(post)
    case .fault(var fault):
      fault.position.record = count
      return .fault(fault)
    }
  }
}
