import Gateway

// Certificates are read again while sessions go on: those that stand keep theirs.
extension GatewayServer {
  /// SIGHUP.
  static var hangUp: Int32 { 1 }

  /// On a thread of its own, so that no order waits for a file.
  mutating func reloadCertificates(_ loop: borrowing EventLoop) {
    guard !reloading.isRunning else {
      reloading.isWantedAgain = true
      return
    }
    let identities = settings.certificates
    let control = control
    let waker = loop.makeWaker()
    reloading.begin {
      control.give(.reloaded(identities.map { CertificateReload($0) }))
      waker.wake()
    }
    if !reloading.isRunning { log.certificatesNotReloaded(at: gateway.sequencer.now) }
  }

  mutating func certificatesReloaded(
    _ reloads: [CertificateReload], _ loop: borrowing EventLoop
  ) {
    meters.publish(settings.certificates)
    for reload in reloads { log.certificateReloaded(reload, at: gateway.sequencer.now) }
    if reloading.end() { reloadCertificates(loop) }
  }
}

/// A reading of certificates' files that goes on.
struct CertificateReloading: ~Copyable {
  private var thread: WorkerThread?
  private(set) var isRunning = false
  /// They may have changed since it began.
  var isWantedAgain = false

  /// `isRunning` says whether there is a thread for it.
  mutating func begin(_ body: @escaping @Sendable () -> Void) {
    thread = WorkerThread(name: "certificates", body)
    isRunning = thread != nil
    isWantedAgain = false
  }

  /// Whether it is to be done once more.
  mutating func end() -> Bool {
    thread = nil
    isRunning = false
    return isWantedAgain
  }
}

/// What came of reading a certificate's files again.
struct CertificateReload: Sendable {
  var path: String
  /// Those that new connections are shown, the old ones after a fault.
  var facts: CertificateFacts
  var faults: [TLSFileFault] = []

  init(_ identity: TLSIdentity) {
    path = identity.files.certificate
    do throws(TLSIdentity.Refused) {
      try identity.reload()
    } catch {
      faults = error.faults
    }
    facts = identity.facts
  }
}
