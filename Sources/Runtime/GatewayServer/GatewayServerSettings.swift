import Domain
import Follower
import Gateway
import Journal
import Ledger
import Log
import Messages
import Metrics

/// What a gateway on sockets needs to be started.
public struct GatewayServerSettings: Sendable {
  /// A counter that a fund account is linked to. Names stand for what the engine numbers.
  public struct Link: Sendable {
    public var fundAccount: Name
    public var counter: Name
    /// What it logs in as.
    public var user: Name
    public var password: FixedText<128>
    public var address: SocketAddress
    /// What is asked of it; nil = plain TCP.
    public var tls: TLSClient?
    public var heartbeatSeconds: UInt16
    /// The first pause before another try, at least 1, and the longest.
    public var reconnectSeconds: ClosedRange<Int64> = 1...30

    public init(
      fundAccount: Name, counter: Name, user: Name, password: FixedText<128>,
      address: SocketAddress, heartbeatSeconds: UInt16 = 5
    ) {
      self.fundAccount = fundAccount
      self.counter = counter
      self.user = user
      self.password = password
      self.address = address
      self.heartbeatSeconds = heartbeatSeconds
    }
  }

  /// Where controllers connect.
  public struct Desk: Sendable {
    /// Port 0 is a free one.
    public var address: SocketAddress
    /// Nil = plain TCP.
    public var tls: TLSIdentity?

    public init(address: SocketAddress, tls: TLSIdentity? = nil) {
      self.address = address
      self.tls = tls
    }
  }

  /// A trading day that begins while the gateway runs.
  public struct DayChange: Equatable, Sendable {
    public var at: Timestamp
    public var day: DaySwitch

    public init(at time: Timestamp, day: DaySwitch) {
      at = time
      self.day = day
    }
  }

  /// Port 0 is a free one.
  public var address: SocketAddress
  /// What terminals are shown; nil = plain TCP.
  public var tls: TLSIdentity?
  /// Nil = nowhere.
  public var desk: Desk?
  /// Read again on SIGHUP, those of other listeners of the process among them.
  public var certificates: [TLSIdentity] = []
  public var journal: JournalPlan
  /// Where `sluice config` asks for changes; nil = nowhere.
  public var controlPath: String?
  public var capacities = LedgerCapacities()
  public var limits = GatewayLimits()
  public var follower = FollowerLimits()
  public var links: [Link] = []
  public var passwordProfile = PasswordProfile.standard
  /// What tokens of the day are made with: with the same key they outlive a restart.
  public var tokenKey = DayTokenKey()
  /// How long a stop waits for what is in hand, in nanoseconds.
  public var stopNanoseconds: Int64 = 10_000_000_000
  /// In order of time.
  public var days: [DayChange] = []
  /// Never sleeps: shortest latency, one processor burnt.
  public var isSpinning = false
  /// Nil = nothing is logged.
  public var log: LogService?
  public var metrics: MetricsTable?

  public init(address: SocketAddress, journal: JournalPlan) {
    self.address = address
    self.journal = journal
  }
}

/// Where the journal is and how it begins.
public struct JournalPlan: Sendable {
  public enum Beginning: Sendable {
    /// A folder that does not exist yet, begun with these commands.
    case genesis([Command], configRevision: UInt32, shard: UInt16)
    /// A folder that exists: the gateway goes on where its journal ends.
    case existing
  }

  public var path: String
  public var beginning: Beginning
  /// How long segments are that are begun from now on; within `JournalFormat.segmentBytes`.
  public var segmentBytes = JournalFormat.segmentBytesDefault
  public var durability = JournalDurability.process
  public var snapshots = SnapshotPlan()

  public init(path: String, _ beginning: Beginning) {
    self.path = path
    self.beginning = beginning
  }
}

/// When the state is written, so that a start need not read the whole journal.
public struct SnapshotPlan: Equatable, Sendable {
  /// After so many commands, and behind the switch to a new day; 0 = never.
  public var everyCommands: UInt64 = 100_000
  /// So many of the newest stay, at least 1: a start that can't use one takes the one before.
  public var kept = 3

  public init() {}
}

/// Why a gateway can't be started.
public enum GatewayStartError: Error, Equatable, Sendable {
  case loop(LoopError)
  case listen(ListenError)
  case noThread
  /// Another gateway runs in the same data folder, and answers at this socket.
  case dataFolderInUse(String)
  /// The socket for changes can't be made.
  case controlSocket(String, errno: Int32)
  /// The journal can't be made, written or read.
  case journal(JournalFault)
  /// A command of the beginning was refused.
  case refused(Refusal, command: Int)
  /// A link names a fund account or counter that the engine does not know.
  case unknownName(Name)
}
