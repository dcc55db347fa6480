// Names and texts from outside within a sentence of clfa: a right-to-left name must not reorder the text next to it.
// Otherwise "A → B" with two Arabic labels would be displayed as B → A.
//
// FSI … PDI (U+2068, U+2069) isolate a name from its sentence. They are added only if the name has right-to-left
// characters, so that other output stays the same to the byte. Text from outside may contain these marks, too: what is
// let through is FSI, text with right-to-left characters and without any other control character, PDI. Such a pair
// cannot reorder other words, whoever wrote it.

extension Unicode.Scalar {
  /// First strong isolate: the following text, up to `endOfIsolate`, has its own direction.
  package static let isolate = Unicode.Scalar(0x2068 as UInt16) ?? " "
  /// Pop directional isolate.
  package static let endOfIsolate = Unicode.Scalar(0x2069 as UInt16) ?? " "

  /// Whether the scalar makes its neighbours run from right to left: letters, digits and marks of Hebrew, Arabic and
  /// the other scripts that do, by block (DerivedBidiClass: R, AL, AN).
  package var isRightToLeft: Bool {
    switch value {
    case 0x0590...0x08FF, 0xFB1D...0xFDCF, 0xFDF0...0xFDFF, 0xFE70...0xFEFE, 0x1_0800...0x1_0FFF, 0x1_E800...0x1_EFFF:
      true
    default: false
    }
  }
}

extension String {
  /// Whether any character runs from right to left.
  package var hasRightToLeft: Bool { unicodeScalars.contains(where: \.isRightToLeft) }

  /// The text in a form that does not reorder its neighbours in a sentence: in FSI … PDI if it has right-to-left
  /// characters outside such a pair, otherwise unchanged.
  ///
  /// Escape control characters in it first. Isolating twice changes nothing.
  package var isolated: String {
    guard hasRightToLeft else { return self }
    let parts = IsolatedText(self)
    guard parts.hasLooseRightToLeft else { return self }
    return IsolatedText.wrap(parts.hasIsolates ? withoutIsolates : self)
  }

  /// A sentence of clfa in which every right-to-left name that is not yet isolated gets isolated, for texts that were
  /// put together without `isolated`.
  ///
  /// Right-to-left words with only blanks or one joining mark between them are one name. Words in single quotes stay as
  /// they are, because they may be a command to copy.
  package var isolatingNames: String {
    guard hasRightToLeft else { return self }
    return IsolatedText(self).parts.reduce(into: "") {
      $0 += $1.isIsolated ? IsolatedText.wrap($1.text) : IsolatedText.isolatingNames(of: $1.text)
    }
  }

  /// The beginning of a sentence of clfa that fills at most this many columns, with every right-to-left name isolated.
  /// It is cut first, so that no isolate stays open. The marks of isolates take no column.
  package func isolatedBeginning(columns: Int?) -> String {
    let bare = withoutIsolates
    return (columns.map { String(bare.prefix($0)) } ?? bare).isolatingNames
  }

  /// The text without the marks that `isolated` adds, for programs.
  package var withoutIsolates: String {
    guard unicodeScalars.contains(.isolate) else { return self }
    return IsolatedText(self).parts.reduce(into: "") { $0 += $1.text }
  }
}

/// A text cut where names in it are isolated.
package struct IsolatedText {
  /// A stretch of the text, without its marks.
  package struct Part {
    package var text: String
    package var isIsolated: Bool
  }

  /// The stretches in order.
  package private(set) var parts: [Part] = []

  /// Cuts a text.
  ///
  /// - Complexity: O(n) for n scalars.
  package init(_ text: String) {
    var loose = String.UnicodeScalarView(), inner: String.UnicodeScalarView?
    var isRightToLeft = false
    /// An isolate that is not closed properly is ordinary text.
    func giveUp() {
      guard let open = inner else { return }
      loose.append(.isolate)
      loose.append(contentsOf: open)
      inner = nil
    }
    for scalar in text.unicodeScalars {
      if scalar == .isolate {
        giveUp()
        (inner, isRightToLeft) = (String.UnicodeScalarView(), false)
      } else if scalar == .endOfIsolate, let open = inner, isRightToLeft {
        if !loose.isEmpty { parts.append(Part(text: String(loose), isIsolated: false)) }
        parts.append(Part(text: String(open), isIsolated: true))
        (loose, inner) = (String.UnicodeScalarView(), nil)
      } else if scalar.isTerminalControl {
        giveUp()
        loose.append(scalar)
      } else if inner != nil {
        inner?.append(scalar)
        if scalar.isRightToLeft { isRightToLeft = true }
      } else {
        loose.append(scalar)
      }
    }
    giveUp()
    if !loose.isEmpty { parts.append(Part(text: String(loose), isIsolated: false)) }
  }

  /// Whether any name is isolated.
  package var hasIsolates: Bool { parts.contains(where: \.isIsolated) }

  /// Whether there are right-to-left characters outside isolates.
  package var hasLooseRightToLeft: Bool { parts.contains { !$0.isIsolated && $0.text.hasRightToLeft } }

  /// The text with its isolates, what is in them and between them rewritten.
  package func rewritten(_ rewrite: (String) -> String) -> String {
    parts.reduce(into: "") { $0 += $1.isIsolated ? Self.wrap(rewrite($1.text)) : rewrite($1.text) }
  }

  fileprivate static func isolatingNames(of text: String) -> String {
    let scalars = Array(text.unicodeScalars)
    var result = String.UnicodeScalarView(), index = 0
    while index < scalars.count {
      // A quote inside or after a word is an apostrophe.
      if scalars[index] == "'", index == 0 || !scalars[index - 1].properties.isAlphabetic,
        let end = scalars[(index + 1)...].firstIndex(of: "'")
      {
        result.append(contentsOf: scalars[index...end])
        index = end + 1
      } else if scalars[index].isRightToLeft {
        let end = endOfName(scalars, index)
        result.append(.isolate)
        result.append(contentsOf: scalars[index..<end])
        result.append(.endOfIsolate)
        index = end
      } else {
        result.append(scalars[index])
        index += 1
      }
    }
    return String(result)
  }

  /// Behind the last character of the name that begins at an index.
  private static func endOfName(_ scalars: [Unicode.Scalar], _ start: Int) -> Int {
    var end = start
    while true {
      while end < scalars.count, scalars[end].isRightToLeft { end += 1 }
      var next = end
      while next < scalars.count, scalars[next] == " " { next += 1 }
      if next == end, next < scalars.count, "-_/.\u{200C}\u{200D}".unicodeScalars.contains(scalars[next]) { next += 1 }
      guard next > end, next < scalars.count, scalars[next].isRightToLeft else { return end }
      end = next
    }
  }

  fileprivate static func wrap(_ text: String) -> String {
    var result = String.UnicodeScalarView([.isolate])
    result.append(contentsOf: text.unicodeScalars)
    result.append(.endOfIsolate)
    return String(result)
  }
}
