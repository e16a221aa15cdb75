import Domain

/// Reads config/gateway.json5.
struct GatewayReader {
  static let file = "gateway.json5"

  let log: ReadingLog

  func read(_ node: ConfigNode) -> GatewaySettings {
    var reader = ObjectReader(node, file: GatewayReader.file, log: log)
    let terminals = reader.object("terminals") { readListener(&$0, port: 7_400) }
    let desk = reader.optionalObject("desk") { readListener(&$0, port: 7_410) }
    if let desk, desk.port != 0, desk.port == terminals.port {
      reader.report(.inconsistent, "desk", "terminals listen on the same port")
    }
    let metrics = reader.optionalObject("metrics") { readListener(&$0, port: 7_490) }
    if let metrics, metrics.port != 0, metrics.port == terminals.port {
      reader.report(.inconsistent, "metrics", "terminals listen on the same port")
    }
    if let metrics, metrics.port != 0, metrics.port == desk?.port {
      reader.report(.inconsistent, "metrics", "the desk listens on the same port")
    }
    let settings = GatewaySettings(
      terminals: terminals, desk: desk, metrics: metrics,
      dataFolder: reader.value("dataFolder", .text(1...1_024), default: "var"),
      journal: reader.object("journal", readJournal),
      capacities: reader.object("capacities", readCapacities),
      flow: reader.object("flow") { flow in
        GatewaySettings.Flow(
          messagesPerSecond: flow.value(
            "messagesPerSecond", ValueKind<Int64>.integer(1...1_000_000), default: 200),
          maxInFlight: flow.value(
            "maxInFlight", ValueKind<Int64>.integer(1...65_536), default: 256))
      },
      sessions: reader.object("sessions", readSessions),
      passwordHash: reader.object("passwordHash") { hash in
        GatewaySettings.PasswordHash(
          memoryKibibytes: hash.value(
            "memoryKibibytes", ValueKind<Int64>.integer(8_192...4_194_304, "KiB"),
            default: 65_536),
          passes: hash.value("passes", ValueKind<Int64>.integer(1...16), default: 2))
      },
      logLevel: reader.value(
        "logLevel",
        ValueKind<GatewaySettings.LogLevel>.choice([
          "debug": .debug, "info": .info, "warning": .warning, "error": .error,
        ]), default: .info),
      platform: reader.object("platform", readPlatform))
    reader.finish()
    return settings
  }

  private func readJournal(_ reader: inout ObjectReader) -> GatewaySettings.Journal {
    let journal = GatewaySettings.Journal(
      durability: reader.value(
        "durability",
        ValueKind<GatewaySettings.Durability>.choice(["process": .process, "power": .power]),
        default: .process),
      segmentMebibytes: reader.value(
        "segmentMebibytes", ValueKind<Int64>.integer(1...4_096, "MiB"), default: 64),
      snapshotCommands: reader.value(
        "snapshotCommands", ValueKind<Int64>.integer(0...1_000_000_000, "commands"),
        default: 100_000),
      snapshotsKept: reader.value(
        "snapshotsKept", ValueKind<Int64>.integer(1...1_000, "snapshots"), default: 3))
    if journal.durability == .power,
      journal.segmentMebibytes < GatewaySettings.Journal.segmentMebibytesForPower
    {
      reader.report(
        .inconsistent, "segmentMebibytes", "durability 'power' needs segments of 32 MiB or more")
    }
    return journal
  }

  private func readListener(
    _ reader: inout ObjectReader, port: Int64
  ) -> GatewaySettings.Listener {
    GatewaySettings.Listener(
      host: reader.value("host", .host, default: "127.0.0.1"),
      port: UInt16(reader.value("port", ValueKind<Int64>.integer(0...65_535), default: port)),
      tls: reader.object("tls", readTLS),
      isPlainBeyondLoopback: reader.value("plainBeyondLoopback", .flag, default: false),
      position: reader.positionOf("host"))
  }

  private func readTLS(_ reader: inout ObjectReader) -> GatewaySettings.TLS? {
    let path = ValueKind<String>.text(1...1_024).positioned()
    let certificate = reader.optional("certificate", path, unset: "plain TCP")
    let key = reader.optional("key", path)
    let clients = reader.value(
      "clientCertificates",
      ValueKind<GatewaySettings.TLS.ClientCertificates>.choice([
        "off": .off, "optional": .optional, "required": .required,
      ]), default: .off)
    let authority = reader.optional("authority", path)
    if certificate == nil {
      for other in ["key", "authority"] where reader.has(other) {
        reader.report(.inconsistent, other, "of no use without a certificate")
      }
      if clients != .off {
        reader.report(.inconsistent, "clientCertificates", "of no use without a certificate")
      }
    } else if key == nil {
      reader.report(.inconsistent, "certificate", "of no use without its key")
    }
    if clients != .off, authority == nil {
      reader.report(
        .inconsistent, "clientCertificates", "an authority is needed that they are signed by")
    }
    if clients == .off, certificate != nil, reader.has("authority") {
      reader.report(.inconsistent, "authority", "of no use while clientCertificates are 'off'")
    }
    guard let certificate, let key, clients == .off || authority != nil else { return nil }
    return GatewaySettings.TLS(
      certificate: certificate, key: key, clientCertificates: clients, authority: authority)
  }

