public import Archives

/// Why a file or folder of another program cannot become a model, or a part of one.
public enum HubError: Error, Equatable, Sendable {
  /// There is no such file in the folder.
  case missing(path: String)
  /// A file that cannot be read.
  case file(ModelError)
  /// An archive that cannot be read as data.
  case archive(path: String, ArchiveFault)
  /// A configuration of another kind of model, or of a variant that is not built.
  case configuration(path: String, ConfigurationFault)
  /// A list of shards that names something else than a file beside it.
  case badShard(path: String, file: String)
  /// A tensor that a list of shards promises and the shard does not hold.
  case notInShard(path: String, name: String)
  /// A tensor that such an encoder has, under the hub's name.
  case missingTensor(path: String, name: String, shape: [Int])
  /// A tensor of another shape than the configuration says.
  case misshapenTensor(path: String, name: String, expected: [Int], found: [Int])
  /// A name that is none of this encoder's tensors.
  case unknownTensor(name: String)
  /// Tensors of a model that nobody here knows; some of their names.
  case unknownArchitecture(path: String, names: [String])
  /// An encoder by itself where a whole model belongs.
  case encoderAlone(path: String, kind: String)
  /// A tensor whose shape no such model has.
  case strangeShape(path: String, name: String, found: [Int], expected: String)
  /// A tensor that no part of the model reads.
  case unexpectedTensor(path: String, name: String)
  /// A width that its heads do not divide.
  case heads(part: String, width: Int, heads: Int, flag: String)
  /// Other numbers of names than of labels.
  case labelCount(path: String, labels: Int, names: Int)
  /// A name that is empty or stands twice.
  case labelName(String)
  /// A vocabulary with more pieces than the encoder has vectors.
  case vocabularyTooLong(path: String, pieces: Int, size: Int)
  /// An encoder whose tokens are not as wide as what reads them.
  case otherWidth(part: String, expected: Int, found: Int)
  /// A number that is not finite.
  case notFinite(path: String, name: String)
}
