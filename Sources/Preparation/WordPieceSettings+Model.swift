import Bytes
package import Inputs
package import Models

extension WordPieceSettings {
  /// The settings of a model with word pieces.
  package init(_ settings: TokenizerSettings) {
    self.init()
    (lowercase, stripAccents) = (settings.lowercase, settings.stripAccents)
    (separatesChinese, isPretokenized) = (settings.separatesChinese, settings.isPretokenized)
    neverSplit = settings.neverSplit.map(\.text)
    (unknown, first, last) = (settings.unknown.text, settings.first.text, settings.last.text)
    (prefix, wordLimit) = (settings.prefix.text, settings.wordLimit)
    addedTokens = settings.addedTokens?.map { token in
      AddedToken(
        token.text.text, id: Int32(token.id), takesBlanksBefore: token.lstrip, takesBlanksBehind: token.rstrip,
        isWholeWord: token.singleWord, isNormalised: token.normalized)
    }
  }
}
