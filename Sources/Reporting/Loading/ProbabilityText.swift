import Bytes
import FoundationEssentials
import Glibc

/// Reads some labels' probabilities out of the JSON object that the store keeps for each post.
///
/// Objects that this program wrote have the model's labels in the model's order, and are read by one look at each byte;
/// any other JSON object is decoded.
package struct ProbabilityText {
  /// The labels as they stand in the text, with quotes and colon.
  private let keys: [[UInt8]]
  private let wanted: [Int]
  private let labels: [String]

  /// A reader of the labels at some places of a model's list, in ascending order.
  package init(labels: [String], wanted: [Int]) {
    (self.labels, self.wanted) = (labels, wanted)
    keys = labels.map { Array((JSONText.quoted($0) + ":").utf8) }
  }

  /// Reads a text into a list of one number for each label that is wanted; a label without a number has NaN.
  ///
  /// - Parameters:
  ///   - text: the text, behind which stands a zero.
  ///   - values: where the numbers go, in the order of the labels.
  package func read(_ text: UnsafeBufferPointer<UInt8>, into values: inout [Double]) {
    if !readWritten(text, into: &values) { decode(text, into: &values) }
  }

  private func readWritten(_ text: UnsafeBufferPointer<UInt8>, into values: inout [Double]) -> Bool {
    guard text.first == UInt8(ascii: "{"), let start = text.baseAddress, let last = wanted.last else { return false }
    var place = 1, next = 0
    for index in 0...last {
      let key = keys[index]
      guard place + key.count < text.count else { return false }
      let isKey = key.withUnsafeBytes { key in
        key.baseAddress.map { memcmp($0, start + place, key.count) == 0 } ?? false
      }
      guard isKey else { return false }
      place += key.count
      if index == wanted[next] {
        var end: UnsafeMutablePointer<CChar>?
        let number = start + place
        // JSON's numbers begin with a digit or a minus, and none is hexadecimal; strtod would take more than that.
        let digits = number[0] == UInt8(ascii: "-") ? number + 1 : number
        guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digits[0]), digits[1] | 0x20 != UInt8(ascii: "x") else {
          return false
        }
        let begin = UnsafeRawPointer(number).assumingMemoryBound(to: CChar.self)
        let value = strtod(begin, &end)
        guard let end, value.isFinite else { return false }
        values[next] = value
        next += 1
        place += UnsafeRawPointer(end) - UnsafeRawPointer(begin)
      } else {
        while place < text.count, start[place] != UInt8(ascii: ","), start[place] != UInt8(ascii: "}") { place += 1 }
      }
      let isEnd = place < text.count && index == last && start[place] == UInt8(ascii: "}")
      guard isEnd || place < text.count && start[place] == UInt8(ascii: ",") else { return false }
      place += 1
    }
    return true
  }

  private func decode(_ text: UnsafeBufferPointer<UInt8>, into values: inout [Double]) {
    let object = try? JSONDecoder().decode([String: Double].self, from: Data(text))
    for (place, label) in wanted.enumerated() {
      // A dictionary of strings holds canonically equal keys for one; the bytes decide.
      let found = object?.first { $0.key.hasSameBytes(as: labels[label]) }?.value
      values[place] = found.flatMap { $0.isFinite ? $0 : nil } ?? .nan
    }
  }
}
