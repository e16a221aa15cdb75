import Client
import Domain
import Testing
import Wire

@Suite struct ClOrdIDSourceTests {
  @Test func idsAreCodesThatDoNotRepeat() throws {
    var source = try #require(ClOrdIDSource(prefix: "T1", seed: 12_345))
    var seen: Set<ClOrdID> = []
    for _ in 0..<5_000 {
      let id = source.next()
      #expect(id.isCode && !id.isEmpty)
      #expect(seen.insert(id).inserted)
    }
  }

  @Test func theFirstIDsAreReadable() throws {
    var source = try #require(ClOrdIDSource(prefix: "T1", seed: 36))
    let ids = [source.next(), source.next()]
    #expect(ids.map { $0.string } == ["T10000001000000001", "T10000001000000002"])
  }

  @Test func twoSeedsShareNoID() throws {
    var ids: Set<ClOrdID> = []
    for seed in 0..<100 {
      var source = try #require(ClOrdIDSource(seed: UInt64(seed)))
      for _ in 0..<50 {
        let id = source.next()
        #expect(ids.insert(id).inserted)
      }
    }
  }

  @Test func theLargestSeedFits() throws {
    var source = try #require(ClOrdIDSource(prefix: "ABCD", seed: .max))
    let id = source.next()
    #expect(id.count == 20)
  }

  @Test(arguments: ["ABCDE", "é", "a b", "\n"])
  func aPrefixThatIsNoPartOfACodeIsNotTaken(prefix: String) {
    let isTaken = ClOrdIDSource(prefix: prefix, seed: 1) != nil
    #expect(!isTaken)
  }
}
