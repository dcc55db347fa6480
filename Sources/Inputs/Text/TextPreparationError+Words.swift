import Bytes

extension TextPreparationError: CustomStringConvertible {
  /// What is wrong with the list of steps, and what mends it.
  public var description: String {
    switch self {
    case .unknownStep(let step):
      "There is no preparation step “\(step.printable(upTo: 60))”. The steps are \(TextStep.forms.joined(separator: ", "))."
    case .missingToken(let step):
      "The preparation step “\(step.printable(upTo: 60))” lacks its token. "
        + "Write what shall stand in the text, for example “\(step.printable(upTo: 60))=TOKEN”."
    case .blankInToken(let step):
      "The token of the preparation step “\(step.printable(upTo: 60))” holds a blank or a control character. "
        + "Give it one word."
    case .tokenTooLong(let step, let limit):
      "The token of the preparation step “\(step.printable(upTo: 60))” is longer than \(limit) bytes. Give it a short word."
    case .repeatedStep(let step):
      "The preparation step “\(step.printable(upTo: 60))” stands in the list twice. Remove one of the two."
    case .tokenRewritten(let step, let later):
      "The token that “\(step.printable(upTo: 60))” writes would be changed again by “\(later.printable(upTo: 60))”. "
        + "Put “\(later.printable(upTo: 60))” first, or choose another token."
    }
  }
}
