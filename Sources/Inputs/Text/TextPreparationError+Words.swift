extension TextPreparationError: CustomStringConvertible {
  /// What is wrong with the list of steps, and what mends it.
  public var description: String {
    switch self {
    case .unknownStep(let step):
      "There is no preparation step “\(step)”. The steps are \(TextStep.forms.joined(separator: ", "))."
    case .missingToken(let step):
      "The preparation step “\(step)” lacks its token. "
        + "Write what shall stand in the text, for example “\(step)=TOKEN”."
    case .blankInToken(let step):
      "The token of the preparation step “\(step)” holds a blank or a control character. "
        + "Give it one word."
    case .tokenTooLong(let step, let limit):
      "The token of the preparation step “\(step)” is longer than \(limit) bytes. Give it a short word."
    case .repeatedStep(let step):
      "The preparation step “\(step)” stands in the list twice. Remove one of the two."
    case .tokenRewritten(let step, let later):
      "The token that “\(step)” writes would be changed again by “\(later)”. "
        + "Put “\(later)” first, or choose another token."
    }
  }
}
