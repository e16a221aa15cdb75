/// A script looked at as a whole, before anything of it is sent.
public enum ScriptCheck {
  /// Most faults that are told.
  static let faultsMaximum = 20

  /// Its lines, without their ends; bytes that are not UTF-8 are repaired.
  public static func lines(_ bytes: [UInt8]) -> [String] {
    var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines.map { String(decoding: $0, as: UTF8.self) }
  }

  /// "orders.txt:3:5: ..." for each line that is no command.
  public static func faults(
    _ lines: [String], name: String, _ language: Language
  ) -> [String] {
    var faults: [String] = []
    var dropped = 0
    for (index, line) in lines.enumerated() {
      do throws(CommandFault) {
        _ = try CommandParser.parse(line)
      } catch {
        guard faults.count < faultsMaximum else {
          dropped += 1
          continue
        }
        faults.append("\(name):\(index + 1):\(error.column): \(error.words(language))")
      }
    }
    if dropped > 0 { faults.append(language.say("... and \(dropped) more", "……另有 \(dropped) 处")) }
    return faults
  }
}
