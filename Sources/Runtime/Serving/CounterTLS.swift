import Config

/// Both ends of TLS between the gateway and a counter, as counters.json5 says.
public enum CounterTLS {
  /// Why it can't be had: everything that is wrong, with file, line and key.
  public struct Refused: Error, Equatable, Sendable {
    public var faults: [String]
  }

  /// What the gateway asks of the counter; nil = plain TCP.
  public static func client(_ counter: CounterSettings) throws(Refused) -> TLSClient? {
    guard let tls = counter.tls else { return nil }
    var settings = TLSClient.Settings(name: tls.name ?? counter.host)
    settings.authority = tls.authority?.value
    settings.certificate = tls.identity?.certificate.value
    settings.key = tls.identity?.key.value
    settings.hints = .counters
    do throws(TLSIdentity.Refused) {
      return try TLSClient(settings)
    } catch {
      throw refused(error, tls.identity, tls.authority)
    }
  }

  /// What a simulated counter shows; nil = plain TCP.
  public static func server(_ counter: CounterSettings) throws(Refused) -> TLSIdentity? {
    guard let tls = counter.tls else { return nil }
    guard let shown = tls.simulated else {
      throw Refused(faults: [
        "counter \(counter.name): a simulated counter needs tls.simulatedCertificate and its key"
      ])
    }
    do throws(TLSIdentity.Refused) {
      return try TLSIdentity(
        TLSFiles(certificate: shown.certificate.value, key: shown.key.value))
    } catch {
      throw refused(error, shown, nil)
    }
  }

  private static func refused(
    _ error: TLSIdentity.Refused, _ identity: CounterSettings.TLS.Identity?,
    _ authority: Positioned<String>?
  ) -> Refused {
    Refused(
      faults: error.faults.map { fault in
        let place =
          switch fault.role {
          case .certificate: identity?.certificate
          case .key: identity?.key
          case .authority: authority
          }
        return fault.description(at: place)
      })
  }
}

extension TLSFileFault {
  /// With the place that names the file, if there is one.
  func description(at place: Positioned<String>?) -> String {
    guard let place else { return description }
    return ConfigFault(.file, at: place.position, keyPath: place.keyPath, description).description
  }
}
