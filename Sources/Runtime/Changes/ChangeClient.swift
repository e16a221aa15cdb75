import CSluice
import Glibc
import Messages

/// Asks a gateway that runs on this machine: what it stands at, and for changes.
public enum ChangeClient {
  public enum Fault: Error, Equatable, Sendable {
    /// No gateway has this data folder.
    case nobodyThere(path: String)
    case system(path: String, errno: Int32)
    /// It hung up, or said what nobody understands.
    case noAnswer
    /// Too many settings, or one that is none.
    case badRequest
    /// In the gateway's words.
    case refused(String)

    public var words: String {
      switch self {
      case .nobodyThere(let path): "no gateway runs here: nobody answers at \(path)"
      case .system(let path, let errno): "\(path): \(String(cString: strerror(errno)))"
      case .noAnswer: "the gateway hung up without an answer"
      case .badRequest:
        "a change has at most \(ChangeFrame.commandsMaximum) settings, and nothing else"
      case .refused(let words): words
      }
    }
  }

  /// - Parameter data: the gateway's data folder.
  public static func status(data: String) throws(Fault) -> ChangeFrame.Status {
    guard case .status(let status) = try ask(.status, data) else { throw .noAnswer }
    return status
  }

  /// Has settings taken in this order; with the first that is refused it ends.
  ///
  /// - Parameters:
  ///   - revision: what was looked at: with another one by now nothing is taken.
  ///   - dropsUnfit: sessions that could not log in any more are ended then.
  public static func change(
    _ commands: [Command], revision: UInt64, data: String, dropsUnfit: Bool = false
  ) throws(Fault) -> ChangeFrame.Outcome {
    let request = ChangeFrame.Request.change(
      commands, revision: revision, dropsUnfit: dropsUnfit)
    guard case .changed(let outcome) = try ask(request, data) else { throw .noAnswer }
    return outcome
  }

  private static func ask(
    _ request: ChangeFrame.Request, _ data: String
  ) throws(Fault) -> ChangeFrame.Answer {
    guard let bytes = ChangeFrame.bytes(request), bytes.count <= ChangeFrame.bytesMaximum else {
      throw .badRequest
    }
    let path = "\(data)/\(ChangeDoor.name)"
    let descriptor = sluice_connect_local(path)
    guard descriptor >= 0 else {
      throw descriptor == -ENOENT || descriptor == -ECONNREFUSED
        ? .nobodyThere(path: path) : .system(path: path, errno: -descriptor)
    }
    let stream = LocalStream(descriptor)
    guard stream.write(bytes), let body = stream.read(), let answer = ChangeFrame.answer(body)
    else { throw .noAnswer }
    if case .failed(let words) = answer { throw .refused(words) }
    return answer
  }
}
