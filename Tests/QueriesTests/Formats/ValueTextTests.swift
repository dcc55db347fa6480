import Queries
import Testing

@Suite struct ValueTextTests {
  @Test(arguments: [
    (0.1, "0.1"), (1.0, "1.0"), (-0.0, "0.0"), (0.6666666666666666, "0.666667"), (0.9999999, "1.0"),
    (99999.95, "100000.0"), (123456.5, "123457.0"), (1234567.0, "1234570.0"), (0.0001234567, "0.000123457"),
    (0.00001234567, "1.23457e-5"), (1e15, "1e+15"), (1.5e300, "1.5e+300"), (.leastNonzeroMagnitude, "5e-324"),
    (-2.5, "-2.5"), (Double.infinity, "inf"), (100.0, "100.0"), (0.5, "0.5"),
  ])
  func sixDigits(number: Double, text: String) {
    #expect(number.sixDigits == text)
  }
}
