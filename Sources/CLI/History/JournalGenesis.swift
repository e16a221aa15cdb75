import Config
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

  /// What a configuration says on the journal's first day; nil, and said why, when it can't be
  /// used.
  func compiled(_ configuration: Configuration) -> [Command]? {
    var hashes = passwordHashes
    // Who is not in the journal has no password there: the comparison names the account.
    for account in configuration.operationAccounts where hashes[account.name] == nil {
      hashes[account.name] = "-"
    }
    var controllerHashes = self.controllerHashes
    for controller in configuration.controllers where controllerHashes[controller.name] == nil {
      controllerHashes[controller.name] = "-"
    }
    let input = Genesis.Input(
      tradingDay: tradingDay, seed: seed, passwordHashes: hashes,
      controllerHashes: controllerHashes)
    switch Genesis.compile(configuration, input) {
    case .compiled(let compiled): return compiled.commands
    case .refused(let faults):
      for fault in faults where !fault.isNotice { Console.complain(fault.description) }
      return nil
    }
  }
}
