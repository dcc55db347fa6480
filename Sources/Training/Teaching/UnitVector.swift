extension [Float] {
  /// The vector at length 1, summed in double precision; one of zeros stays.
  var atUnitLength: [Float] {
    let length = reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    return length > 0 ? map { Float(Double($0) / length) } : self
  }
}
