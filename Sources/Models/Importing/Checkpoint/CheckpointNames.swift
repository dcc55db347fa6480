import Bytes

/// What the tensors of a whole model are called in somebody's checkpoint.
enum CheckpointNames: String, CaseIterable {
  /// As the program of the paper's authors saves them: a BERT, a ViT, two projections, cross-attention.
  case authors
  /// As `weights.safetensors` has them.
  case ours

  /// The names that a checkpoint's beginnings give away; nil where nobody here knows them.
  init?(_ names: [String]) {
    func has(_ beginning: String) -> Bool { names.contains { $0.utf8.starts(with: beginning.utf8) } }
    if has("attention_net.") || has("mlp_text.") {
      self = .authors
    } else if has("text_projection.fc1.") && has("classifier.") {
      self = .ours
    } else {
      return nil
    }
  }

  /// Whether a tensor is left out on purpose: nothing reads it.
  func leavesOut(_ name: String) -> Bool {
    guard self == .authors else { return false }
    return ["model.head.", "bert.pooler.", "bert.embeddings.position_ids"].contains { name.utf8.starts(with: $0.utf8) }
  }

  /// Whether a tensor is one of the picture encoder's.
  func isOfImageEncoder(_ name: String) -> Bool {
    name.utf8.starts(with: (self == .authors ? "model.transformer." : "image_encoder.").utf8)
  }

  /// The name, or names, of one of our tensors there.
  func spellings(_ name: String) -> [String] {
    guard self == .authors else { return [name] }
    let parts = name.split(separator: ".").map(String.init), part = parts[parts.count - 1]
    switch parts[0] {
    case "text_encoder":
      return HubTextKind.bert.spellings(Array(parts.dropFirst())).filter { $0.utf8.starts(with: "bert.".utf8) }
    case "image_encoder": return ["model.transformer." + Self.vision(Array(parts.dropFirst()))]
    case "text_projection": return ["mlp_text." + parts[1...].joined(separator: ".")]
    case "image_projection": return ["mlp_image." + parts[1...].joined(separator: ".")]
    case "pooler": return ["text_pooler.dense.\(part)"]
    case "fusion": return ["attention_net.layer.\(parts[1])." + Self.fusion(Array(parts.dropFirst(2)))]
    default: return [name]
    }
  }

  private static func vision(_ parts: [String]) -> String {
    let part = parts[parts.count - 1]
    switch parts[0] {
    case "cls": return "embeddings.cls_token"
    case "position": return "embeddings.position_embeddings"
    case "patch": return "embeddings.patch_embeddings.\(part)"
    case "norm": return "encoder.encoder_norm.\(part)"
    default:
      let block = parts[2...].dropLast().joined(separator: ".")
      return "encoder.layer.\(parts[1]).\(inBlock[block] ?? block).\(part)"
    }
  }

  private static let inBlock = [
    "attention.query": "attn.query", "attention.key": "attn.key", "attention.value": "attn.value",
    "attention_output": "attn.out", "norm1": "attention_norm", "norm2": "ffn_norm", "fc1": "ffn.fc1", "fc2": "ffn.fc2",
  ]

  private static func fusion(_ parts: [String]) -> String {
    let part = parts[parts.count - 1]
    switch parts[0] {
    case "fc1": return "intermediate.dense.\(part)"
    case "fc2": return "output.dense.\(part)"
    case "norm": return "output.LayerNorm.\(part)"
    default:
      let stream = ["text": "textSelfAttn", "image": "imageCrossAttn"][parts[0]] ?? "knowledgeCrossAttn"
      switch parts[1] {
      case "attention": return "\(stream).bertCoAttn.\(parts[2]).\(part)"
      case "output": return "\(stream).output.dense.\(part)"
      default: return "\(stream).output.LayerNorm.\(part)"
      }
    }
  }
}
