extension ModelConfiguration.Image {
  /// Writes a picture's patches: for each a row of 3 · patch² numbers, in the order of the convolution's weights.
  ///
  /// - Parameters:
  ///   - pixels: 3 · size² numbers, channel by channel, row by row; those beyond the last whole patch are left out.
  ///   - to: room for grid² rows, patch by patch from the top left.
  package func cut(_ pixels: [Float], into to: UnsafeMutablePointer<Float>) {
    pixels.withUnsafeBufferPointer { pixels in
      guard let pixels = pixels.baseAddress else { return }
      var to = to
      for patch in 0..<grid * grid {
        let (down, right) = patch.quotientAndRemainder(dividingBy: grid)
        for line in 0..<3 * patchSize {
          let (channel, row) = line.quotientAndRemainder(dividingBy: patchSize)
          let from = (channel * size + down * patchSize + row) * size + right * patchSize
          to.update(from: pixels + from, count: patchSize)
          to += patchSize
        }
      }
    }
  }
}
