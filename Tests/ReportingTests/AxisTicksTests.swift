import Reporting
import Results
import Testing

@Suite struct AxisTicksTests {
  @Test func marksAreRound() {
    let ticks = AxisTicks(from: 0, to: 6.24)
    #expect(ticks.values == [0, 2, 4, 6, 8])
    #expect(ticks.range == 0...8)
    #expect(ticks.labels == ["0", "2", "4", "6", "8"])
  }

  @Test func tenthsAreTenths() {
    let ticks = AxisTicks(from: 0.31, to: 0.98)
    #expect(ticks.values == [0.2, 0.4, 0.6, 0.8, 1])
    #expect(ticks.labels == ["0.2", "0.4", "0.6", "0.8", "1.0"])
    #expect(AxisTicks(from: 0, to: 0.31, about: 3).values == [0, 0.2, 0.4])
    #expect(AxisTicks(from: -0.1, to: 0.3).values == [-0.1, 0, 0.1, 0.2, 0.3])
  }

  @Test func anAxisThatIsNotWidenedEndsWithItsValues() {
    let ticks = AxisTicks(from: 0, to: 47, about: 5, isWhole: true, isWidened: false)
    #expect(ticks.range == 0...47)
    #expect(ticks.values == [0, 10, 20, 30, 40])
  }

  @Test func wholeMarksAreWhole() {
    #expect(AxisTicks(from: 0, to: 1, about: 5, isWhole: true, isWidened: false).values == [0, 1])
    #expect(AxisTicks(from: 0, to: 3, about: 5, isWhole: true, isWidened: false).values == [0, 1, 2, 3])
    let one = AxisTicks(from: 1, to: 1, about: 5, isWhole: true, isWidened: false)
    #expect(one.values == [1] && one.range == 0.5...1.5)
  }

  @Test func smallAndLargeMarksAreReadable() {
    #expect(AxisTicks(from: 0, to: 2e-7).labels == ["0", "0.5·10⁻⁷", "1.0·10⁻⁷", "1.5·10⁻⁷", "2.0·10⁻⁷"])
    #expect(AxisTicks(from: 0, to: 4e9).labels == ["0", "1·10⁹", "2·10⁹", "3·10⁹", "4·10⁹"])
    #expect(AxisTicks(from: 0, to: 4000).labels == ["0", "1,000", "2,000", "3,000", "4,000"])
    #expect(AxisTicks(from: 0.69314, to: 0.69316).labels.first == "0.693140")
    #expect(AxisTicks(from: 0, to: 0.0004).labels == ["0.0000", "0.0001", "0.0002", "0.0003", "0.0004"])
  }

  @Test(
    arguments: [
      (0.0, 0.0), (5, 5), (-3, -3), (.leastNormalMagnitude / 128, .leastNormalMagnitude / 128),
      (0, .leastNonzeroMagnitude), (1e-195, 2e-195), (1e300, 1e300), (-1e300, 1e300),
      (1, 1 + 1e-12), (1e15, 1e15 + 1), (2, 1), (-7.3, 12.9), (0.693147, 0.693148),
    ] as [(Double, Double)])
  func everyRangeHasMarksInsideIt(lower: Double, upper: Double) {
    for isWhole in [false, true] {
      let ticks = AxisTicks(from: lower, to: upper, isWhole: isWhole)
      #expect(ticks.range.lowerBound < ticks.range.upperBound)
      #expect(ticks.range.contains(lower) && ticks.range.contains(upper))
      #expect((2...12).contains(ticks.values.count), "\(ticks)")
      #expect(ticks.values.allSatisfy { ticks.range.contains($0) }, "\(ticks)")
      #expect(zip(ticks.values, ticks.values.dropFirst()).allSatisfy { $0 < $1 }, "\(ticks)")
      #expect(ticks.labels.count == ticks.values.count)
      #expect(
        !ticks.labels.contains { $0.contains("nan") || $0.contains("inf") || $0.contains("–") }, "\(ticks.labels)")
    }
  }
}

@Suite struct DifferenceScaleTests {
  @Test func zeroAndAllValuesLieWithin() {
    let scale = DifferenceScale([0.02, 0.11])
    #expect(scale.low < 0 && scale.high > 0.11)
    #expect(scale.ticks.map { ($0 * 100).rounded() } == [0, 5, 10] && scale.decimals == 2)
    #expect(scale.share(scale.low) == 0 && scale.share(scale.high) == 1)
  }

  @Test func bothSidesHaveTicks() {
    let scale = DifferenceScale([-0.4, 0.3])
    #expect(scale.ticks.map { ($0 * 10).rounded() } == [-4, -2, 0, 2] && scale.decimals == 1)
  }

  @Test(arguments: [[], [0], [.nan, .infinity], [1e-9]])
  func nothingToShowStillHasAnAxis(values: [Double]) {
    let scale = DifferenceScale(values)
    #expect(scale.low < 0 && scale.high > 0 && (1...7).contains(scale.ticks.count))
  }
}
