import Archives
import Models
import Tensors
import Testing

/// A small model with inputs and the reference's stages, from `Data`.
struct Golden: Sendable, CustomTestStringConvertible {
  /// The folder's name under `Data`.
  let name: String
  /// How many posts the batch has.
  let count = 6

  static let all = [
    "mean-2", "cls-3", "max-5", "mean-5-no-knowledge", "cls-2-no-graphs", "max-3-no-knowledge",
    "concat-3", "concat-2-no-knowledge", "gated-2", "co-attention-3", "co-attention-2-no-knowledge",
    "text-3-no-knowledge", "image-2",
  ].map(Golden.init(name:))

  init(name: String) { self.name = name }

  var testDescription: String { name }

  var path: String {
    let tests = #filePath.split(separator: "/").dropLast().joined(separator: "/")
    return "/\(tests)/Data/\(name)"
  }

  func load() throws -> ModelFolder { try ModelFolder.load(path) }

  func classifier(_ precision: Precision = .f32) throws -> PostClassifier {
    try PostClassifier(folder: load(), precision: precision)
  }

  func tensors(_ part: String) throws -> Tensors {
    Tensors(file: try Safetensors(path: "\(path)/\(part).safetensors"))
  }

  /// The posts of the batch, each with its own length and nothing masked.
  func posts() throws -> [PostInputs] {
    let batch = try tensors("batch")
    return try (0..<count).map { index in
      let text = try #require(batch.pieces("text", index))
      let knowledge = batch.pieces("knowledge", index)
      var post = PostInputs(text: text, knowledge: knowledge)
      if batch.values("image_present").map({ $0[index] != 0 }) ?? true {
        post.pixels = batch.slice("pixels", index)
      }
      post.selfBias = batch.square("self_bias", index, rows: text.count, columns: text.count)
      post.crossBias = batch.square("cross_bias", index, rows: text.count, columns: knowledge?.count ?? 0)
      return post
    }
  }

  /// Tensors of the batch or the outputs, by name and post.
  struct Tensors {
    let file: Safetensors

    func shape(_ name: String) -> [Int]? { file[name]?.shape }

    func values(_ name: String) -> [Float]? { file[name].map(file.floats) }

    /// All that belongs to one post.
    func slice(_ name: String, _ post: Int) -> [Float]? {
      guard let tensor = file[name] else { return nil }
      let size = tensor.count / tensor.shape[0]
      return Array(file.floats(tensor)[post * size..<(post + 1) * size])
    }

    /// The unmasked pieces of one post.
    func pieces(_ stream: String, _ post: Int) -> [Int32]? {
      guard let ids = slice("\(stream)_ids", post), let mask = slice("\(stream)_mask", post) else {
        return nil
      }
      return zip(ids, mask).filter { $0.1 != 0 }.map { Int32($0.0) }
    }

    /// The unmasked corner of one post's matrix.
    func square(_ name: String, _ post: Int, rows: Int, columns: Int) -> [Float]? {
      guard let all = slice(name, post), let width = shape(name)?[2] else { return nil }
      return (0..<rows).flatMap { all[$0 * width..<$0 * width + columns] }
    }
  }
}

extension Precision {
  /// Those that this processor has instructions for.
  static var supported: [Precision] { allCases.filter(\.isSupported) }
}

/// The stages of a forward pass as they were noted: each sequence's numbers by the stage's name.
final class StageRecorder {
  private(set) var stages: [String: [[Float]]] = [:]

  func listen(to workspace: Workspace) {
    workspace.onStage = { [unowned self] name, stage, spans in
      stages[name] = (0..<spans.count).map { index in
        spans[index].flatMap { stage.values(ofRow: $0) }
      }
    }
  }
}
