import Domain
import Messages
import Wire

/// What is set, by what it is that is set: the newest command of each thing. Commands of a journal,
/// or of a configuration's genesis, are taken one by one.
struct ConfiguredSettings {
  /// One thing that can be set: the command that takes it away, as the journal has it.
  struct Slot: Hashable {
    fileprivate let bytes: [UInt8]
  }

  /// What a thing was, and is to be; empty = not set. A login list has a command a row.
  struct Difference {
    var slot: Slot
    var before: [Command]
    var after: [Command]
  }

  private var values: [Slot: [Command]] = [:]
  /// In the order they were first set.
  private var order: [Slot] = []

  init() {}

  init(_ commands: [Command]) {
    for command in commands { _ = take(command) }
  }

  /// Takes a command that the engine took; what changed by it, nil when it is no setting.
  mutating func take(_ command: Command) -> Difference? {
    guard let emptying = command.emptying, let slot = Self.slot(emptying) else { return nil }
    let before = values[slot] ?? []
    let isEmptied = command == emptying && command.isTakenAway
    let after = isEmptied ? [] : command.isRow ? before + [command] : [command]
    set(slot, after)
    return Difference(slot: slot, before: before, after: after)
  }

  private mutating func set(_ slot: Slot, _ commands: [Command]) {
    if values[slot] == nil { order.append(slot) }
    values[slot] = commands
  }

  /// What has to change so that this becomes the other, in the other's order; what is to be taken
  /// away comes last.
  func differences(to other: ConfiguredSettings) -> [Difference] {
    var found: [Difference] = []
    for slot in other.order {
      let before = values[slot] ?? []
      let after = other.values[slot] ?? []
      if before != after {
        found.append(Difference(slot: slot, before: before, after: after))
      }
    }
    for slot in order where other.values[slot] == nil {
      guard let before = values[slot], !before.isEmpty else { continue }
      found.append(Difference(slot: slot, before: before, after: []))
    }
    return found
  }

  /// Everything that is set, in the order it first was.
  var commands: [Command] { order.flatMap { values[$0] ?? [] } }

  private static func slot(_ command: Command) -> Slot? {
    var room = [UInt8](repeating: 0, count: JournalCodec.commandMaximum)
    return room.withUnsafeMutableBytes { room in
      do throws(WireError) {
        let length = try JournalCodec.encode(command, into: room)
        return Slot(bytes: Array(room.prefix(length)))
      } catch {
        return nil
      }
    }
  }
}

extension ConfiguredSettings.Difference {
  /// The commands that make it so; nil when it can't be done on a running gateway.
  var commands: [Command]? {
    guard let any = after.first ?? before.first, let emptying = any.emptying else { return nil }
    if any.isRow { return (before.isEmpty ? [] : [emptying]) + after }
    if !after.isEmpty { return after }
    return emptying.isTakenAway ? [emptying] : nil
  }
}

extension Command {
  /// A row of a login list.
  fileprivate var isRow: Bool {
    switch self {
    case .allowAddress, .allowMAC, .allowControllerAddress, .allowControllerMAC: true
    default: false
    }
  }

  /// Whether it can take something away: rates are replaced, and what was added stays.
  fileprivate var isTakenAway: Bool {
    switch self {
    case .setRates, .counterRates: false
    default: !isAddition
    }
  }

  /// What stands for the thing that is set; nil for what is no setting.
  fileprivate var emptying: Command? {
    switch self {
    case .setRates(var set):
      set.rates = RateSet()
      return .setRates(set)
    case .counterRates(var set):
      set.rates = RateSet()
      return .counterRates(set)
    case .allowAddress(let allow):
      return .clearAccess(ClearAccess(account: allow.account, list: .addresses))
    case .allowMAC(let allow):
      return .clearAccess(ClearAccess(account: allow.account, list: .macs))
    case .allowControllerAddress(let allow):
      return .clearControllerAccess(
        ClearControllerAccess(controller: allow.controller, list: .addresses))
    case .allowControllerMAC(let allow):
      return .clearControllerAccess(
        ClearControllerAccess(controller: allow.controller, list: .macs))
    case .clearAccess, .clearControllerAccess: return self
    default: return isAddition ? self : removal
    }
  }
}
