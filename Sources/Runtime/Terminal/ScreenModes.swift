import CSluice
import Glibc

/// A terminal's modes as they were found. They are put back when it is let go, and when the process
/// dies of a fault of its own.
public final class ScreenModes: Sendable {
  private let descriptor: Int32
  private let found: termios
  private let isGuarded: Bool

  /// Nil for what is no terminal.
  init?(_ descriptor: Int32) {
    var found = termios()
    guard tcgetattr(descriptor, &found) == 0 else { return nil }
    self.descriptor = descriptor
    self.found = found
    isGuarded = sluice_guard_terminal(descriptor, &found)
  }

  deinit {
    putBack()
    if isGuarded { sluice_unguard_terminal() }
  }

  /// In the background they are another's, who has put them as it needs them.
  func putBack() {
    guard isInForeground else { return }
    var modes = found
    tcsetattr(descriptor, TCSADRAIN, &modes)
  }

  /// As they are now; nil when the terminal is gone.
  var now: termios? {
    var modes = termios()
    return tcgetattr(descriptor, &modes) == 0 ? modes : nil
  }

  func set(_ modes: termios) {
    var modes = modes
    tcsetattr(descriptor, TCSADRAIN, &modes)
  }

  /// Whether the keyboard is this process's; a job in the background has to leave it alone.
  var isInForeground: Bool {
    let owner = tcgetpgrp(descriptor)
    return owner < 0 || owner == getpgrp()
  }

  /// SIGWINCH: the screen has another size.
  static let resized: Int32 = 28

  /// Columns of the screen, at least 2.
  static func columns(_ descriptor: Int32) -> Int {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col >= 2 else { return 80 }
    return Int(size.ws_col)
  }

  /// Lines of the screen; 0 for what is no screen, or has none that are known.
  public static func lines(_ descriptor: Int32) -> Int {
    var size = winsize()
    guard isatty(descriptor) != 0, ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 else {
      return 0
    }
    return Int(size.ws_row)
  }
}
