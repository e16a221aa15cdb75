import Glibc

/// Text for the person at the terminal: answers on standard output, complaints on standard error.
enum Console {
  static func say(_ text: String) { write(text + "\n", to: STDOUT_FILENO) }
  static func complain(_ text: String) { write(text + "\n", to: STDERR_FILENO) }

  /// Without an end of the line.
  static func write(_ text: String) { write(text, to: STDOUT_FILENO) }
  static func write(error text: String) { write(text, to: STDERR_FILENO) }

  private static func write(_ text: String, to descriptor: Int32) {
    var text = text
    text.withUTF8 { bytes in
      var written = 0
      while written < bytes.count {
        let count = Glibc.write(descriptor, bytes.baseAddress! + written, bytes.count - written)
        guard count > 0 else { return }
        written += count
      }
    }
  }
}
