internal import Corpus
internal import Inputs

/// Counts pictures: those that can be read, the reasons of the others, formats and sizes.
struct PictureTally {
  var isDecoded = false
  private var unnamed = 0
  private var readable = 0
  private var reasons: [FaultCode: Int] = [:]
  private var formats: [String: Int] = [:]
  private var width = NumberSpread(), height = NumberSpread(), bytes = NumberSpread()

  mutating func add(_ post: Post, _ facts: RowFacts) {
    if let picture = facts.picture {
      readable += 1
      formats[picture.header.format, default: 0] += 1
      width.add(Double(picture.header.width))
      height.add(Double(picture.header.height))
      bytes.add(Double(picture.bytes))
    } else if let fault = facts.pictureFault {
      reasons[fault.code, default: 0] += 1
    } else {
      unnamed += 1
    }
  }

  var summary: PictureSummary {
    func kinds(_ counts: [(String, Int)]) -> [PictureSummary.Kind] {
      counts.sorted { ($1.1, $0.0) < ($0.1, $1.0) }.map { PictureSummary.Kind(name: $0.0, count: $0.1) }
    }
    return PictureSummary(
      isDecoded: isDecoded, unnamed: unnamed, readable: readable,
      unreadable: kinds(reasons.map { ($0.key.rawValue, $0.value) }),
      formats: kinds(formats.map { ($0.key, $0.value) }),
      width: width.summary, height: height.summary, bytes: bytes.summary)
  }
}
