import Domain
import Messages

/// The commands that set an engine up for history under another configuration.
struct OtherGenesis {
  private(set) var commands: [Command] = []
  /// What of the configuration is not taken, in words.
  private(set) var notices: [String] = []

  /// - Parameters:
  ///   - journal: what history began with; its definitions are those of `configured`.
  ///   - configured: the genesis of the other configuration.
  init(_ journal: JournalGenesis, _ configured: [Command]) {
    let kept = journal.commands.filter { $0.part == .kept }
    let places = Dictionary(grouping: kept.indices) { kept[$0].owner }
    var added: Set<Command.Owner> = []
    func add(_ owner: Command.Owner?, to commands: inout [Command]) {
      guard let owner, added.insert(owner).inserted else { return }
      commands += (places[owner] ?? []).map { kept[$0] }
    }
    // Money comes behind the settings of who has it: a position's margin is taken at its rates.
    var owner: Command.Owner?
    for command in configured {
      switch command.part {
      case .definition: commands.append(command)
      case .setting:
        if command.owner != owner { add(owner, to: &commands) }
        owner = command.owner
        commands.append(command)
      case .kept, .history: break
      }
    }
    add(owner, to: &commands)
    for command in kept { add(command.owner, to: &commands) }
    notices = Self.notices(kept, configured.filter { $0.part == .kept })
  }

  private static func notices(_ kept: [Command], _ configured: [Command]) -> [String] {
    var notices: [String] = []
    let isMoney: (Command) -> Bool = { command in
      switch command {
      case .setOpeningBalance, .setOpeningPosition: true
      default: false
      }
    }
    let isDisconnect: (Command) -> Bool = { command in
      if case .setAccount = command { return true }
      return false
    }
    if kept.filter(isMoney) != configured.filter(isMoney) {
      notices.append(
        "opening money and positions are history: the journal's stay, the configuration's differ")
    }
    if kept.filter(isDisconnect) != configured.filter(isDisconnect) {
      notices.append(
        "cancelOnDisconnect steers what was cancelled: the journal's stays, the configuration's "
          + "differs")
    }
    return notices
  }
}
