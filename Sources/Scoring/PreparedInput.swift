internal import Store
import Inputs
import Models
import Preparation

extension InputReader {
  /// A post's inputs, and how much of the text was cut off.
  struct PreparedInput {
    var inputs: PostInputs
    var text: TokenizedText
    /// The decoded picture, if the caller needs it, too.
    var picture: Picture?
    /// Whether the picture's file ends early.
    var isCut = false
  }

  /// Converts a post to tokens and pixels. A picture that cannot be decoded is the row's fault; an already encoded one
  /// is not decoded again, unless `keepsPicture` asks for it.
  func callAsFunction(
    _ row: PendingRow, reusing cache: EncoderCache?, keepsPicture: Bool, _ clock: StageClock
  ) throws(PictureFileError) -> PreparedInput {
    var (inputs, text) = clock.time(.text) { words(text: row.record.text, knowledge: row.record.knowledge) }
    inputs.features = row.features
    inputs.pictureIdentity = row.picture?.sha256
    inputs.encodedPicture = row.picture.flatMap { cache?.picture($0.sha256) }
    guard let file = row.picture, keepsPicture || inputs.encodedPicture == nil else {
      return PreparedInput(inputs: inputs, text: text)
    }
    let (picture, pixels) = try clock.time(.pictures) {
      [isEncoded = inputs.encodedPicture != nil] () throws(PictureFileError) in
      let picture = try decoded(file)
      return (picture, isEncoded ? nil : self.pixels(decoded: picture))
    }
    inputs.pixels = pixels
    // A cut picture is decoded again each time, so that each of its posts is counted.
    if picture.isCut { inputs.pictureIdentity = nil }
    return PreparedInput(
      inputs: inputs, text: text, picture: keepsPicture ? picture : nil, isCut: picture.isCut)
  }
}
