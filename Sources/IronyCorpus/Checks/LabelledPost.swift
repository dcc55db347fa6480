import Corpus

/// A row of a corpus as it stands in its CSV.
package struct LabelledPost: Sendable {
  package var text: String
  package var label: Label
  /// The picture's name.
  package var picture: String
  /// The picture's path.
  package var image: String

  package init(text: String, label: Label, picture: String, image: String) {
    self.text = text
    self.label = label
    self.picture = picture
    self.image = image
  }

  /// Reads a CSV.
  ///
  /// - Throws: `CorpusError` where it cannot be read; `IronyError.badRow` where a row is none of ours.
  package static func read(_ path: String) throws -> [LabelledPost] {
    var reader = try CorpusReader(paths: [path], options: CorpusOptions())
    var posts: [LabelledPost] = []
    while let row = try reader.next() {
      func fault(_ reason: String) -> IronyError { .badRow(file: path, line: row.position.line, reason: reason) }
      switch row {
      case .fault(let trouble): throw fault(trouble.detail)
      case .post(let post):
        guard let label = post.label.flatMap(Label.init(rawValue:)) else {
          throw fault("the label is neither sincere nor ironic")
        }
        guard let image = post.image, let picture = post.extra.first(where: { $0.name == "picture" })?.value else {
          throw fault("there is no picture, or no name for it")
        }
        posts.append(LabelledPost(text: post.text, label: label, picture: picture, image: image))
      }
    }
    return posts
  }
}
