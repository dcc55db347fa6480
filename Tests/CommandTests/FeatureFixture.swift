import Foundation
import Evaluation
import Testing

/// Posts whose label needs text, picture and sound: it depends on how many of the three are bright.
enum FeatureFixture {
  private static let names = ["none", "one", "two", "three"]

  /// A matrix as numpy saves it.
  static func npy(_ rows: [[Float]]) -> Data {
    var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(rows.count), \(rows.first?.count ?? 0)), }"
    header += String(repeating: " ", count: 63 - (header.utf8.count + 10) % 64) + "\n"
    let bytes = rows.flatMap(\.self).flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian) { Array($0) } }
    return Data([0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8) + bytes)
  }

  /// Writes `train.csv`, `valid.csv` and `test.csv`, and the test posts again with uninformative words (`mute.csv`) and
  /// without pictures (`blind.csv`).
  static func make() throws -> Workdir {
    let workdir = try Workdir()
    var random = SeededGenerator(seed: 5)
    func pick(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }
    let pictures = try FileManager.default.contentsOfDirectory(atPath: Workdir.samples + "/images").sorted().prefix(4)
    let words = (0..<12).map { "w\($0)" }, dark = ["dark", "dim", "night"], bright = ["bright", "sunny", "day"]
    try workdir.write(
      "vocab.txt", (["[PAD]", "[UNK]", "[CLS]", "[SEP]"] + words + dark + bright).joined(separator: "\n") + "\n")
    func write(_ name: String, _ count: Int) throws -> [String] {
      var lines: [String] = []
      for number in 0..<count {
        let bits = (0..<3).map { _ in pick(2) }
        var text = (0..<3).map { _ in words[pick(words.count)] }
        text.insert((bits[0] == 1 ? bright : dark)[pick(3)], at: pick(4))
        let rows = (0..<1 + pick(4)).map { _ in
          (0..<6).map { column in Float(random.unit()) - 0.5 + (column == 2 ? (bits[2] == 1 ? 2 : -2) : 0) }
        }
        let sound = "sound/\(name)-\(number).npy"
        try workdir.write(sound, npy(rows))
        lines.append(
          "\(name)-\(number),\(text.joined(separator: " ")),images/\(pictures[2 * bits[1] + pick(2)]),\(sound),"
            + names[bits.reduce(0, +)])
      }
      try workdir.write("\(name).csv", (["id,text,image,sound,label"] + lines).joined(separator: "\n") + "\n")
      return lines
    }
    _ = try write("train", 600)
    _ = try write("valid", 120)
    let test = try write("test", 200)
    for (name, column, value) in [("mute", 1, "w1 w2 w3 w4"), ("blind", 2, "")] {
      let changed = test.map { line in
        var cells = line.split(separator: ",").map(String.init)
        cells[column] = value
        return cells.joined(separator: ",")
      }
      try workdir.write("\(name).csv", (["id,text,image,sound,label"] + changed).joined(separator: "\n") + "\n")
    }
    return workdir
  }

  static func train(_ output: String, _ more: String...) -> [String] {
    [
      "train", "train.csv", "--validation", "valid.csv", "--images", Workdir.samples, "--vocabulary", "vocab.txt",
      "--text-size", "1x32", "--image-size", "1x32/8@16", "--dim", "32", "--fusion-layers", "1", "--alpha", "0",
      "--learning-rate", "1e-3", "--batch", "20", "--epochs", "8", "--dropout", "0", "--max-text", "8", "--seed", "3",
      "--progress", "none", "-o", output,
    ] + more
  }

  static func score(_ corpus: String, _ model: String, _ run: String, _ more: String...) -> [String] {
    [
      "score", corpus, "--images", Workdir.samples, "--model", model, "--store", "s.sqlite", "--run", run,
      "--precision",
      "f32", "--progress", "none",
    ] + more
  }
}
