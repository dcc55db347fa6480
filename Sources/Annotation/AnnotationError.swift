import Bytes

/// Why a sample cannot be labelled on a page.
package enum AnnotationError: Error, Equatable, Sendable {
  /// The store has no samples.
  case noSamples(String)
  /// No sample has the name.
  case noSuchSample(String, known: [String])
  /// Every post of the sample was forgotten.
  case emptySample(String)
  /// The name cannot be that of an annotator.
  case badAnnotator(String)
  /// The name belongs to the labels that came with the corpus.
  case reservedAnnotator(String)
  /// The labels to choose from cannot be used.
  case tooFewLabels(Int)
  case tooManyLabels(Int)
  case badLabel(String)
  case repeatedLabel(String)
  /// The address is not a numeric one.
  case badAddress(String)
  /// Another program uses the port.
  case portTaken(UInt16)
  /// The system does not allow listening.
  case cannotListen(String, UInt16, reason: String)
}

extension AnnotationError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .noSamples(let path):
      "\(path.printable) has no sample to label; draw one with `clfa sample`"
    case .noSuchSample(let name, let known):
      "no sample \"\(name.printable)\"\(DidYouMean.hint(for: name, in: known)): the store has "
        + known.listed(most: 8)
    case .emptySample(let name):
      "every post of the sample \"\(name.printable)\" was forgotten; draw another one with `clfa sample`"
    case .badAnnotator(let name):
      "\"\(name.printable)\" cannot name an annotator: use 1 to 200 bytes without control characters"
    case .reservedAnnotator(let name):
      "\"\(name.printable)\" is the name of the labels that came with the corpus; take another name for the annotator"
    case .tooFewLabels(let count):
      "there \(count == 1 ? "is only 1 label" : "are no labels") to choose from; name at least two"
    case .tooManyLabels(let count):
      "\(count) labels are too many for a page; name at most \(AnnotationSession.labelLimit)"
    case .badLabel(let label):
      "\"\(label.printable)\" cannot be a label: use 1 to 200 bytes without control characters"
    case .repeatedLabel(let label): "the label \"\(label.printable)\" is named twice"
    case .badAddress(let address):
      "\(address.printable) is not a numeric address such as 127.0.0.1, 0.0.0.0 or ::1"
    case .portTaken(let port): "port \(port) is used by another program; choose another one"
    case .cannotListen(let address, let port, let reason):
      "cannot listen on port \(port) of \(address.printable): \(reason)"
    }
  }
}
