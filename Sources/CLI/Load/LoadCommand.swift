import Client
import Config
import Domain
import Runtime
import Session

/// `sluice load`: many terminals at once against any gateway, by the clock whatever comes back;
/// every answer is checked, and at the end everything that the gateway has of them.
enum LoadCommand {
  struct Options {
    var plan = ""
    var address: SocketAddress?
    var secrets = ""
    var seconds: Int64?

    init(_ words: [String]) throws(Misuse) {
      var arguments = Arguments(words)
      while let key = arguments.next() {
        switch key {
        case "--plan": plan = try arguments.text(of: key, "a file")
        case "--connect": address = try arguments.address(of: key)
        case "--secrets": secrets = try arguments.text(of: key, "a folder")
        case "--seconds": seconds = try arguments.number(of: key, 1...86_400)
        default: throw Misuse(unknown: key)
        }
      }
      if plan.isEmpty { throw Misuse("--plan FILE is missing") }
      if address == nil { throw Misuse("--connect ADDRESS:PORT is missing") }
      if secrets.isEmpty { throw Misuse("--secrets DIR is missing") }
    }
  }

  static let usage = """
    usage: sluice load --plan FILE --connect ADDRESS:PORT --secrets DIR [--seconds N]

      --plan     who logs on and what they send (JSON5; bench/load/plan.json5 explains each key)
      --connect  the gateway
      --secrets  a folder with a file ACCOUNT.password for each account, its first line the password
      --seconds  instead of the plan's

      Orders are due by the clock (open loop); latency counts from then. Figures go to standard
      output as lines of key and value.

      Exit code 0: every order was answered once, every report was right, and the gateway has what
      its terminals know. 1: it was not so, or the load can't start.
    """

  static func run(_ arguments: [String]) -> Int32 {
    let options: Options
    do throws(Misuse) {
      options = try Options(arguments)
    } catch {
      return CLI.misused("load", error)
    }
    guard let bytes = ScriptFile.read(options.plan) else {
      return CLI.failed("\(options.plan) can't be read")
    }
    let (read, faults) = LoadPlan.read(bytes, label: options.plan)
    for fault in faults { Console.complain(fault.description) }
    guard var plan = read else { return CLI.failed("\(options.plan): not usable") }
    if let seconds = options.seconds { plan.seconds = Int(seconds) }
    guard let address = options.address, let market = LoadMarket(plan.instruments) else {
      return CLI.failed("\(options.plan): an instrument's code has at most 32 ASCII characters")
    }
    // Those that send come first.
    plan.groups.sort { $0.ordersPerSecond > 0 && $1.ordersPerSecond == 0 }
    do throws(LoopError) {
      return try play(plan, market, address, options.secrets)
    } catch {
      return CLI.failed("the load can't start: \(error)")
    }
  }

  private static func play(
    _ plan: LoadPlan, _ market: LoadMarket, _ address: SocketAddress, _ secrets: String
  ) throws(LoopError) -> Int32 {
    var loop = try EventLoop(LoopLimits(connections: plan.terminalCount))
    loop.watch(signal: 2)
    loop.watch(signal: 15)
    guard let clients = clients(plan, secrets, at: loop.now) else { return 1 }
    let senders = plan.groups.filter { $0.ordersPerSecond > 0 }.flatMap { group in
      Array(
        repeating: group.ordersPerSecond, count: group.accounts.count * group.terminalsPerAccount)
    }
    let figures = LoadFigures()
    let desk = LoadDesk(
      plan, market, senders: senders, terminals: clients.count, figures, &loop)
    var driver = TerminalDriver(clients, to: address, desk, &loop)
    loop.run(&driver)
    for line in figures.lines { Console.say(line) }
    for fault in figures.faults { Console.complain("load: \(fault)") }
    if figures.faultCount > figures.faults.count {
      Console.complain("load: ... and \(figures.faultCount - figures.faults.count) more")
    }
    return figures.isSound ? 0 : 1
  }

  /// A client for each terminal; nil after a complaint.
  private static func clients(
    _ plan: LoadPlan, _ secrets: String, at now: Int64
  ) -> [TerminalClient]? {
    var clients: [TerminalClient] = []
    let run = Secrets.randomNumber()
    for group in plan.groups {
      for account in group.accounts {
        guard let name = Name(account) else {
          Console.complain("'\(account)' is no account's name")
          return nil
        }
        let password: FixedText<128>
        let file = "\(secrets)/\(account).password"
        switch PasswordSource.read(file: file, account: name, { english, _ in english }) {
        case .success(let read): password = read
        case .failure(let fault):
          Console.complain("sluice: \(fault.words)")
          return nil
        }
        for _ in 0..<group.terminalsPerAccount {
          guard let ids = ClOrdIDSource(prefix: "L", seed: run &+ UInt64(clients.count)) else {
            preconditionFailure("a prefix of one letter is taken")
          }
          clients.append(
            TerminalClient(
              TerminalLogon(account: name, terminalName: FixedText("sluice load")!),
              password: password, ids: ids, seed: run ^ UInt64(clients.count), at: now))
        }
      }
    }
    return clients
  }
}
