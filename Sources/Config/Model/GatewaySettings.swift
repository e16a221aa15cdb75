import Domain

/// gateway.json5: read at each start, but for `platform`, which the journal takes at genesis.
public struct GatewaySettings: Equatable, Sendable {
  public struct Listener: Equatable, Sendable {
    public var host: String
    /// 0 = any free port.
    public var port: UInt16
    /// Nil = plain TCP.
    public var tls: TLS?
    /// Without TLS others than this machine may connect.
    public var isPlainBeyondLoopback: Bool
    /// Where the host is written.
    public var position: SourcePosition
  }

  /// The files are not looked at here.
  public struct TLS: Equatable, Sendable {
    public enum ClientCertificates: Equatable, Sendable {
      case off
      case optional
      case required
    }

    public var certificate: Positioned<String>
    public var key: Positioned<String>
    public var clientCertificates: ClientCertificates
    /// Nil only when peers show no certificates.
    public var authority: Positioned<String>?
  }

  /// When an effect may leave.
  public enum Durability: Equatable, Sendable {
    /// The journal's bytes are in the page cache: they survive the death of the process.
    case process
    /// They are on the disk: they survive a loss of power.
    case power
  }

  public struct Journal: Equatable, Sendable {
    public var durability: Durability
    public var segmentMebibytes: Int64
    /// Between two snapshots of the state; 0 = none is written.
    public var snapshotCommands: Int64
    public var snapshotsKept: Int64

    /// A segment takes again all that a failed sync left uncertain.
    public static let segmentMebibytesForPower: Int64 = 32
  }

  public struct Flow: Equatable, Sendable {
    /// Over it the gateway pauses reading the session.
    public var messagesPerSecond: Int64
    /// Orders and cancels of a session without an answer.
    public var maxInFlight: Int64
  }

  public struct Sessions: Equatable, Sendable {
    /// What a terminal may ask for.
    public var heartbeatSeconds: ClosedRange<Int64>
    /// A connection that has not logged on by then is closed.
    public var logonSeconds: Int64
    /// Bytes that wait for a slow reader before it is cut.
    public var queueBytes: Int64
    /// The newest reports of all accounts together, for terminals that missed some.
    public var reportsKept: Int64
    /// How long a graceful stop waits for what is in hand.
    public var stopSeconds: Int64
  }

  /// argon2id, in libsodium's terms.
  public struct PasswordHash: Equatable, Sendable {
    public var memoryKibibytes: Int64
    public var passes: Int64
  }

  public enum LogLevel: String, Equatable, Sendable, CaseIterable {
    case debug
    case info
    case warning
    case error
  }

  public struct Platform: Equatable, Sendable {
    public var shard: UInt8
    /// Nil = drawn at genesis.
    public var seed: UInt64?
    public var lockoutFailures: Int64
    public var lockoutWindowSeconds: Int64
    public var lockoutSeconds: Int64
    public var ordersPerAccountDay: Int64
    public var clockForwardSeconds: Int64
    public var childAnswerSeconds: Int64
  }

  public var terminals: Listener
  /// Nil = risk controllers can't connect.
  public var desk: Listener?
  /// Nil = no metrics listener.
  public var metrics: Listener?
  /// Journal, secrets and snapshots live below it.
  public var dataFolder: String
  public var journal: Journal
  public var capacities: Capacities
  public var flow: Flow
  public var sessions: Sessions
  public var passwordHash: PasswordHash
  public var logLevel: LogLevel
  public var platform: Platform
}

/// How many of everything a gateway has room for: all of it is allocated at the start, and at a
/// limit the thing is refused with its reason. Field for field those of the ledger and the gateway.
public struct Capacities: Equatable, Sendable {
  public var operationAccounts: Int
  public var fundAccounts: Int
  public var products: Int
  public var counters: Int
  public var instruments: Int
  public var commodities: Int
  public var tradingHours: Int
  public var orders: Int
  public var children: Int
  public var positions: Int
  public var figures: Int
  public var lots: Int
  public var limitRows: Int
  public var rateOwners: Int
  public var rateProfiles: Int
  public var templates: Int
  public var rates: Int
  public var rateWindow: Int
  public var accessRows: Int
  public var schemes: Int
  public var schemeInstruments: Int
  public var schemeAccounts: Int
  public var controllers: Int
  public var budgetRecords: Int
  public var budgetTrades: Int
  /// Connections of terminals, logged on or not.
  public var sessions: Int
  /// Connections of controllers' clients, logged on or not.
  public var deskSessions: Int
}
