extension SpaceGeometry.Side {
  /// Restores measures from a record.
  package init(count: Int, dimensions: Int, meanCosine: Double, effectiveRank: Double, uniformity: Double) {
    (self.count, self.dimensions, self.meanCosine) = (count, dimensions, meanCosine)
    (self.effectiveRank, self.uniformity) = (effectiveRank, uniformity)
  }
}
