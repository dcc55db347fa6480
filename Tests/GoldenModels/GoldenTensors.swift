import Archives
package import Models

/// Tensors that the reference computed for a batch of posts, or the batch itself: a safetensors file, read by name and post.
///
/// A separate target, so that tests of libraries below Models need not link it.
package struct GoldenTensors {
  package let file: Safetensors

  package init(path: String) throws { file = try Safetensors(path: path) }

  package func shape(_ name: String) -> [Int]? { file[name]?.shape }

  package subscript(name: String) -> [Float]? { file[name].map(file.floats) }

  /// The rows of one post.
  package func slice(_ name: String, _ post: Int) -> [Float]? {
    guard let tensor = file[name] else { return nil }
    let size = tensor.count / tensor.shape[0]
    return Array(file.floats(tensor)[post * size..<(post + 1) * size])
  }

  /// The unmasked pieces of one post.
  package func pieces(_ stream: String, _ post: Int) -> [Int32]? {
    guard let ids = slice("\(stream)_ids", post), let mask = slice("\(stream)_mask", post) else { return nil }
    return zip(ids, mask).filter { $0.1 != 0 }.map { Int32($0.0) }
  }

  /// The unmasked corner of one post's matrix.
  package func square(_ name: String, _ post: Int, rows: Int, columns: Int) -> [Float]? {
    guard let all = slice(name, post), let width = shape(name)?[2] else { return nil }
    return (0..<rows).flatMap { all[$0 * width..<$0 * width + columns] }
  }

  /// A batch's posts, each with its own length and without masks; empty if the file has no texts.
  package var posts: [PostInputs] {
    (0..<(shape("text_ids")?.first ?? 0)).compactMap { index in
      guard let text = pieces("text", index) else { return nil }
      let knowledge = pieces("knowledge", index)
      var post = PostInputs(text: text, knowledge: knowledge)
      if self["image_present"].map({ $0[index] != 0 }) ?? true { post.pixels = slice("pixels", index) }
      post.selfBias = square("self_bias", index, rows: text.count, columns: text.count)
      post.crossBias = square("cross_bias", index, rows: text.count, columns: knowledge?.count ?? 0)
      return post
    }
  }
}
