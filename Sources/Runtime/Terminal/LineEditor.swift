import CEdit
import Glibc
import Terminal

/// A prompt for a person: lines are edited, remembered and completed by libedit, on a thread of its
/// own, and what is shown meanwhile stands above the line being typed, which is drawn again below.
///
/// The thread alone reads the keyboard and writes to the screen. Letting go of the editor shows
/// what is left, ends the thread and puts the screen's modes back.
public struct LineEditor: ~Copyable {
  public struct Settings: Sendable {
    public var input = STDIN_FILENO
    public var output = STDOUT_FILENO
    public var complaints = STDERR_FILENO
    /// Lines of earlier runs, and for later ones; nil = none are kept.
    public var historyFile: String?
    /// Shown once when that file can't be written.
    public var historyNotice = ""

    public init() {}
  }

  private let mail: EditorMail
  private let thread: WorkerThread

  /// Whether a person sits at these descriptors, before a screen that can be drawn on.
  public static func isUsable(_ settings: Settings) -> Bool {
    guard isatty(settings.input) != 0, isatty(settings.output) != 0 else { return false }
    guard let name = getenv("TERM").map({ String(cString: $0) }) else { return false }
    return !name.isEmpty && name != "dumb"
  }

  /// Nil where none can be: no screen, or the system has no more threads or descriptors.
  public init?(_ settings: Settings, prompt: String, _ waker: LoopWaker) {
    guard LineEditor.isUsable(settings), let modes = ScreenModes(settings.input),
      let mail = EditorMail(waker)
    else { return nil }
    LineEditor.takeUTF8()
    let thread = WorkerThread(name: "prompt") {
      if let session = EditSession(settings, prompt: prompt, modes, mail) {
        session.run()
      }
      mail.isOver()
    }
    guard let thread else { return nil }
    self.mail = mail
    self.thread = thread
  }

  deinit { mail.stop() }

  /// libedit and the width of characters go by the locale. Names and words here are UTF-8 always.
  private static func takeUTF8() {
    if setlocale(LC_CTYPE, "") != nil, String(cString: nl_langinfo(Int32(CODESET))) == "UTF-8" {
      return
    }
    _ = setlocale(LC_CTYPE, "C.UTF-8")
  }

  /// The next line; nil when there is none yet. After `.ended` nothing comes.
  public func next() -> LineReader.Line? { mail.next() }

  /// Shows text with its ends of lines. Waits while the screen does not keep up.
  public func show(_ text: String, isComplaint: Bool) {
    mail.show(EditorMail.Shown(text: text, isComplaint: isComplaint))
  }

  /// Asks for a line: the prompt is drawn behind what is shown.
  public func askForLine() { mail.askForLine() }

  /// Whether the person wants to wait no longer, once.
  public func takeInterrupt() -> Bool { mail.takeInterrupt() }

  /// What Tab was pressed behind, until it is answered.
  public func takeQuestion() -> EditorMail.Question? { mail.takeQuestion() }
  public func answer(_ completion: Completion) { mail.answer(completion) }

  /// SIGWINCH came.
  public func screenWasResized() { mail.screenWasResized() }
  /// SIGCONT came.
  public func processWasContinued() { mail.processWasContinued() }
}
