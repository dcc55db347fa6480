extension BlockContext {
  /// A post's text as it may be shown.
  func text(of post: ShownPost) -> String {
    let text = redaction.hiding(post.text, key: post.key)
    return text.isEmpty ? "(no text)" : text
  }

  /// What is lacking of the pictures, said once in a report.
  var pictureRemark: [Piece] {
    data.shown.pictures.remark.map { [remark($0, onceAs: "pictures")] } ?? []
  }

  /// A command in the type of commands, on two lines at most.
  func command(_ command: String, before: String = "") -> Piece {
    let shaped = typesetter.shape(
      before + DisplayText.line(command, limit: 400), .code.size(6.5), width: width, lines: 2)
    let height = (shaped?.lines ?? 1) > 1 ? 20.0 : 11.0
    var piece = Piece(height: height, gap: 2) { canvas, rect in
      canvas.clipped(to: rect) { canvas.draw(shaped, x: rect.x, baseline: rect.y + 8) }
    }
    piece.words = .note
    return piece
  }
}
