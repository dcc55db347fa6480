import Models
import Testing
import Training

@Suite struct ExampleTests {
  @Test func anExampleWithoutATeacherIsLeftOutOfTheAlignment() {
    #expect(Example(inputs: PostInputs(text: [1, 2]), label: 0).teacher == nil)
  }
}
