/// What posts are about: things that are neither good nor bad by themselves.
package enum Topics {
  /// All topics, in the singular, as they stand inside a sentence.
  package static let all = [
    "the morning commute", "my headset", "the sofa I ordered", "this software release", "the office kitchen",
    "my first marathon", "the school play", "the night train", "the wedding band", "the city council",
    "my driving test", "the ferry crossing", "this podcast", "the season finale", "my tax return",
    "our new manager", "the food truck", "the camping trip", "my sourdough", "the help desk",
    "the museum visit", "this playlist", "the farmers market", "my job interview", "the choir rehearsal",
    "the town festival", "our kitchen renovation", "the rental car", "my blind date", "the book club",
    "the airport lounge", "this keyboard", "the swimming pool", "my sleep schedule", "the family dinner",
    "the science fair", "the noodle bar", "our group project", "the ski lift", "this sequel",
    "the office picnic", "my bank", "the street parade", "the vegetable patch", "our road trip",
    "the phone contract", "this winter", "the referee", "my bicycle", "the landlady",
  ]
}
