/// The language that a person is talked to in. Names of commands and of JSON keys are English.
public enum Language: String, Sendable, CaseIterable {
  case english = "en"
  case chinese = "zh"

  /// By the environment: the first of these that is set decides. Source: POSIX, LC_ALL.
  public init(all: String?, messages: String?, lang: String?) {
    let locale = [all, messages, lang].compactMap { $0 }.first { !$0.isEmpty } ?? ""
    self = locale.hasPrefix("zh") ? .chinese : .english
  }

  /// Of a text in both languages, the one to show.
  public func say(_ english: String, _ chinese: String) -> String {
    switch self {
    case .english: english
    case .chinese: chinese
    }
  }
}
