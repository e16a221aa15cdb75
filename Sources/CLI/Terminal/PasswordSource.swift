import Domain
import Glibc
import Runtime

/// Where a terminal's password comes from: a file, the environment, or a person. What held it is
/// wiped, and it is never shown.
enum PasswordSource {
  struct Fault: Error {
    let words: String
  }

  static let variable = "SLUICE_PASSWORD"
  private static let bytesMaximum = 128

  static func read(
    file: String?, account: Name, _ words: (String, String) -> String
  ) -> Result<FixedText<128>, Fault> {
    // One byte more than a password has shows one that is too long; one more for its line's end.
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: bytesMaximum + 2, alignment: 1)
    defer {
      Secrets.wipe(buffer)
      buffer.deallocate()
    }
    let count: Int
    let source: String
    if let file {
      guard let read = readFile(file, buffer) else {
        return .failure(Fault(words: words("\(file) can't be read", "无法读取 \(file)")))
      }
      count = read
      source = words("the first line of \(file)", "\(file) 的首行")
    } else if let value = getenv(variable) {
      count = min(strlen(value), buffer.count)
      buffer.copyMemory(from: UnsafeRawBufferPointer(start: value, count: count))
      Secrets.wipe(UnsafeMutableRawBufferPointer(start: value, count: strlen(value)))
      unsetenv(variable)
      source = variable
    } else {
      let question = words("password of \(account.string): ", "\(account.string) 的密码：")
      guard let asked = ask(question, buffer) else {
        return .failure(
          Fault(
            words: words(
              "no password: give --password-file FILE or set \(variable)",
              "没有密码：请用 --password-file 文件或设置 \(variable)")))
      }
      count = asked
      source = words("what was typed", "输入内容")
    }
    return password(UnsafeRawBufferPointer(rebasing: buffer[..<count]), source, words)
  }

  /// The first line, if it is one.
  ///
  /// - Parameter source: what a complaint calls it.
  static func password(
    _ bytes: UnsafeRawBufferPointer, _ source: String, _ words: (String, String) -> String
  ) -> Result<FixedText<128>, Fault> {
    let line = bytes.prefix { $0 != 0x0A && $0 != 0x0D }
    guard (1...bytesMaximum).contains(line.count), !line.contains(0) else {
      return .failure(
        Fault(
          words: words(
            "\(source) \(line.isEmpty ? "is empty" : "is no password"): a password has 1 to "
              + "\(bytesMaximum) bytes",
            "\(source)\(line.isEmpty ? "为空" : "不是密码")：密码应为 1 至 \(bytesMaximum) 字节")))
    }
    var password = FixedText<128>()
    for (index, byte) in line.enumerated() { password.bytes[index] = byte }
    return .success(password)
  }

  private static func readFile(
    _ path: String, _ buffer: UnsafeMutableRawBufferPointer
  ) -> Int? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var count = 0
    while count < buffer.count {
      let read = Glibc.read(file, buffer.baseAddress! + count, buffer.count - count)
      if read < 0 { return nil }
      if read == 0 { break }
      count += read
    }
    return count
  }

  /// Asks at the terminal without echo; nil without one, or when the person wants to leave.
  private static func ask(
    _ question: String, _ buffer: UnsafeMutableRawBufferPointer
  ) -> Int? {
    let screen = open("/dev/tty", O_RDWR | O_CLOEXEC)
    guard screen >= 0 else { return nil }
    defer { close(screen) }
    var before = termios()
    guard tcgetattr(screen, &before) == 0 else { return nil }
    var silent = before
    // Signals would leave the screen without echo, so Control-C is read like any other key.
    silent.c_lflag &= ~tcflag_t(ECHO | ISIG)
    guard tcsetattr(screen, TCSAFLUSH, &silent) == 0 else { return nil }
    defer {
      tcsetattr(screen, TCSAFLUSH, &before)
      _ = Glibc.write(screen, "\n", 1)
    }
    var question = question
    question.withUTF8 { _ = Glibc.write(screen, $0.baseAddress, $0.count) }
    var count = 0
    while count < buffer.count {
      let read = Glibc.read(screen, buffer.baseAddress! + count, 1)
      guard read == 1, buffer[count] != 3 else { return nil }
      count += 1
      if buffer[count - 1] == 0x0A { break }
    }
    return count
  }
}
