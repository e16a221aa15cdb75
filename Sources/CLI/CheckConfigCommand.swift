import Config

/// `sluice check-config [DIR]`: every fault of a configuration, each with file, line and key.
enum CheckConfigCommand {
  static let usage = """
    usage: sluice check-config [DIR]

      DIR  files of settings; config/ or the embedded defaults

      Exit code 0: it can be used; what is told then are notices. 1: it can't.
    """

  static func run(_ arguments: [String]) -> Int32 {
    guard arguments.count <= 1, arguments.first?.hasPrefix("-") != true else {
      Console.complain(usage)
      return 2
    }
    let files =
      arguments.first.map { ConfigurationFiles.read(folder: $0) }
      ?? EmbeddedDefaults.filesOrFolder()
    let loaded = ConfigurationLoader.load(files)
    for fault in loaded.faults { Console.complain(fault.description) }
    if loaded.droppedFaultCount > 0 {
      Console.complain("... and \(loaded.droppedFaultCount) more")
    }
    guard let configuration = loaded.configuration else {
      Console.complain("\(files.label): not usable")
      return 1
    }
    Console.say(
      """
      \(files.label): \(configuration.commodities.count) commodities, \
      \(configuration.counters.count) counters, \(configuration.products.count) products, \
      \(configuration.fundAccounts.count) fund accounts, \
      \(configuration.operationAccounts.count) operation accounts
      """)
    return 0
  }
}
