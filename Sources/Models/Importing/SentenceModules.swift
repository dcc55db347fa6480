import Bytes

/// The `modules.json` of a folder of sentence-transformers: the steps from a text to its vector, each with its folder.
struct SentenceModules {
  /// A step.
  enum Step: Equatable {
    /// A text encoder of transformers.
    case transformer
    /// A CLIP.
    case clip
    case pooling
    case dense
    case normalize
  }

  static let fileName = "modules.json"
  /// The steps, with the names of their folders within the whole one; empty for the whole one itself.
  let steps: [(step: Step, folder: String)]

  /// Steps by the last part of their class's name; dropout does nothing but in training.
  private static let known: [(name: String, step: Step?)] = [
    ("Transformer", .transformer), ("CLIPModel", .clip), ("Pooling", .pooling), ("Dense", .dense),
    ("Normalize", .normalize), ("Dropout", nil),
  ]

  /// Reads the file; nil if there is none.
  ///
  /// - Throws: `wrongFolder` for a step that clfa does not know, or steps in another order than encoder, pooling, others.
  init?(of folder: String) throws(HubError) {
    let path = HubFolder(path: folder).file(Self.fileName), bytes: [UInt8]
    do {
      bytes = try MappedFile(path: path, limit: 1 << 20).copy()
    } catch .missingFile {
      return nil
    } catch {
      throw HubError(error)
    }
    let modules: [JSON]
    do {
      guard case .array(let values) = try JSONParser.parse(bytes) else {
        throw HubError.configuration(
          path: path, .wrongKind(key: "the file", expected: "a list", found: "another value"))
      }
      modules = values
    } catch let error as JSONError {
      throw .configuration(path: path, .notJSON(error))
    } catch let error as HubError {
      throw error
    } catch {
      return nil
    }
    var steps: [(Step, String)] = []
    for module in modules {
      let type: String, place: String
      do throws(ConfigurationError) {
        var reader = try ConfigurationReader(module)
        try reader.require(["type", "path"])
        (type, place) = (try reader.string("type") ?? "", try reader.string("path") ?? "")
      } catch {
        throw .configuration(path: path, error)
      }
      let parts = place.split(separator: "/", omittingEmptySubsequences: false)
      guard place.isEmpty || !parts.contains(where: { $0.isEmpty || $0 == ".." }), !place.utf8.contains(0) else {
        throw .badShard(path: path, file: place)
      }
      let name = type.split(separator: ".").last.map(String.init) ?? ""
      guard type.utf8.starts(with: "sentence_transformers.".utf8),
        let known = Self.known.first(where: { ByteText($0.name) == ByteText(name) })
      else { throw .wrongFolder(path: folder, .module(type)) }
      if let step = known.step { steps.append((step, place)) }
    }
    let kinds = steps.map(\.0)
    guard
      kinds == [.clip]
        || (kinds.starts(with: [.transformer, .pooling])
          && !kinds.dropFirst(2).contains {
            ![.dense, .normalize].contains($0)
          })
    else { throw .wrongFolder(path: folder, .moduleOrder) }
    self.steps = steps.map { (step: $0.0, folder: $0.1) }
  }
}
