import Domain

/// Reads config/counters.json5.
struct CounterReader {
  static let file = "counters.json5"
  static let countersMaximum = 256

  let log: ReadingLog

  func read(_ node: ConfigNode, into names: inout NameTable) -> [CounterSettings] {
    var reader = ObjectReader(node, file: CounterReader.file, log: log)
    let counters = reader.objects("counters", most: CounterReader.countersMaximum) {
      (entry: inout ObjectReader) in
      let name = entry.required("name", ValueKind<String>.name().positioned())
      names.define(name, log)
      return readCounter(&entry, name.value)
    }
    for (index, counter) in counters.enumerated() {
      for earlier in counters[..<index]
      where earlier.host == counter.host && earlier.port == counter.port {
        reader.report(
          .inconsistent, "counters",
          "\(earlier.name) and \(counter.name) have the same host and port")
      }
    }
    reader.finish()
    return counters
  }

  private func readCounter(_ entry: inout ObjectReader, _ name: String) -> CounterSettings {
    let seconds = ValueKind<Int64>.integer(1...3_600, "seconds")
    let host = entry.required("host", .host)
    let port = entry.required("port", ValueKind<Int64>.integer(1...65_535))
    let isSimulated = entry.value("simulated", .flag, default: false)
    let heartbeat = entry.value(
      "heartbeatSeconds", ValueKind<Int64>.integer(1...60, "seconds"), default: 5)
    let first = entry.value("reconnectSecondsMinimum", seconds, default: 1)
    let longest = entry.value("reconnectSecondsMaximum", seconds, default: 30)
    if first > longest {
      entry.report(
        .inconsistent, "reconnectSecondsMinimum", "larger than reconnectSecondsMaximum")
    }
    let quota = entry.optional("messageQuota", .messageQuota)
    let tls = entry.object("tls") { readTLS(&$0, isSimulated: isSimulated) }
    return CounterSettings(
      name: name, host: host, port: UInt16(port), tls: tls,
      isPlainBeyondLoopback: entry.value("plainBeyondLoopback", .flag, default: false),
      position: entry.positionOf("host"), isSimulated: isSimulated,
      messageQuota: quota, heartbeatSeconds: heartbeat,
      reconnectSeconds: min(first, longest)...longest)
  }
}

extension CounterReader {
  private func readTLS(
    _ reader: inout ObjectReader, isSimulated: Bool
  ) -> CounterSettings.TLS? {
    let isOn = reader.value("enabled", .flag, default: false)
    let tls = CounterSettings.TLS(
      name: reader.optional("name", .host, unset: "host"),
      authority: reader.optional(
        "authority", ValueKind<String>.text(1...1_024).positioned(), unset: "the system's"),
      identity: readIdentity(&reader, "certificate", "key"),
      simulated: readIdentity(&reader, "simulatedCertificate", "simulatedKey"))
    if isOn, isSimulated, tls.simulated == nil {
      reader.report(
        .inconsistent, "enabled", "a simulated counter needs simulatedCertificate and its key")
    }
    return isOn ? tls : nil
  }

  private func readIdentity(
    _ reader: inout ObjectReader, _ certificateKey: String, _ keyKey: String
  ) -> CounterSettings.TLS.Identity? {
    let path = ValueKind<String>.text(1...1_024).positioned()
    let certificate = reader.optional(certificateKey, path, unset: "none")
    let key = reader.optional(keyKey, path, unset: "none")
    if reader.has(certificateKey) != reader.has(keyKey) {
      reader.report(
        .inconsistent, reader.has(keyKey) ? keyKey : certificateKey,
        "\(certificateKey) and \(keyKey) go together")
    }
    guard let certificate, let key else { return nil }
    return CounterSettings.TLS.Identity(certificate: certificate, key: key)
  }
}
