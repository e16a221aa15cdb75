import Config

/// Where a gateway listens and what it shows there; collects everything that is wrong with it.
struct ListenerPlanner {
  struct Listener {
    var address: SocketAddress
    /// Nil = plain TCP.
    var tls: TLSIdentity?
  }

  let gateway: GatewaySettings
  let input: ServePlan.Input
  private(set) var faults: [String] = []
  private(set) var notices: [String] = []
  /// Each once.
  private(set) var identities: [TLSIdentity] = []

  /// A certificate with fewer days left is worth a word.
  static let daysLeftToTell = 14

  init(_ gateway: GatewaySettings, _ input: ServePlan.Input) {
    self.gateway = gateway
    self.input = input
  }

  /// - Parameter folder: where a certificate of the gateway's own making is; nil in a rehearsal.
  mutating func terminals(_ folder: DataFolder?) -> Listener? {
    let settings = gateway.terminals
    var tls = identity(settings.tls)
    if input.isSelfSigned, settings.tls != nil {
      faults.append("--self-signed: gateway.json5 has a certificate for terminals already")
    } else if input.isSelfSigned, let folder {
      tls = selfSigned(folder)
    }
    let hasTLS = settings.tls != nil || input.isSelfSigned
    if let stated = input.listen {
      if !hasTLS, !settings.isPlainBeyondLoopback, !stated.isLoopback {
        faults.append("--listen \(stated): \(ListenerPlanner.plainWords("terminals"))")
      }
      return Listener(address: stated, tls: tls)
    }
    return address(settings, "terminals", hasTLS: hasTLS).map { Listener(address: $0, tls: tls) }
  }

  /// - Parameter terminals: what these are shown, which may be the same.
  mutating func metrics(_ terminals: TLSIdentity?) -> Listener? {
    gateway.metrics.flatMap { listener($0, "metrics", terminals) }
  }

  /// - Parameter terminals: what these are shown, which may be the same.
  mutating func desk(_ terminals: TLSIdentity?) -> Listener? {
    gateway.desk.flatMap { listener($0, "desk", terminals) }
  }

  private mutating func listener(
    _ settings: GatewaySettings.Listener, _ what: String, _ terminals: TLSIdentity?
  ) -> Listener? {
    let files = settings.tls.map(ListenerPlanner.files)
    let isShared = files != nil && files == terminals?.files
    let tls = isShared ? terminals : identity(settings.tls)
    return address(settings, what, hasTLS: settings.tls != nil)
      .map { Listener(address: $0, tls: tls) }
  }

  private mutating func address(
    _ listener: GatewaySettings.Listener, _ what: String, hasTLS: Bool
  ) -> SocketAddress? {
    guard let address = SocketAddress.lookUp(listener.host, port: listener.port).first else {
      faults.append("\(what): there is no host '\(listener.host)'")
      return nil
    }
    if !hasTLS, !listener.isPlainBeyondLoopback, !address.isLoopback {
      faults.append(
        ConfigFault(
          .inconsistent, at: listener.position, keyPath: "\(what).host",
          ListenerPlanner.plainWords(what)
        ).description)
    }
    return address
  }

  private static func plainWords(_ what: String) -> String {
    PlainLine.words(tls: "\(what).tls", exception: "\(what).plainBeyondLoopback")
  }

  // MARK: Certificates

  private static func files(_ tls: GatewaySettings.TLS) -> TLSFiles {
    TLSFiles(
      certificate: tls.certificate.value, key: tls.key.value,
      clientCertificates: {
        switch tls.clientCertificates {
        case .off: .off
        case .optional: .optional
        case .required: .required
        }
      }(), authority: tls.authority?.value)
  }

  private mutating func identity(_ tls: GatewaySettings.TLS?) -> TLSIdentity? {
    guard let tls else { return nil }
    do throws(TLSIdentity.Refused) {
      return noted(try TLSIdentity(ListenerPlanner.files(tls)))
    } catch {
      for fault in error.faults {
        let place =
          switch fault.role {
          case .certificate: tls.certificate
          case .key: tls.key
          case .authority: tls.authority ?? tls.certificate
          }
        faults.append(fault.description(at: place))
      }
      return nil
    }
  }

  private mutating func selfSigned(_ folder: DataFolder) -> TLSIdentity? {
    let files: TLSFiles
    do throws(DataFolderError) {
      files = try SelfSigned.files(in: folder)
    } catch {
      faults.append("the gateway's own certificate can't be made: \(error)")
      return nil
    }
    do throws(TLSIdentity.Refused) {
      return noted(try TLSIdentity(files))
    } catch {
      faults += error.faults.map {
        "\($0); without the files of that folder serve makes new ones"
      }
      return nil
    }
  }

  private mutating func noted(_ identity: TLSIdentity) -> TLSIdentity {
    identities.append(identity)
    let facts = identity.facts
    if facts.daysLeft < ListenerPlanner.daysLeftToTell {
      notices.append("\(identity.files.certificate): the certificate expires on \(facts.notAfter)")
    }
    return identity
  }
}
