import Domain
import Messages

/// A gateway on a thread of its own. Letting go of it stops it gracefully and waits for its end.
public struct RunningGateway: ~Copyable {
  /// Where terminals connect.
  public let address: SocketAddress
  /// Where controllers connect; nil = nowhere.
  public let deskAddress: SocketAddress?
  private let control: GatewayControl
  private let waker: LoopWaker
  private let thread: WorkerThread

  /// Answers when the gateway listens, or why it does not.
  public init(_ settings: GatewayServerSettings) throws(GatewayStartError) {
    let control = GatewayControl()
    let start = ThreadStart<BegunGateway, GatewayStartError>()
    let body: @Sendable () -> Void = {
      do throws(GatewayStartError) {
        try GatewayRun.run(settings, control, stopsOnSignals: false) { start.tell(.success($0)) }
      } catch {
        start.tell(.failure(error))
      }
    }
    guard let thread = WorkerThread(name: "gateway", body) else { throw .noThread }
    let begun = try start.wait().get()
    address = begun.address
    deskAddress = begun.deskAddress
    waker = begun.waker
    self.control = control
    self.thread = thread
  }

  deinit {
    control.give(.stop)
    waker.wake()
  }

  public var progress: GatewayProgress { control.progress }

  /// For whoever wants to look at it without keeping it.
  public var view: GatewayView { GatewayView(control: control) }

  /// Submits an operator's command: a day switch, a setting.
  public func take(_ command: Command) {
    control.give(.take(command))
    waker.wake()
  }

  /// Has the certificates' files read again, as SIGHUP does; the log says what came of it.
  public func reloadCertificates() {
    control.give(.reloadCertificates)
    waker.wake()
  }
}

/// A look at a running gateway from any thread.
public struct GatewayView: Sendable {
  let control: GatewayControl

  public var progress: GatewayProgress { control.progress }
}

/// A gateway that listens.
struct BegunGateway: Sendable {
  var address: SocketAddress
  var deskAddress: SocketAddress?
  var waker: LoopWaker
}

/// Runs a gateway on the calling thread, until it is stopped.
public enum GatewayRun {
  /// For a process of its own: SIGINT or SIGTERM is a graceful stop, a second one does not wait.
  /// With certificates, SIGHUP has them read again.
  ///
  /// - Parameter ready: called once, when it listens, with the addresses of terminals and of
  ///   controllers.
  public static func untilSignal(
    _ settings: GatewayServerSettings, ready: (SocketAddress, SocketAddress?) -> Void
  ) throws(GatewayStartError) {
    try run(settings, GatewayControl(), stopsOnSignals: true) {
      ready($0.address, $0.deskAddress)
    }
  }

  static func run(
    _ settings: GatewayServerSettings, _ control: GatewayControl, stopsOnSignals: Bool,
    ready: (BegunGateway) -> Void
  ) throws(GatewayStartError) {
    var loop: EventLoop
    do throws(LoopError) {
      loop = try EventLoop(GatewayServer.loopLimits(settings))
    } catch {
      throw .loop(error)
    }
    // Before anything is written to a folder that another one may be using.
    let door: ChangeDoor?
    if let path = settings.controlPath {
      door = try ChangeDoor(
        at: path, journal: settings.journal.path, control, loop.makeWaker())
    } else {
      door = nil
    }
    let started = try StartedGateway.begin(settings)
    let left = started.left
    var server = try GatewayServer(started, settings, control, &loop)
    if let left { server.log.goesOn(behind: left, server.gateway) }
    if stopsOnSignals {
      loop.watch(signal: 2)
      loop.watch(signal: 15)
      if !settings.certificates.isEmpty { loop.watch(signal: GatewayServer.hangUp) }
    }
    ready(
      BegunGateway(
        address: server.address(loop), deskAddress: server.deskAddress(loop),
        waker: loop.makeWaker()))
    loop.run(&server)
    if let door { door.end() }
    server.log.stopped(server.gateway)
  }
}
