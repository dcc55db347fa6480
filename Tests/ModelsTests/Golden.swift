import Archives
import GoldenModels
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

  func tensors(_ part: String) throws -> GoldenTensors {
    try GoldenTensors(path: "\(path)/\(part).safetensors")
  }

  /// The posts of the batch, each with its own length and nothing masked.
  func posts() throws -> [PostInputs] {
    let posts = try tensors("batch").posts
    #expect(posts.count == count)
    return posts
  }
}

extension Precision {
  /// The precisions that this processor supports.
  static var supported: [Precision] { allCases.filter(\.isSupported) }
}

/// The recorded stages of a forward pass: each sequence's numbers by the name of the stage.
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
