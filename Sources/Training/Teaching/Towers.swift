package import Inputs
package import Tensors

/// A frozen encoder of texts.
///
/// An immutable value, shared by all threads. A text's vector has the same bits in any company.
package protocol TextTower: Sendable {
  /// The numbers of a vector.
  var width: Int { get }
  /// The hash of everything that vectors depend on, other than their inputs: 32 bytes.
  var identity: [UInt8] { get }
  /// How vectors are computed, for the metadata of a file of them.
  var remark: String { get }
  /// How many texts are best encoded together.
  var textsTogether: Int { get }

  /// The pieces of a text, as many as the encoder reads.
  func pieces(of text: String) -> TokenizedText
  /// The vectors of texts, given by their pieces; not of unit length yet.
  func vectors(ofTexts pieces: [[Int32]], using workspace: Workspace) throws -> [[Float]]
}

/// A frozen encoder of pictures.
///
/// An immutable value, shared by all threads. A picture's vector has the same bits in any company.
package protocol PictureTower: Sendable {
  /// The numbers of a vector.
  var width: Int { get }
  /// The hash of everything that vectors depend on, other than their inputs: 32 bytes.
  var identity: [UInt8] { get }
  /// How vectors are computed, for the metadata of a file of them.
  var remark: String { get }
  /// How many pictures are best encoded together.
  var picturesTogether: Int { get }

  /// A picture's numbers, channel by channel, and whether its file ends early.
  func pixels(of file: PictureFile) throws(PictureFileError) -> (numbers: [Float], isCut: Bool)
  /// The vectors of pictures, given by their numbers; not of unit length yet.
  func vectors(ofPictures pixels: [[Float]], using workspace: Workspace) throws -> [[Float]]
}
