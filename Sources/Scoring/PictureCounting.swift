import Corpus
import Inputs
import Store

extension PictureCounts {
  /// Counts what the cell of a post's picture was.
  mutating func add(_ post: Post) {
    add(Self.leftOut, post.leftOutPictures)
    switch post.imageForm {
    case .list: add(Self.lists)
    case .noPicture: add(Self.noPicture)
    case nil: break
    }
  }

  /// Counts how a picture was found, or which rule would find it.
  mutating func add(_ found: FoundPicture?, _ hint: PictureHint?) {
    if let found {
      add(Self.found)
      for rule in found.rules { add(rule.rawValue) }
    }
    if case .found(_, let match) = hint { add(Self.needs(match.rawValue)) }
  }
}
