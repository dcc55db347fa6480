import Inputs
import Evaluation
import Testing

@Suite struct PictureResamplerTests {
  @Test("Odd sizes equal Pillow's", arguments: PictureGoldens.all.resized)
  func golden(_ golden: PictureGoldens.Resized) {
    let count = golden.width * golden.height * 3
    let pixels = [UInt8](unsafeUninitializedCapacity: count) { samples, written in
      for n in 0..<count {
        let i = UInt64(n)
        samples[n] = UInt8(truncatingIfNeeded: (i &* 2_654_435_761 &+ i &* i &* 97) >> 24)
      }
      written = count
    }
    let picture = Picture(width: golden.width, height: golden.height, pixels: pixels)
    let resized = PictureResampler().resize(picture, width: golden.size, height: golden.size)
    #expect(resized.width == golden.size && resized.height == golden.size)
    #expect(PictureGoldens.digest(resized.pixels) == golden.rgb)
  }

  @Test("Any sizes equal a simple implementation's", arguments: 0..<60)
  func twin(seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed))
    let longest = seed % 4 == 0 ? 700 : 60
    let (width, height) = (
      Int.random(in: 1...longest, using: &random), Int.random(in: 1...longest, using: &random)
    )
    var (toWidth, toHeight) = (
      Int.random(in: 1...120, using: &random), Int.random(in: 1...120, using: &random)
    )
    if seed % 5 == 0 { toWidth = width }
    if seed % 7 == 0 { toHeight = height }
    // Extremes show rounding and clipping best.
    let pixels = (0..<3 * width * height).map { _ in
      Bool.random(using: &random)
        ? UInt8.random(in: 0...255, using: &random) : Bool.random(using: &random) ? 255 : 0
    }
    let picture = Picture(width: width, height: height, pixels: pixels)
    let fast = PictureResampler().resize(picture, width: toWidth, height: toHeight)
    #expect(fast == naive(picture, width: toWidth, height: toHeight))
  }

  @Test("A uniform picture stays unchanged", arguments: [0, 1, 127, 254, 255] as [UInt8])
  func uniform(value: UInt8) {
    let picture = Picture(width: 97, height: 41, pixels: Array(repeating: value, count: 3 * 97 * 41))
    let resized = PictureResampler().resize(picture, width: 224, height: 13)
    #expect(resized.pixels.allSatisfy { $0 == value })
  }

  @Test("One resampler serves many threads and many sizes")
  func shared() async {
    let resampler = PictureResampler()
    let pictures = (1...40).map { side in
      Picture(width: side, height: 50, pixels: (0..<150 * side).map { UInt8(truncatingIfNeeded: $0 &* 37) })
    }
    let expected = pictures.map { naive($0, width: 20, height: 20) }
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<4 {
        group.addTask { pictures.map { resampler.resize($0, width: 20, height: 20) } == expected }
      }
      for await same in group { #expect(same) }
    }
  }
}

/// A simple implementation of the resampler: a whole picture between the passes, every weight from the formula.
private func naive(_ picture: Picture, width: Int, height: Int) -> Picture {
  func weights(_ o: Int, _ input: Int, _ output: Int) -> [(index: Int, weight: Int)] {
    let scale = Double(input) / Double(output)
    let support = max(1, scale)
    let centre = (Double(o) + 0.5) * scale
    let window = max(0, Int(centre - support + 0.5))..<min(input, Int(centre + support + 0.5))
    let raw = window.map { max(0, 1 - abs((Double($0) - centre + 0.5) * (1 / support))) }
    let sum = raw.reduce(0, +)
    return zip(window, raw).map { ($0, Int(0.5 + $1 / sum * 4_194_304)) }
  }
  func sample(_ taps: [(index: Int, weight: Int)], _ value: (Int) -> UInt8) -> UInt8 {
    let sum = taps.reduce(1 << 21) { $0 + Int(value($1.index)) * $1.weight }
    return UInt8(max(0, min(255, sum >> 22)))
  }
  var across = picture
  if width != picture.width {
    var pixels: [UInt8] = []
    let taps = (0..<width).map { weights($0, picture.width, width) }
    for y in 0..<picture.height {
      for x in 0..<width {
        for c in 0..<3 { pixels.append(sample(taps[x]) { picture.pixels[3 * (picture.width * y + $0) + c] }) }
      }
    }
    across = Picture(width: width, height: picture.height, pixels: pixels)
  }
  if height == picture.height { return across }
  var pixels: [UInt8] = []
  for y in 0..<height {
    let taps = weights(y, picture.height, height)
    for i in 0..<3 * width { pixels.append(sample(taps) { across.pixels[3 * width * $0 + i] }) }
  }
  return Picture(width: width, height: height, pixels: pixels)
}
