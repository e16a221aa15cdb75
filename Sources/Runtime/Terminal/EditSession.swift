import CEdit
import Glibc
import Terminal

/// The thread of a `LineEditor`: libedit with its keyboard and screen. Whatever it does between two
/// keys it does in `readKey`, where the screen shows the line as it is.
final class EditSession {
  private let settings: LineEditor.Settings
  private let mail: EditorMail
  fileprivate let screen: EditScreen
  private let modes: ScreenModes
  private let line: OpaquePointer
  private let past: EditHistory
  private var keys = KeyBytes()

  private var isStopping = false
  /// There are no more keys: the terminal is gone, or the person left.
  private var keysEnded = false
  /// The prompt is on the screen, and the line.
  private var isDrawn = false
  /// The line being typed is given up.
  private var isDropped = false
  /// In the background: the keyboard is another process's.
  private var isDetached = false
  /// The modes while a line is typed.
  private var editing: termios?

  /// Nil when the library has no memory or the terminal is gone.
  init?(_ settings: LineEditor.Settings, prompt: String, _ modes: ScreenModes, _ mail: EditorMail) {
    guard let screen = EditScreen(settings, prompt: prompt), let past = EditHistory(settings) else {
      return nil
    }
    self.settings = settings
    self.mail = mail
    self.modes = modes
    self.screen = screen
    self.past = past
    line = screen.line
    sluice_edit_owner(line, Unmanaged.passUnretained(self).toOpaque())
    sluice_edit_prompt(line, givePrompt)
    sluice_edit_reader(line, giveKey)
    sluice_edit_history(line, past.lines)
    sluice_edit_function(line, "sluice-complete", complete)
    sluice_edit_bind(line, "^I", "sluice-complete")
  }

  func run() {
    while waitUntilLineIsWanted() { readLine() }
    screen.end()
    modes.putBack()
  }

  private func waitUntilLineIsWanted() -> Bool {
    while true {
      let isWanted = serve()
      if isStopping { return false }
      if isWanted, !isDetached, !keysEnded { return true }
      sleep()
    }
  }

  private func readLine() {
    isDropped = false
    isDrawn = true
    var count: Int32 = 0
    let read = el_wgets(line, &count)
    isDrawn = false
    if isStopping || isDropped { return }
    guard !keysEnded, let read, count > 0 else {
      keysEnded = true
      screen.write("\n")
      mail.hand(over: .ended)
      return
    }
    var text = EditScreen.string(read, read + Int(count))
    if text.last == "\n" { text.removeLast() }
    guard text.utf8.count <= LineReader.bytesMaximum else { return mail.hand(over: .tooLong) }
    if let notice = past.add(text) { screen.write(notice + "\n") }
    mail.hand(over: .text(text))
  }

  // MARK: Between two keys

  /// For the library: the next key. 1, or 0 when there are no more, or -1 to give up the line.
  fileprivate func readKey(into key: UnsafeMutablePointer<wchar_t>) -> Int32 {
    if editing == nil { editing = modes.now }
    while true {
      _ = serve()
      if isStopping || isDropped { return -1 }
      if let scalar = keys.next() {
        guard EditScreen.isKey(scalar) else { continue }
        key.pointee = wchar_t(scalar.value)
        return 1
      }
      if keysEnded { return 0 }
      sleep()
    }
  }

  /// Does what the owner wants; whether it wants a line.
  private func serve() -> Bool {
    let due = mail.takeDue()
    if due.isContinued { attach() }
    let isOnScreen = isDrawn && !isDetached
    let hidesLine = isOnScreen && (due.isResized || !due.shown.isEmpty || due.isStopping)
    if hidesLine { screen.erase() }
    if due.isResized { el_resize(line) }
    for shown in due.shown { screen.write(shown.text, isComplaint: shown.isComplaint) }
    if due.isStopping {
      if !modes.isInForeground { sluice_edit_leave_modes(line) }
      isStopping = true
      isDrawn = false
    } else if hidesLine {
      screen.redraw()
    }
    return due.isLineWanted
  }

  /// Until there are keys, or the owner wants something.
  private func sleep() {
    var polled = [
      pollfd(fd: mail.bell.descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: settings.input, events: Int16(POLLIN), revents: 0),
    ]
    let wantsKeys = !keysEnded && !isDetached && !keys.isFull
    guard poll(&polled, wantsKeys ? 2 : 1, -1) > 0, wantsKeys, polled[1].revents != 0 else {
      return
    }
    // The keyboard may have become another's in the meantime.
    guard modes.isInForeground else {
      isDetached = true
      return
    }
    takeKeys()
  }

  private func takeKeys() {
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = read(settings.input, &bytes, bytes.count)
    if count < 0, errno == EINTR || errno == EAGAIN { return }
    guard count > 0 else {
      keysEnded = true
      if !isDrawn { mail.hand(over: .ended) }
      return
    }
    var isSuspended = false
    for byte in bytes[..<count] {
      switch byte {
      case 0x03: interrupt()
      case 0x1A: isSuspended = true
      default: keys.append(byte)
      }
    }
    if isSuspended { suspend() }
  }

  /// Control-C: what is typed is given up, and so is what is waited for.
  private func interrupt() {
    keys.clear()
    if isDrawn {
      screen.leaveLine("^C")
      isDrawn = false
      isDropped = true
    } else {
      mail.interrupt()
    }
  }

  /// Control-Z: stops the process, with the terminal as it was found.
  private func suspend() {
    if isDrawn { screen.leaveLine("^Z") }
    modes.putBack()
    isDetached = true
    raise(SIGTSTP)
    attach()
  }

  /// Takes the keyboard again, once it is ours.
  private func attach() {
    guard modes.isInForeground else {
      isDetached = true
      return
    }
    let wasDetached = isDetached
    isDetached = false
    if let editing { modes.set(editing) }
    guard isDrawn else { return }
    if !wasDetached { screen.erase() }
    el_resize(line)
    screen.redraw()
  }

  // MARK: Completion

  /// For the library: what Tab does. One of its `CC_` codes.
  fileprivate func completed() -> UInt8 {
    mail.ask(EditorMail.Question(line: screen.textToCursor, columns: screen.columns))
    while true {
      _ = serve()
      if isStopping || isDropped { return UInt8(CC_ERROR) }
      if let answer = mail.takeAnswer() { return apply(answer) }
      sleep()
    }
  }

  private func apply(_ completion: Completion) -> UInt8 {
    if !completion.listing.isEmpty {
      screen.erase()
      for text in completion.listing { screen.write(text + "\n") }
      screen.redraw()
    }
    guard !completion.text.isEmpty else {
      return UInt8(completion.listing.isEmpty ? CC_ERROR : CC_REFRESH)
    }
    el_deletestr(line, Int32(completion.replaced))
    screen.insert(completion.text)
    return UInt8(CC_REFRESH)
  }
}

private func session(of line: OpaquePointer?) -> EditSession {
  guard let owner = sluice_edit_owner_of(line) else {
    preconditionFailure("a line has its session for as long as it is edited")
  }
  return Unmanaged<EditSession>.fromOpaque(owner).takeUnretainedValue()
}

private func giveKey(_ line: OpaquePointer?, _ key: UnsafeMutablePointer<wchar_t>?) -> Int32 {
  session(of: line).readKey(into: key!)
}

private func givePrompt(_ line: OpaquePointer?) -> UnsafeMutablePointer<CChar>? {
  session(of: line).screen.promptBytes
}

private func complete(_ line: OpaquePointer?, _ key: UInt32) -> UInt8 {
  session(of: line).completed()
}
