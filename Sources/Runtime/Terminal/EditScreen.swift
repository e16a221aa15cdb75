import CEdit
import Glibc

/// The prompt and the line on the screen, and text above them.
final class EditScreen {
  let line: OpaquePointer
  /// For the library, which asks for it whenever it draws.
  let promptBytes: UnsafeMutablePointer<CChar>
  private let prompt: String
  private let settings: LineEditor.Settings
  private let files: [UnsafeMutablePointer<FILE>]

  /// Keys beside those of Emacs: what keyboards of today send, and words by the arrows.
  private static let bindings = [
    ("^R", "em-inc-search-prev"), ("^W", "ed-delete-prev-word"), ("^V", "ed-ignore"),
    ("\\e[3~", "ed-delete-next-char"), ("\\e[1~", "ed-move-to-beg"), ("\\e[4~", "ed-move-to-end"),
    ("\\e[7~", "ed-move-to-beg"), ("\\e[8~", "ed-move-to-end"), ("\\e[1;5C", "em-next-word"),
    ("\\e[1;5D", "ed-prev-word"),
  ]

  /// Nil when the library has no memory or the terminal is gone.
  init?(_ settings: LineEditor.Settings, prompt: String) {
    let opened = [
      EditScreen.file(settings.input, "r"), EditScreen.file(settings.output, "w"),
      // What the library has to say of the kind of terminal is nobody's concern.
      fopen("/dev/null", "w"),
    ]
    let files = opened.compactMap { $0 }
    guard files.count == 3, let line = el_init("sluice", files[0], files[1], files[2]) else {
      for file in files { fclose(file) }
      return nil
    }
    self.settings = settings
    self.prompt = prompt
    self.line = line
    self.files = files
    promptBytes = strdup(prompt)
    sluice_edit_defaults(line)
    sluice_edit_modes(line)
    if sluice_edit_can_move(line) == 0 { sluice_edit_terminal(line, "xterm") }
    for (key, command) in EditScreen.bindings { sluice_edit_bind(line, key, command) }
  }

  /// Lets go of the library, which puts the modes back that it found.
  func end() {
    el_end(line)
    for file in files { fclose(file) }
    free(promptBytes)
  }

  private static func file(_ descriptor: Int32, _ mode: String) -> UnsafeMutablePointer<FILE>? {
    let own = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
    guard own >= 0 else { return nil }
    guard let file = fdopen(own, mode) else {
      close(own)
      return nil
    }
    return file
  }

  // MARK: Text

  /// Whether the library may be given it: a key of control, or a character that is seen.
  static func isKey(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 || scalar.value == 0x7F || sluice_edit_width(scalar.value) > 0
  }

  static func string(
    _ start: UnsafePointer<wchar_t>, _ end: UnsafePointer<wchar_t>
  ) -> String {
    var text = ""
    var next = start
    while next < end {
      text.unicodeScalars.append(scalar(next.pointee))
      next += 1
    }
    return text
  }

  /// The library has what `isKey` let through, and ends of lines of its own.
  private static func scalar(_ character: wchar_t) -> Unicode.Scalar {
    Unicode.Scalar(UInt32(bitPattern: character)) ?? "?"
  }

  /// What is typed, up to the cursor.
  var textToCursor: String {
    let info = el_wline(line).pointee
    return EditScreen.string(info.buffer, info.cursor)
  }

  /// Puts text in at the cursor.
  func insert(_ text: String) {
    el_winsertstr(line, text.unicodeScalars.map { wchar_t($0.value) } + [0])
  }

  // MARK: The screen

  var columns: Int { ScreenModes.columns(settings.output) }

  /// Where the cursor stands, and where the line ends.
  private var places: (cursor: ScreenPlace, end: ScreenPlace) {
    let info = el_wline(line).pointee
    let columns = columns
    var place = ScreenPlace()
    func pass(_ scalar: Unicode.Scalar) {
      place.pass(scalar, width: Int(sluice_edit_width(scalar.value)), columns: columns)
    }
    for scalar in prompt.unicodeScalars { pass(scalar) }
    var cursor = place
    var next = info.buffer!
    while next < info.lastchar {
      if next == info.cursor { cursor = place }
      pass(EditScreen.scalar(next.pointee))
      next += 1
    }
    if next == info.cursor { cursor = place }
    return (cursor, place)
  }

  /// Takes prompt and line from the screen; the cursor stands where they began.
  func erase() {
    let row = places.cursor.row
    write("\r" + (row > 0 ? "\u{1B}[\(row)A" : "") + "\u{1B}[J")
  }

  /// Draws them again, from the cursor on.
  func redraw() { sluice_edit_redraw(line) }

  /// Leaves them as they are, with a mark behind; the cursor stands below.
  func leaveLine(_ mark: String) {
    let (cursor, end) = places
    let down = end.row - cursor.row
    write(
      (down > 0 ? "\u{1B}[\(down)B" : "") + "\r"
        + (end.column > 0 ? "\u{1B}[\(end.column)C" : "") + mark + "\n")
  }

  func write(_ text: String, isComplaint: Bool = false) {
    let descriptor = isComplaint ? settings.complaints : settings.output
    var text = text
    text.withUTF8 { bytes in
      var written = 0
      while written < bytes.count {
        let count = Glibc.write(descriptor, bytes.baseAddress! + written, bytes.count - written)
        if count > 0 {
          written += count
        } else if errno == EAGAIN {
          var polled = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          guard poll(&polled, 1, -1) >= 0 || errno == EINTR else { return }
        } else if errno != EINTR {
          return
        }
      }
    }
  }
}
