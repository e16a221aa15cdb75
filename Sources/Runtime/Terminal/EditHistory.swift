import CEdit
import Terminal

/// The lines that the arrows bring back: of this run all, of earlier ones those that were commands.
/// A password that is typed at the prompt by mistake is no command, and is in no file.
final class EditHistory {
  /// The library's.
  let lines: OpaquePointer
  private var file: HistoryFile?
  private let notice: String
  private var last = ""

  /// Nil when the library has no memory.
  init?(_ settings: LineEditor.Settings) {
    guard let lines = history_init() else { return nil }
    self.lines = lines
    notice = settings.historyNotice
    file = settings.historyFile.map { HistoryFile($0) }
    sluice_history_bound(lines, Int32(HistoryFile.linesMaximum))
    for text in file?.load() ?? [] {
      sluice_history_add(lines, text)
      last = text
    }
  }

  deinit { history_end(lines) }

  /// A line was typed. Gives back what to say when the file can't be written: once, as it is then
  /// let alone.
  func add(_ text: String) -> String? {
    guard text.contains(where: { !$0.isWhitespace }), text != last else { return nil }
    last = text
    sluice_history_add(lines, text)
    guard CommandName.begins(text), let isKept = file?.append(text), !isKept else { return nil }
    file = nil
    return notice.isEmpty ? nil : notice
  }
}
