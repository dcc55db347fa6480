import Bytes
import Testing

@Suite struct NameTableTests {
  @Test func namesKeepTheirNumbersHoweverManyThereAre() {
    var table = NameTable()
    for number in 0..<5000 { #expect(table.insert(Array("name \(number)".utf8)) == (number, true)) }
    #expect(table.count == 5000)
    #expect(table.insert(Array("name 17".utf8)) == (17, false))
    for number in stride(from: 0, to: 5000, by: 7) {
      #expect(table.find(Array("name \(number)".utf8)) == number)
      #expect(table[number] == Array("name \(number)".utf8))
    }
    #expect(table.find([]) == nil)
    #expect(table.insert([]) == (5000, true))
    #expect(table.find([]) == 5000)
    #expect(table.find(Array("name 5000".utf8)) == nil)
  }
}
