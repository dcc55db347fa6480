internal import Bytes

/// Why a corpus gives no teacher's vectors.
public enum TeachingError: Error, Equatable, Sendable {
  /// No row has words for both sides.
  case noPosts(files: [String], oneSided: Int, faulted: Int)
  /// More directions than the teacher's vectors have numbers.
  case tooManyDirections(asked: Int, width: Int)
  /// All vectors of a side lie at one point, so none points anywhere once that is taken off.
  case oneVector
  /// No post's picture can be read; the first one's trouble.
  case noPictures(posts: Int, first: String)
  /// A vector that is not finite; what it is of.
  case notFinite(of: String)
  /// A model that is no teacher here.
  case unsupportedTeacher(path: String, type: String)
  /// A tokenizer whose texts end in another piece than the configuration reads them at.
  case otherEnd(path: String)
  /// A folder of pictures for a teacher that reads words.
  case readsWords(teacher: String)
  /// Somebody asked for an early end.
  case interrupted
}

extension TeachingError: CustomStringConvertible {
  /// What is wrong, and what mends it.
  public var description: String {
    switch self {
    case .noPosts(let files, let oneSided, let faulted):
      "\(files.listed(most: 5)): no row has both a text and a picture (\(oneSided) rows lack one, "
        + "\(faulted) are faulty); name the columns with --text-column and --image-column"
    case .tooManyDirections(let asked, let width):
      "--whiten \(asked): the teacher's vectors have \(width) numbers, so there are no more directions to keep; ask for "
        + "at most \(width)"
    case .oneVector:
      "every post has the same text, or every picture the same words, so that nothing is left once it is centred; check "
        + "--text-column and --image-column"
    case .noPictures(let posts, let first):
      "none of the pictures of \(posts) \(posts == 1 ? "post" : "posts") can be read, the first: \(first.printable); name their "
        + "column with --image-column and their folder with --images"
    case .notFinite(let what):
      "\(what.printable): the teacher's vector is not a number; its weights are damaged, fetch model.safetensors again"
    case .unsupportedTeacher(let path, let type):
      "\(path.printable): its model_type is \(type.printable), which is not read here; teachers are CLIP (clip) and SigLIP (siglip), "
        + "and BERT, RoBERTa and XLM-R for pictures in words; bring another's vectors in with --vectors"
    case .otherEnd(let path):
      "\(path.printable) ends texts in another piece than config.json's eos_token_id; take both from the same model"
    case .readsWords(let teacher):
      "--images and --decode: \(teacher.printable) reads words, and has no use for picture files; take a CLIP, or leave them out"
    case .interrupted: "interrupted"
    }
  }
}
