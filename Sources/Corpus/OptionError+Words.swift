import Bytes

extension OptionError: CustomStringConvertible {
  /// What is wrong, and what to write instead.
  public var description: String {
    switch self {
    case .unusableDelimiter(let given):
      "'\(given.printable)' cannot part fields: give one ASCII character other than the quote, such as ';', or 'tab'"
    case .unknownEncoding(let given):
      "'\(given.printable)' is not an encoding that is read here: give "
        + TextEncoding.allCases.map(\.rawValue).joined(separator: ", ")
        + "; for any other, convert the file first: iconv -f NAME -t UTF-8"
    case .malformedLabels(let given):
      "'\(given.printable)' does not name labels: write CODE=NAME, parted by commas, such as 0=not_sarcastic,1=sarcastic"
    case .repeatedLabel(let code):
      "the label '\(code.printable)' is named twice: give each code one name"
    case .malformedShard(let given):
      "'\(given.printable)' is not a shard: write K/N with K from 1 to N, such as 2/4 for the second of four"
    case .malformedSample(let given):
      "'\(given.printable)' is not a sample: write a percentage above 0 and up to 100, such as 5% or 0.1%"
    }
  }
}
