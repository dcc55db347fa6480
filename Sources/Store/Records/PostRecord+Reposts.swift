import Corpus
import GRDB

extension PostRecord {
  /// The posts that it repeats, or that repeat it.
  var repostGroup: RepostGroup {
    RepostGroup(text: text, pictureHash: pictureHash, key: identity.key, contentHash: identity.contentHash)
  }
}

extension RepostGroup {
  /// The values of `post.repost_group` and `post.is_repost`.
  var columns: StatementArguments { [id, isMarked] }
}
