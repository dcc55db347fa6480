/// Chooses the part of a text that an excerpt shows, and marks the matches in it. It does what FTS5's `snippet` and
/// `highlight` do, but its time does not grow with the square of the number of matches.
///
/// The rule is SQLite's own (`fts5_aux.c`): a part begins at a match, moved so that its matches are in the middle, or
/// at the beginning of the sentence. A phrase counts 1000 the first time and 1 each further time; a part that begins a
/// sentence gets 100, the text's beginning 120. Of equal parts the first wins.
package struct Excerpt {
  /// An occurrence of a phrase.
  package struct Match {
    package var phrase, column, offset: Int

    package init(phrase: Int, column: Int, offset: Int) {
      (self.phrase, self.column, self.offset) = (phrase, column, offset)
    }
  }

  /// A part of a column, in tokens.
  package struct Part: Equatable {
    package var column, start, score: Int

    package init(column: Int, start: Int, score: Int) {
      (self.column, self.start, self.score) = (column, start, score)
    }
  }

  /// The tokens of each phrase.
  private let phraseSizes: [Int]
  /// The tokens that a part has.
  private let width: Int
  /// When each phrase was last seen, so that nothing needs to be cleared.
  private var seen: [Int]
  private var round = 0
  /// The matches examined, which tests count.
  package private(set) var steps = 0
  /// The best part so far.
  package private(set) var best: Part?

  package init(phraseSizes: [Int], width: Int) {
    (self.phraseSizes, self.width) = (phraseSizes, width)
    seen = [Int](repeating: 0, count: phraseSizes.count)
  }

  /// Scores the parts of a column.
  ///
  /// - Parameters:
  ///   - column: its number.
  ///   - matches: its matches, by offset.
  ///   - size: how many tokens it has.
  ///   - sentences: the tokens that begin a sentence, ascending.
  /// - Complexity: O(m · w · p) for m matches, parts of w tokens and p phrases.
  package mutating func add(column: Int, matches: [Match], size: Int, sentences: [Int]) {
    var (sentence, from) = (0, 0)
    for (place, match) in matches.enumerated() {
      let (score, start) = score(matches, from: place, at: match.offset, size: size)
      take(Part(column: column, start: start, score: score))
      guard !sentences.isEmpty, size > width else { continue }
      while sentence + 1 < sentences.count, sentences[sentence + 1] <= match.offset { sentence += 1 }
      let begin = sentences[sentence]
      guard begin < match.offset else { continue }
      while from < matches.count, matches[from].offset < begin { from += 1 }
      let own = self.score(matches, from: from, at: begin, size: size).score
      take(Part(column: column, start: begin, score: own + (begin == 0 ? 120 : 100)))
    }
  }

  private mutating func take(_ part: Part) {
    if part.score > best?.score ?? 0 { best = part }
  }

  /// The score of a part beginning at a token, and where it would begin with its matches in the middle.
  private mutating func score(
    _ matches: [Match], from first: Int, at position: Int, size: Int
  ) -> (score: Int, start: Int) {
    round += 1
    var (score, place, firstOffset, last) = (0, first, -1, 0)
    // Several phrases may match at one token: all of them count, whatever their order among the matches.
    while place > 0, matches[place - 1].offset >= position { place -= 1 }
    while place < matches.count, matches[place].offset < position + width {
      steps += 1
      let match = matches[place]
      score += seen[match.phrase] == round ? 1 : 1000
      seen[match.phrase] = round
      if firstOffset < 0 { firstOffset = match.offset }
      last = match.offset + phraseSizes[match.phrase]
      place += 1
    }
    // Divides as C does: towards zero.
    let middle = firstOffset - (width - (last - firstOffset)) / 2
    return (score, max(0, min(middle, size - width)))
  }

  /// The ranges of tokens that match, both ends included; overlapping matches are joined.
  package static func ranges(_ matches: [Match], phraseSizes: [Int]) -> [ClosedRange<Int>] {
    var ranges: [ClosedRange<Int>] = []
    for match in matches where phraseSizes[match.phrase] > 0 {
      let end = match.offset + phraseSizes[match.phrase] - 1
      if let last = ranges.last, match.offset <= last.upperBound {
        if end > last.upperBound { ranges[ranges.count - 1] = last.lowerBound...end }
      } else {
        ranges.append(match.offset...end)
      }
    }
    return ranges
  }

  /// How an excerpt is marked up.
  package struct Marks {
    package var open, close, ellipsis: [UInt8]

    package init(open: [UInt8], close: [UInt8], ellipsis: [UInt8]) {
      (self.open, self.close, self.ellipsis) = (open, close, ellipsis)
    }
  }

  /// Writes a text, or a part of it, with its matches marked.
  ///
  /// - Parameters:
  ///   - text: the text.
  ///   - tokens: the position of each token in it, in bytes.
  ///   - ranges: the matches, in tokens.
  ///   - part: the tokens to show; all for `nil`.
  ///   - marks: the marks around matches, and where text is left out.
  /// - Returns: UTF-8.
  /// - Complexity: O(n) for n bytes and tokens.
  package static func written(
    _ text: UnsafeBufferPointer<UInt8>, tokens: [Range<Int>], ranges: [ClosedRange<Int>], part: ClosedRange<Int>?,
    marks: Marks
  ) -> [UInt8] {
    guard let last = tokens.indices.last else { return Array(text) }
    let shown = part.map { min($0.lowerBound, last)...min($0.upperBound, last) } ?? 0...last
    var written: [UInt8] = []
    var at = shown.lowerBound == 0 ? 0 : tokens[shown.lowerBound].lowerBound
    if shown.lowerBound > 0 { written += marks.ellipsis }
    for range in ranges where range.upperBound >= shown.lowerBound && range.lowerBound <= shown.upperBound {
      let inner = range.clamped(to: shown)
      let (start, end) = (tokens[inner.lowerBound].lowerBound, tokens[inner.upperBound].upperBound)
      guard start >= at, end >= start else { continue }
      written += text[at..<start]
      written += marks.open
      written += text[start..<end]
      written += marks.close
      at = end
    }
    if shown.upperBound == last {
      written += text[at...]
    } else {
      written += text[at..<max(at, tokens[shown.upperBound].upperBound)]
      written += marks.ellipsis
    }
    return written
  }
}