  private func readSessions(_ reader: inout ObjectReader) -> GatewaySettings.Sessions {
    let seconds = ValueKind<Int64>.integer(1...300, "seconds")
    let interval = ValueKind<Int64>.integer(1...60, "seconds")
    let minimum = reader.value("heartbeatSecondsMinimum", interval, default: 1)
    let maximum = reader.value("heartbeatSecondsMaximum", interval, default: 60)
    if minimum > maximum {
      reader.report(
        .inconsistent, "heartbeatSecondsMinimum", "larger than heartbeatSecondsMaximum")
    }
    return GatewaySettings.Sessions(
      heartbeatSeconds: min(minimum, maximum)...maximum,
      logonSeconds: reader.value("logonSeconds", seconds, default: 10),
      queueBytes: reader.value(
        "queueBytes", ValueKind<Int64>.integer(65_536...67_108_864, "bytes"), default: 262_144),
      reportsKept: reader.value(
        "reportsKept", ValueKind<Int64>.integer(1_000...10_000_000, "reports"), default: 100_000),
      stopSeconds: reader.value("stopSeconds", seconds, default: 10))
  }

  private func readCapacities(_ reader: inout ObjectReader) -> Capacities {
    func room(_ key: String, _ most: Int64, _ standard: Int64) -> Int {
      Int(reader.value(key, ValueKind<Int64>.integer(1...most), default: standard))
    }
    return Capacities(
      operationAccounts: room("operationAccounts", 100_000, 256),
      fundAccounts: room("fundAccounts", 10_000, 64), products: room("products", 10_000, 64),
      counters: room("counters", 256, 16), instruments: room("instruments", 10_000, 2_000),
      commodities: room("commodities", 512, 128), tradingHours: room("tradingHours", 32, 32),
      orders: room("orders", 50_000_000, 200_000),
      children: room("children", 100_000_000, 400_000),
      positions: room("positions", 4_000_000, 20_000), figures: room("figures", 2_000_000, 10_000),
      lots: room("lots", 50_000_000, 200_000), limitRows: room("limitRows", 4_000_000, 4_096),
      rateOwners: room("rateOwners", 100_000, 512),
      rateProfiles: room("rateProfiles", 100_000, 320), templates: room("templates", 10_000, 64),
      rates: room("rates", 4_000_000, 8_192),
      rateWindow: room("rateWindow", 50_000_000, 65_536),
      accessRows: room("accessRows", 4_000_000, 8_192), schemes: room("schemes", 10_000, 64),
      schemeInstruments: room("schemeInstruments", 1_000_000, 4_096),
      schemeAccounts: room("schemeAccounts", 10_000, 32),
      controllers: room("controllers", 1_000, 64),
      budgetRecords: room("budgetRecords", 4_000_000, 8_192),
      budgetTrades: room("budgetTrades", 50_000_000, 65_536),
      sessions: room("sessions", 60_000, 512),
      deskSessions: room("deskSessions", 1_000, 64))
  }

  private func readPlatform(_ reader: inout ObjectReader) -> GatewaySettings.Platform {
    let seconds = ValueKind<Int64>.integer(1...86_400, "seconds")
    return GatewaySettings.Platform(
      shard: UInt8(reader.value("shard", ValueKind<Int64>.integer(0...63), default: 0)),
      seed: reader.optional(
        "seed", ValueKind<Int64>.integer(0...Int64.max), unset: "drawn at genesis"
      ).map(UInt64.init),
      lockoutFailures: reader.value(
        "lockoutFailures", ValueKind<Int64>.integer(1...1_000), default: 5),
      lockoutWindowSeconds: reader.value("lockoutWindowSeconds", seconds, default: 300),
      lockoutSeconds: reader.value("lockoutSeconds", seconds, default: 900),
      ordersPerAccountDay: reader.value(
        "ordersPerAccountDay", ValueKind<Int64>.integer(1...10_000_000, "orders"),
        default: 50_000),
      clockForwardSeconds: reader.value("clockForwardSeconds", seconds, default: 1),
      childAnswerSeconds: reader.value("childAnswerSeconds", seconds, default: 10))
  }
}

extension ValueKind where Value == String {
  /// A host name or an address, not looked up here.
  static var host: ValueKind {
    fromText(
      "host name or address of 1...253 characters", placeholder: "127.0.0.1",
      show: ConfigNode.quoted
    ) { text in
      let isLegal = text.utf8.allSatisfy { byte in
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
          || [UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: ":"), UInt8(ascii: "%")]
            .contains(byte)
      }
      return isLegal && (1...253).contains(text.utf8.count) ? text : nil
    }
  }
}
