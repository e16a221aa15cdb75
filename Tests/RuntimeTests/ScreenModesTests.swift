import Glibc
import Testing

@testable import Runtime

/// A screen's modes, whatever becomes of the process.
@Suite struct ScreenModesTests {
  /// Both ends of a screen, the line's path and its modes.
  static func screen() throws -> (keyboard: Int32, line: Int32, path: String, modes: termios) {
    var ends: (keyboard: Int32, line: Int32) = (-1, -1)
    var name = [CChar](repeating: 0, count: 128)
    var modes = termios()
    try #require(openpty(&ends.keyboard, &ends.line, &name, nil, nil) == 0)
    try #require(tcgetattr(ends.line, &modes) == 0)
    let path = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    return (ends.keyboard, ends.line, path, modes)
  }

  static func localModes(_ line: Int32) -> tcflag_t {
    var modes = termios()
    return tcgetattr(line, &modes) == 0 ? modes.c_lflag : 0
  }

  /// Keys are neither echoed nor gathered.
  static func change(_ modes: ScreenModes) {
    guard var raw = modes.now else { return }
    raw.c_lflag &= ~tcflag_t(ECHO | ICANON | ISIG)
    modes.set(raw)
  }

  @Test func theyArePutBackWhenItIsLetGo() throws {
    let screen = try Self.screen()
    do {
      let modes = try #require(ScreenModes(screen.line))
      Self.change(modes)
      let changed = withExtendedLifetime(modes) { Self.localModes(screen.line) }
      #expect(changed & tcflag_t(ECHO) == 0)
    }
    #expect(Self.localModes(screen.line) == screen.modes.c_lflag)
    close(screen.line)
    close(screen.keyboard)
  }

  @Test func theyArePutBackWhenTheProcessDies() async throws {
    let screen = try Self.screen()
    let path = screen.path
    await #expect(processExitsWith: .failure) { [path = path as String] in
      let line = open(path, O_RDWR | O_NOCTTY)
      guard let modes = ScreenModes(line) else { exit(0) }
      withExtendedLifetime(modes) {
        ScreenModesTests.change(modes)
        guard ScreenModesTests.localModes(line) & tcflag_t(ECHO) == 0 else { exit(0) }
        preconditionFailure("what a fault of the program does")
      }
    }
    #expect(Self.localModes(screen.line) == screen.modes.c_lflag)
    await #expect(processExitsWith: .failure) { [path = path as String] in
      let line = open(path, O_RDWR | O_NOCTTY)
      guard let modes = ScreenModes(line) else { exit(0) }
      withExtendedLifetime(modes) {
        ScreenModesTests.change(modes)
        abort()
      }
    }
    #expect(Self.localModes(screen.line) == screen.modes.c_lflag)
    close(screen.line)
    close(screen.keyboard)
  }

  @Test func aFileHasNone() throws {
    let file = open("/dev/null", O_RDWR)
    #expect(ScreenModes(file) == nil)
    close(file)
  }
}
