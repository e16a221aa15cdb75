import Storage
import Testing

@Suite struct TakenPlacesTests {
  @Test(arguments: [[], [0], [63], [0, 1, 31, 32, 62, 63], Array(0..<64)])
  func theyAreGoneThroughFromTheFirstToTheLast(_ places: [Int]) {
    var taken = TakenPlaces()
    for place in places.reversed() { taken.take(place) }
    #expect(Array(taken) == places)
    #expect(taken.isEmpty == places.isEmpty)
    for place in 0..<TakenPlaces.count {
      #expect(taken.contains(place) == places.contains(place))
    }
    #expect(taken.free == (0..<TakenPlaces.count).first { !places.contains($0) })
  }

  @Test func oneThatIsPutBackWhileTheyAreGoneThroughIsStillMet() {
    var taken = TakenPlaces()
    for place in [3, 9, 40] { taken.take(place) }
    var met: [Int] = []
    for place in taken {
      met.append(place)
      for place in [3, 9, 40] { taken.put(place) }
    }
    #expect(met == [3, 9, 40] && taken.isEmpty)
    // Putting back what is free changes nothing.
    taken.put(9)
    #expect(taken.isEmpty && taken.free == 0)
  }
}
