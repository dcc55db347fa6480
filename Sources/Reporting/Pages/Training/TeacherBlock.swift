/// How near texts and pictures stand to their teacher and to each other, before and after.
enum TeacherBlock {
  static func pieces(_ context: TrainingContext) -> [Piece] {
    let data = context.data
    let landmarks = data.landmarks.filter { $0.words != "first" }
    guard !landmarks.isEmpty else { return [] }
    let measures: [(String, KeyPath<TrainingData.Measures, Double?>)] = [
      ("text and its teacher, cosine", \.textAlignment), ("picture and its teacher, cosine", \.imageAlignment),
      ("own picture less another post's, cosine", \.pairing),
    ]
    let known = measures.filter { measure in data.epochs.contains { $0.validation[keyPath: measure.1] != nil } }
    let heading = context.heading("Alignment before and after")
    let hasTeacher = known.contains { $0.1 != \.pairing }
    let remark =
      hasTeacher
      ? nil
      : context.remark(
        data.alpha == 0
          ? "This model was trained without a teacher (alpha 0): texts and pictures were not aligned, and there is nobody "
            + "whose vectors theirs could be compared with."
          : "No post to validate with has a teacher's vectors, so nearness to the teacher was not measured.")
    guard !known.isEmpty else { return [heading] + (remark.map { [$0] } ?? []) }
    let columns =
      [Table.Column(name: "mean over the posts to validate with", alignment: .left, share: 1)]
      + landmarks.map { Table.Column(name: name($0), width: 82) } + [
        Table.Column(name: "gained by the best", width: 76)
      ]
    let first = landmarks.first?.epoch, best = data.best
    let rows = known.map { name, path in
      let before = first?.validation[keyPath: path], after = best?.validation[keyPath: path]
      let gain = before.flatMap { before in after.map { $0 - before } }
      return Table.Row(
        cells: [name] + landmarks.map { Format.measure($0.epoch.validation[keyPath: path]) }
          + [first?.number == best?.number ? "–" : Format.change(gain)])
    }
    var table = context.table(columns, rows)
    if remark != nil, !table.isEmpty { table[0].gap = 10 }
    return [heading] + (remark.map { [$0] } ?? []) + table + [context.note(words)]
  }

  private static func name(_ landmark: (words: String, epoch: TrainingData.Epoch)) -> String {
    landmark.epoch.number == 0 ? landmark.words : "\(landmark.words), \(Format.count(landmark.epoch.number))"
  }

  private static let words =
    "Cosines run from −1 to 1. The last line compares a text with its own picture and with the next post's: above 0, a "
    + "text stands nearer to its own."
}
