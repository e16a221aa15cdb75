import Runtime
import Testing

@testable import sluice

/// Where a person's lines are kept.
@Suite struct PersonsHistoryTests {
  static let rows: [(String?, String?, String?)] = [
    ("/s", "/h", "/s/sluice/history"), (nil, "/h", "/h/.local/state/sluice/history"),
    ("", "/h", "/h/.local/state/sluice/history"), ("s", "/h", "/h/.local/state/sluice/history"),
    ("/s", nil, "/s/sluice/history"), (nil, nil, nil), ("s", "", nil), (nil, "h", nil),
  ]

  @Test func theFileIsInTheUsersFolderOfStates() {
    for (state, home, path) in Self.rows {
      #expect(PersonsHistory.path(state: state, home: home) == path)
    }
  }

  @Test func withoutHistoryThereIsNoFile() {
    #expect(PersonsHistory.settings(isKept: false) { english, _ in english }.historyFile == nil)
  }
}
