import CCairo
import Evaluation
import Foundation

/// A picture: the emoji of a topic and the emoji of a mood, each turned, moved and scaled, on shapes without meaning.
package enum Scene {
  /// The side of every picture, in pixels.
  package static let side = 96

  /// How far a glyph is turned to either side, in radians.
  private static let turn = 0.2
  /// The longer side of a glyph before it is turned, in pixels.
  private static let sizes = 44.0...52.0
  /// How far a glyph is moved from its corner to either side, at most, in pixels.
  private static let shift = 8.0
  /// How far a glyph may stick out of the picture, in pixels.
  private static let overhang = 3.0

  /// Where an emoji is: the box around it as it was turned, cut at the picture's edges. In pixels from the top left; right
  /// and bottom are the first column and row after it.
  package struct Place: Equatable, Sendable {
    package var left, top, right, bottom: Int

    /// A box by its middle and its size, which may stick out of the picture.
    init(x: Double, y: Double, width: Double, height: Double) {
      func cut(_ number: Double) -> Int { min(max(Int(number), 0), side) }
      left = cut((x - width / 2).rounded(.down))
      top = cut((y - height / 2).rounded(.down))
      right = cut((x + width / 2).rounded(.up))
      bottom = cut((y + height / 2).rounded(.up))
    }
  }

  /// Draws a picture.
  ///
  /// - Parameters:
  ///   - topic: the first emoji.
  ///   - mood: the second, in another corner, so that neither hides the other.
  ///   - sheet: their images.
  ///   - seed: decides the places, sizes, colours and shapes.
  /// - Returns: a picture of `side × side` pixels, and the places of the two emoji.
  /// - Throws: what the sheet throws, and `SampleGeneratorError.drawing`.
  package static func draw(topic: Glyph, mood: Glyph, _ sheet: GlyphSheet, seed: UInt64)
    throws(SampleGeneratorError) -> (canvas: PictureCanvas, topic: Place, mood: Place)
  {
    var random = SeededGenerator(seed: seed)
    let canvas = try PictureCanvas(width: Int32(side), height: Int32(side), isTransparent: false)
    background(canvas.context, &random)
    for _ in 0..<random.index(below: 4) { shape(canvas.context, &random) }
    let left = random.index(below: 4)
    let first = place(try sheet.image(of: topic), in: left, on: canvas.context, &random)
    // The corner opposite.
    let second = place(try sheet.image(of: mood), in: 3 - left, on: canvas.context, &random)
    try canvas.check()
    return (canvas, first, second)
  }

  /// One colour, or two that run into each other.
  private static func background(_ context: OpaquePointer, _ random: inout SeededGenerator) {
    let from = colour(&random), to = colour(&random)
    let angle = random.number(in: 0...(2 * .pi))
    if random.index(below: 5) < 3 {
      cairo_set_source_rgb(context, from.red, from.green, from.blue)
      cairo_paint(context)
      return
    }
    cairo_save(context)
    let middle = Double(side) / 2
    cairo_translate(context, middle, middle)
    cairo_rotate(context, angle)
    guard let gradient = cairo_pattern_create_linear(-middle, 0, middle, 0) else { return cairo_restore(context) }
    cairo_pattern_add_color_stop_rgb(gradient, 0, from.red, from.green, from.blue)
    cairo_pattern_add_color_stop_rgb(gradient, 1, to.red, to.green, to.blue)
    cairo_set_source(context, gradient)
    cairo_paint(context)
    cairo_pattern_destroy(gradient)
    cairo_restore(context)
  }

  /// An ellipse, a rectangle, a triangle or a ring, anywhere.
  private static func shape(_ context: OpaquePointer, _ random: inout SeededGenerator) {
    let colour = colour(&random)
    cairo_save(context)
    cairo_translate(
      context, random.number(in: -8...Double(side + 8)), random.number(in: -8...Double(side + 8)))
    cairo_rotate(context, random.number(in: 0...(2 * .pi)))
    cairo_scale(context, random.number(in: 6...26), random.number(in: 6...26))
    cairo_set_source_rgba(context, colour.red, colour.green, colour.blue, random.number(in: 0.4...1))
    switch random.index(below: 4) {
    case 0: cairo_arc(context, 0, 0, 1, 0, 2 * .pi)
    case 1: cairo_rectangle(context, -1, -1, 2, 2)
    case 2:
      cairo_move_to(context, 0, -1)
      cairo_line_to(context, 1, 1)
      cairo_line_to(context, -1, 1)
      cairo_close_path(context)
    default:
      cairo_arc(context, 0, 0, 1, 0, 2 * .pi)
      cairo_new_sub_path(context)
      cairo_arc_negative(context, 0, 0, 0.6, 2 * .pi, 0)
    }
    cairo_fill(context)
    cairo_restore(context)
  }

  /// Draws an image in a corner: 0 and 1 above, 2 and 3 below; even ones left.
  private static func place(
    _ image: PictureCanvas, in corner: Int, on context: OpaquePointer, _ random: inout SeededGenerator
  ) -> Place {
    let size = random.number(in: sizes)
    let scale = size / Double(max(image.width, image.height))
    let near = size / 2 - overhang
    func position(_ isFar: Bool) -> Double {
      let place = random.number(in: near...near + shift)
      return isFar ? Double(side) - place : place
    }
    let x = position(!corner.isMultiple(of: 2)), y = position(corner > 1)
    cairo_save(context)
    cairo_translate(context, x, y)
    let angle = random.number(in: -turn...turn)
    cairo_rotate(context, angle)
    cairo_scale(context, scale, scale)
    cairo_set_source_surface(context, image.surface, -Double(image.width) / 2, -Double(image.height) / 2)
    cairo_pattern_set_filter(cairo_get_source(context), CAIRO_FILTER_GOOD)
    cairo_paint(context)
    cairo_restore(context)
    let width = scale * Double(image.width), height = scale * Double(image.height)
    let (cosine, sine) = (cos(angle), abs(sin(angle)))
    return Place(x: x, y: y, width: width * cosine + height * sine, height: width * sine + height * cosine)
  }

  private static func colour(_ random: inout SeededGenerator) -> (red: Double, green: Double, blue: Double) {
    (random.number(in: 0.3...1), random.number(in: 0.3...1), random.number(in: 0.3...1))
  }
}
