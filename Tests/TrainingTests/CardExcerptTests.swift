import Training
import Testing

@Suite struct CardExcerptTests {
  private let card = """
    ---
    - no list of ours
    ---
    # m1

    | on the posts to validate with | accuracy | macro F1 | weighted F1 | cross-entropy |
    |---|---|---|---|---|
    | with pictures | 0.9820 | 0.9810 | 0.9800 | 0.0697 |
    | every picture hidden | 0.5000 | 0.4000 | 0.3000 | 3.1378 |

    ## How it was made

    - Began with a fresh text encoder.
    - Learnt from 6 posts of a.csv (ironic 3, sincere 3).
    - Chosen on 240 posts of b.csv: epoch 3 of 4, by macro-f1.
    - A line that somebody added.
    - Settings: `{"alpha":1,"classWeights":"equal","frozen":["text","image"],"rate":0.001,"selection":"macro-f1"}`.
    - clfa 0.1.0 on a machine.

    ## Afterwards

    - Began with something else.
    """

  @Test func saysHowTheModelWasMade() {
    let excerpt = CardExcerpt(card)
    #expect(excerpt.lines.map(\.name) == ["Began with", "Learnt from", "Chosen on", "Settings", "Program"])
    #expect(excerpt.lines[0].words == "a fresh text encoder.")
    #expect(
      excerpt.lines[3].words
        == "alpha 1 · class weights equal · frozen text and image · rate 0.001 · selection macro-f1")
    #expect(excerpt.lines[4].words == "clfa 0.1.0 on a machine.")
    #expect(excerpt.selection == "macro-f1" && excerpt.validationPosts == 240)
  }

  @Test func saysWhatIsLeftWithoutPictures() throws {
    let blind = try #require(CardExcerpt(card).withoutPictures)
    #expect([blind.accuracy, blind.macroF1, blind.weightedF1, blind.loss] == [0.5, 0.4, 0.3, 3.1378])
  }

  @Test(arguments: [
    "", "# a card\n\nof another program", "## How it was made\n- Settings: `{`.\n",
    "## How it was made\n- Settings: }{\n", "| every picture hidden | 1 | 2 |\n",
    "| every picture hidden | a | b | c | d |\n",
  ])
  func leavesOutWhatItDoesNotFind(text: String) {
    let excerpt = CardExcerpt(text)
    #expect(excerpt.lines.isEmpty && excerpt.selection == nil && excerpt.withoutPictures == nil)
  }
}
