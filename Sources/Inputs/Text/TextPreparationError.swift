/// Why a model's list of preparation steps cannot be obeyed.
public enum TextPreparationError: Error, Equatable, Sendable {
  /// No step has this name, or the step has no such option.
  case unknownStep(String)
  /// A step that needs a token was given none.
  case missingToken(step: String)
  /// A step's token holds white space or a control character.
  case blankInToken(step: String)
  /// A step's token has more bytes of UTF-8 than a token may have.
  case tokenTooLong(step: String, limit: Int)
  /// A step stands in the list twice.
  case repeatedStep(String)
  /// The token that one step writes would be changed by a later one.
  case tokenRewritten(step: String, by: String)
}
