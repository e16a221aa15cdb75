import Glibc
import Runtime

/// Where the lines that a person typed are kept for the next run.
enum PersonsHistory {
  /// - Parameter isKept: whether they are.
  static func settings(
    isKept: Bool, _ words: (String, String) -> String
  ) -> LineEditor.Settings {
    var settings = LineEditor.Settings()
    guard isKept else { return settings }
    guard let path = path(state: variable("XDG_STATE_HOME"), home: variable("HOME")) else {
      return settings
    }
    settings.historyFile = path
    settings.historyNotice = words(
      "history is not kept: \(path) can't be written", "无法写入 \(path)，本次历史不保存")
    return settings
  }

  /// Nil where the user has no folder. Source: XDG Base Directory Specification, XDG_STATE_HOME;
  /// one that is not absolute does not count.
  static func path(state: String?, home: String?) -> String? {
    if let state, state.hasPrefix("/") { return "\(state)/sluice/history" }
    guard let home, home.hasPrefix("/") else { return nil }
    return "\(home)/.local/state/sluice/history"
  }

  private static func variable(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }
}
