package import Bytes
package import Corpus
package import Preparation

/// The findings of `clfa check`, as values.
package struct CorpusFindings: Sendable {
  /// A kind of fault, with its first rows.
  package struct FaultSummary: Sendable {
    package var stage: RowFault.Stage
    package var code: FaultCode
    package var count: Int
    /// The first of them, at most five.
    package var first: [RowFault]
  }

  /// The files' names as used in faults.
  package var files: [String] = []
  /// Rows examined.
  package var rows = 0
  /// Rows outside the sample.
  package var left = 0
  /// Whether `--limit` ended the reading.
  package var isLimited = false
  /// Warnings about the files.
  package var notices: [CorpusNotice] = []
  /// In the order of stages and codes.
  package var faults: [FaultSummary] = []
  /// How many faults each flag would mend.
  package var remedies = FaultRemedies()
  package var columns: [ColumnSummary] = []
  /// Dates and the cells of declared columns.
  var typed: CellTally?
  package var pictures = PictureSummary()
  /// In the order of the model, or of the flags.
  package var features: [FeatureSummary] = []
  package var duplicates = DuplicateSummary()
  /// The most common first.
  package var labels: [LabelSummary] = []
  /// Rows whose label is one of too many to be distinguished.
  package var otherLabels = 0
  package var unlabelled = 0
  /// Labels that differ only in case, blanks, `-` and `_`.
  package var spellings: [[LabelSummary]] = []
  package var scripts = ScriptSummary()
  /// Texts with traces of a wrong encoding or a web page.
  package var damagedTexts: [DamagedTexts] = []
  /// Files with rows that are no UTF-8.
  package var undecodedFiles: [UndecodedFile] = []
  /// The texts as a model's tokenizer reads them; `nil` if no model was named.
  package var pieces: PieceSummary?
  /// How the corpus differs from the model's training data; empty without a model.
  package var mismatches: [InputMismatch] = []
  /// The cues and words that reveal a label, or why they were not tested.
  package var leakage: LeakageReport?
  package var leakageSkipReason: LeakageSkipReason?
  /// The overlap with another corpus, if one was named.
  package var against: CorpusOverlap?

  /// Rows that could be read as posts, whatever their pictures.
  package var readableRows = 0

  /// What is said of dates and declared columns.
  package var cellNotices: [String] { typed?.notices ?? [] }
}

/// The pictures of a corpus.
package struct PictureSummary: Sendable {
  /// The number of rows of a kind.
  package struct Kind: Sendable, Equatable {
    package var name: String
    package var count: Int
  }

  /// Whether every pixel was decoded, or only headers were read.
  package var isDecoded = false
  /// How pictures were found, and which rules would find missing ones.
  package var rules = PictureCounts()
  /// How the picture of each row was found.
  package var table = PictureRuleTable()
  /// Posts that name no picture.
  package var unnamed = 0
  /// Posts whose picture cannot be read, by code; the most common first.
  package var readable = 0
  /// Posts whose picture cannot be read, by code; the most common first.
  package var unreadable: [Kind] = []
  /// Posts with a readable picture, by format.
  package var formats: [Kind] = []
  /// Posts whose picture is to be turned or mirrored, as its EXIF data say.
  package var turned = 0
  /// Posts whose picture file ends early and was accepted; known only of decoded pictures.
  package var cut = 0
  /// In pixels; nil without a picture.
  package var width: QuantileSketch.Summary?
  package var height: QuantileSketch.Summary?
  package var bytes: QuantileSketch.Summary?
}

