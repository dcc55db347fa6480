import Reporting
import Results
import Testing

@Suite struct TrainingDocumentTests {
  /// A run with falling losses and rising scores; the second last epoch is the best.
  private func data(epochs: Int, name: String = "a model", hasTeacher: Bool = true) -> TrainingRunResults {
    let records = (0...epochs).map { number in
      let part = Double(number) / Double(max(epochs, 1))
      var measures = TrainingRunResults.Measures(
        accuracy: 0.5 + part / 3, macroF1: 0.4 + part / 3, weightedF1: 0.4 + part / 3, loss: 0.7 - part / 2)
      measures.pairing = part / 10
      if hasTeacher { (measures.textAlignment, measures.imageAlignment) = (part * 0.9, part * 0.8) }
      return TrainingRunResults.Epoch(
        number: number, steps: number * 10,
        losses: number == 0
          ? nil
          : TrainingRunResults.Losses(
            text: hasTeacher ? 2 - part : 0, image: hasTeacher ? 3 - part : 0, classification: 0.7 - part / 2,
            total: (hasTeacher ? 5.7 : 0.7) - part), rate: 1 - part, validation: measures)
    }
    var data = TrainingRunResults(
      name: name, model: [Fact(name: "Labels", value: "2: no, yes")], alpha: hasTeacher ? 1 : 0, epochs: records,
      bestPlace: epochs == 0 ? nil : max(1, epochs - 1))
    data.making = [Fact(name: "Learnt from", value: "a corpus")]
    data.selection = "macro-f1"
    data.withoutPictures = TrainingRunResults.Measures(accuracy: 0.5, macroF1: 0.33, weightedF1: 0.33, loss: 2)
    return data
  }

  private func pieces(_ data: TrainingRunResults) throws -> [Piece] {
    let pages = TrainingDocument(data).pages(try Typesetter())
    for page in pages {
      #expect(!page.pieces.isEmpty)
      var bottom = PageFormat.body.y
      for placed in page.pieces {
        #expect(placed.rect.y >= bottom - 0.001)
        bottom = placed.rect.maxY
      }
      #expect(bottom <= PageFormat.body.maxY + 0.001)
    }
    return pages.flatMap(\.pieces).map(\.piece)
  }

  private let headings = [
    "The model", "First, best and last epoch", "Alignment before and after", "With and without pictures",
    "How it was made",
  ]

  @Test(arguments: [1, 2, 40, 1000]) func aRunOfAnyLengthHasTwoPages(epochs: Int) throws {
    let data = data(epochs: epochs)
    #expect(try pieces(data).compactMap(\.heading) == headings)
    let pages = TrainingDocument(data).pages(try Typesetter())
    #expect(pages.flatMap(\.begins) == ["Results", "Curves"] && pages.count <= 2)
    let bytes = try TrainingDocument(data).pdf()
    #expect(bytes.starts(with: Array("%PDF-1.5".utf8)))
    #expect(bytes.suffix(6).elementsEqual("%%EOF\n".utf8))
    #expect(bytes.count < 300_000)
  }

