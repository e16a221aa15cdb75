import Domain
import Gateway
import Journal
import Messages

/// What a journal began with: definitions, settings and money, and the day that they were for.
struct JournalGenesis {
  private(set) var commands: [Command] = []
  private(set) var tradingDay = TradingDay.none
  /// Of the first command.
  private(set) var time = Timestamp(nanoseconds: 0)

  /// Reads up to the beginning of the first trading day.
  static func read<Storage: JournalStorage & ~Copyable>(
    _ steps: consuming RecordedSteps<Storage>
  ) throws(HistoryFault) -> JournalGenesis {
    var genesis = JournalGenesis()
    while try steps.step(), let stamped = steps.stamped {
      if genesis.commands.isEmpty { genesis.time = stamped.time }
      if case .daySwitch(let day) = stamped.command {
        genesis.tradingDay = day.tradingDay
        return genesis
      }
      if stamped.command.part != .history { genesis.commands.append(stamped.command) }
    }
    throw .notFound("no trading day has begun in it: nothing was decided yet")
  }

  /// Of its draws.
  var seed: UInt64 {
    for case .engineSettings(let settings) in commands { return settings.seed }
    return 0
  }

  /// Password hashes by the names of operation accounts.
  var passwordHashes: [String: String] {
    var names: [String] = []
    var hashes: [String: String] = [:]
    for command in commands {
      switch command {
      case .defineOperationAccount(let define): names.append(define.name.string)
      case .setCredential(let set) where set.account.index < names.count:
        hashes[names[set.account.index]] = set.hash.string
      default: break
      }
    }
    return hashes
  }

  /// The same by the names of risk controllers.
  var controllerHashes: [String: String] {
    var names: [String] = []
    var hashes: [String: String] = [:]
    for command in commands {
      switch command {
      case .defineController(let define): names.append(define.name.string)
      case .setControllerCredential(let set) where set.controller.index < names.count:
        hashes[names[set.controller.index]] = set.hash.string
      default: break
      }
    }
    return hashes
  }
}