/// Equal and nearly equal things in a corpus.
package struct DuplicateSummary: Sendable {
  /// Two rows, with their labels if they matter.
  package struct Pair: Sendable, Equatable {
    package var first: RowLocation
    package var second: RowLocation
    package var firstLabel: ByteText?
    package var secondLabel: ByteText?
    package var excerpt: String
  }

  /// One kind of equality.
  package struct Kind: Sendable {
    /// Different items.
    package var different = 0
    /// Rows beyond the first of each item.
    package var extra = 0
    /// Items that occur with different labels, and their rows.
    package var contradicting = 0
    package var contradictingRows = 0
    /// One of this many items was counted; 1 if all were.
    package var scale = 1
    package var commonest: [CommonestGroups.Group] = []
    /// The first contradictions.
    package var contradictions: [Pair] = []
  }

  /// Whether the corpus has ids of its own.
  package var hasIDs = false
  /// Rows whose id occurred before with the same content; scoring counts them as duplicates.
  package var sameIDSameContent = 0
  /// Rows whose id occurred before with other content; the store keeps them as another version.
  package var sameIDOtherContent = 0
  package var idExamples: [Pair] = []
  /// Text, knowledge and picture, byte by byte.
  package var contents = Kind()
  /// The words of texts in order, ignoring case, punctuation, web addresses and @names.
  package var texts = Kind()
  /// Picture files, byte by byte.
  package var pictures = Kind()
  /// Rows whose group of reposts has several rows, and those groups; one of so many groups was counted.
  package var reposts = 0
  package var repostGroups = 0
  package var repostScale = 1
  /// Texts that share 80 % of their words with an earlier, different one.
  package var nearDuplicateTexts = 0
  package var closeContradicting = 0
  package var closeExamples: [Pair] = []
  /// Texts that were compared only with the first ones, up to the limit.
  package var nearDuplicatesOverLimit = 0
  /// Pictures that look like an earlier one with other bytes; `nil` unless decoded.
  package var lookalikes: Int?
  /// Those that have another label than the one they look like.
  package var lookalikeContradicting = 0
  package var lookalikeExamples: [Pair] = []
  package var lookalikeOverLimit = 0
  /// Different pictures that were not compared because they are too plain.
  package var lookalikeTooUniform = 0
  /// Different pictures without a match that were not compared with all others, because too many share a part of the
  /// hash.
  package var lookalikePartlyCompared = 0
}

/// The scripts of the texts' letters.
package struct ScriptSummary: Sendable {
  package struct Script: Sendable, Equatable {
    package var name: String
    /// Posts with most of their letters in it.
    package var posts: Int
    package var letters: Int
  }

  /// The most common first.
  package var scripts: [Script] = []
  /// Posts with a text without letters.
  package var withoutLetters = 0
  /// Posts with letters of several scripts, kana with Han counted as one.
  package var mixed = 0
}

/// The texts as a model's tokenizer reads them.
package struct PieceSummary: Sendable {
  /// The model's folder as given.
  package var model: String
  /// The maximum number of tokens of a text, including those at its ends.
  package var limit: Int
  package var pieces: QuantileSketch.Summary?
  /// Posts with a truncated text.
  package var truncated = 0
  /// Posts with a text.
  package var texts = 0
  /// The number of pieces of all texts, and of unknown ones.
  package var allPieces = 0
  package var unknownPieces = 0
  /// Posts with an unknown piece.
  package var withUnknown = 0
  /// Labels of the corpus that the model does not know.
  package var unknownLabels: [LabelSummary] = []
  package var modelLabels: [ByteText] = []
}

/// The overlap of a corpus with another one.
package struct CorpusOverlap: Sendable {
  /// One kind of item.
  package struct Kind: Sendable {
    /// Rows of the corpus whose item also occurs in the other.
    package var rows = 0
    /// Rows of the corpus that have such an item.
    package var of = 0
    /// Those of `rows` that have another label than the first such row of the other corpus.
    package var contradicting = 0
    package var examples: [DuplicateSummary.Pair] = []
    /// One of this many items of the other corpus was kept.
    package var scale = 1
  }

  /// The other corpus' files.
  package var files: [String] = []
  package var rows = 0
  package var ids = Kind()
  package var contents = Kind()
  package var texts = Kind()
  /// Picture files, byte by byte.
  package var pictures = Kind()
  /// Pictures with other bytes that look like one of the other corpus; `nil` unless they were decoded.
  package var lookalikes: Kind?
  /// Different pictures of the other corpus beyond the limit of those to compare with.
  package var lookalikeOverLimit = 0
  /// Rows whose picture was not compared because it is too plain.
  package var lookalikeTooUniform = 0
  /// Rows without a match whose picture was not compared with all others: too many of the other corpus share a part of
  /// the hash.
  package var lookalikePartlyCompared = 0
}