  @Test func theSameDataGiveTheSameBytes() async throws {
    let document = TrainingDocument(data(epochs: 30, name: "悲しみ غضب"))
    let bytes = try document.pdf()
    let others = try await withThrowingTaskGroup(of: [UInt8].self) { group in
      for _ in 0..<3 { group.addTask { try document.pdf() } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(others.count == 3 && others.allSatisfy { $0 == bytes })
    #expect(String(decoding: bytes, as: UTF8.self).contains("19700101000000Z)"))
  }

  @Test func everyTermHasItsCurve() {
    let charts = TrainingCurvesBlock.charts(data(epochs: 5))
    #expect(
      charts.map(\.title) == [
        "Loss", "Cross-entropy of the labels", "Alignment loss of texts", "Alignment loss of pictures",
        "Macro F1 and accuracy, validation posts", "Learning rate, share of the highest", "Cosine with the teacher",
        "Cosine with own picture minus another's",
      ])
    #expect(charts.allSatisfy { $0.mark == 4 && $0.places == 0...5 })
    // Before the first step there are measures but no losses.
    #expect(charts[0].lines[0].samples.map(\.x) == [1, 2, 3, 4, 5])
    #expect(charts[1].lines.map(\.samples.count) == [5, 6])
    #expect(charts[4].lines.map(\.name) == ["macro F1", "accuracy"])
    #expect(charts[4].lines[0].figure == "0.6667")
  }

  @Test func withoutATeacherThereIsNoAlignment() throws {
    let data = data(epochs: 5, hasTeacher: false)
    let titles = TrainingCurvesBlock.charts(data).map(\.title)
    #expect(!titles.contains { $0.hasPrefix("Alignment loss") } && !titles.contains("Cosine with the teacher"))
    #expect(titles.contains("Loss"))
    #expect(try pieces(data).compactMap(\.heading) == headings)
  }

  @Test func unknownValuesAreLeftOut() throws {
    var data = data(epochs: 3)
    (data.making, data.withoutPictures, data.bestPlace) = ([], nil, 17)
    #expect(
      try pieces(data).compactMap(\.heading) == [
        "The model", "First, best and last epoch", "Alignment before and after",
      ])
    data.epochs = []
    #expect(try pieces(data).compactMap(\.heading) == ["The model", "First, best and last epoch"])
    #expect(try !TrainingDocument(data).pdf().isEmpty)
  }

  @Test func warningsComeFirst() throws {
    var data = data(epochs: 3)
    data.warnings = ["The answer hardly changes without pictures."]
    #expect(try pieces(data).compactMap(\.heading) == ["Warning"] + headings)
    let all = String(repeating: "A batch has only 4 posts, and the loss compares each with 3 others. ", count: 6)
    data.warnings = [String](repeating: all, count: 7)
    #expect(try pieces(data).compactMap(\.heading) == ["Warnings"] + headings)
    #expect(try TrainingDocument(data).pdf() != TrainingDocument(self.data(epochs: 3)).pdf())
  }

  @Test func theSpreadOfTheVectorsIsDrawnIfItWasMeasured() throws {
    var data = data(epochs: 5)
    let before = TrainingCurvesBlock.charts(data).count
    for place in data.epochs.indices {
      data.epochs[place].validation.textSpace = TrainingRunResults.Space(
        effectiveRank: Double(place + 3), meanCosine: 0.9 - Double(place) / 10, uniformity: -1)
      data.epochs[place].validation.pairArea = 0.5 + Double(place) / 20
    }
    let charts = TrainingCurvesBlock.charts(data)
    #expect(
      charts.dropFirst(before).map(\.title) == [
        "Own picture closer than another, share", "Effective rank of the vectors", "Mean cosine of different posts",
      ])
    #expect(charts.last?.lines.map(\.name) == ["texts"], "no picture was measured")
    #expect(
      charts[before].lines[0].samples.map(\.x) == [0, 1, 2, 3, 4, 5] && charts[before].lines[0].figure == "0.7000")
    #expect(try pieces(data).compactMap(\.heading) == headings)
  }

  @Test func strangeNamesAndNumbersAreDrawn() throws {
    var data = data(epochs: 4, name: "漢字 \u{202E}" + String(repeating: "very long ", count: 200))
    data.model += [Fact(name: "Labels", value: String(repeating: "悲しみ, غضب, 😀, ", count: 300))]
    data.making += [Fact(name: "Settings", value: String(repeating: "x", count: 9000))]
    data.epochs[2].validation.loss = .infinity
    data.epochs[3].losses = TrainingRunResults.Losses(
      text: .nan, image: 1e308, classification: -1e308, total: -.infinity)
    data.epochs[4].number = .max
    #expect(try pieces(data).compactMap(\.heading).count == headings.count)
    #expect(try !TrainingDocument(data).pdf().isEmpty)
  }
}
