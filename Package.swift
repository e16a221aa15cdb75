// swift-tools-version: 6.2
// The architecture in one file: a module imports only what its line lists, and
// `swift build --explicit-target-dependency-import-check error` holds everybody to it.
// docs/ARCHITECTURE.md says what each module is for.
import PackageDescription

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

/// Faults that are built in for scripts/mutate, to see that the simulator finds each, and the
/// modules that have them. Without SLUICE_MUTATION nothing of them is compiled.
let mutations: [String: [String]] = [
  "RELEASE_FORGOTTEN": ["Ledger"],
  "FILL_TWICE": ["Session", "Engine"],
  "CAP_OFF_BY_ONE": ["RiskRules"],
  "WORKING_LEFT_OUT": ["RiskRules"],
  "BEFORE_STORED": ["Gateway"],
  "SYNC_SKIPPED": ["Simulator"],
  "RESERVE_OPENED": ["Gateway"],
  "UNKNOWN_REJECTED": ["Engine"],
  "TIE_BY_DICTIONARY": ["Routing"],
  "TIMER_LATE": ["Engine"],
  "NONE": [],
]
let mutation = Context.environment["SLUICE_MUTATION"]

func module(_ name: String, _ dependencies: [String] = []) -> Target {
  let isMutant = mutation.map { mutations[$0]?.contains(name) ?? false } ?? false
  return .target(
    name: name, dependencies: dependencies.map { .init(stringLiteral: $0) },
    swiftSettings: isMutant ? strict + [.define("MUTATION_\(mutation ?? "")")] : strict)
}

func program(_ name: String, path: String? = nil, _ dependencies: [String]) -> Target {
  .executableTarget(
    name: name, dependencies: dependencies.map { .init(stringLiteral: $0) }, path: path,
    swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [String], exclude: [String] = []) -> Target {
  .testTarget(
    name: name, dependencies: dependencies.map { .init(stringLiteral: $0) }, exclude: exclude,
    swiftSettings: strict)
}

/// Needs libFuzzer to be linked: only scripts/fuzz asks for it.
let fuzzing =
  Context.environment["SLUICE_FUZZ"] == nil
  ? []
  : [
    program(
      "SluiceFuzz", path: "fuzz/SluiceFuzz",
      [
        "Client", "Config", "Domain", "Engine", "Exchange", "Journal", "Ledger", "Messages",
        "Session", "Storage", "Terminal", "Wire", "CSluice",
      ])
  ]

/// Runs the simulator of a mutant: only scripts/mutate asks for it.
let mutants = mutation == nil ? [] : [program("Mutant", path: "Tests/Mutant", ["Simulator"])]

let package = Package(
  name: "sluice",
  products: [.executable(name: "sluice", targets: ["sluice"])],
  targets: [
    // C at the edges.
    .target(name: "CSluice", cSettings: [.unsafeFlags(["-Wall", "-Wextra", "-Werror", "-O2"])]),
    .systemLibrary(name: "CUV", pkgConfig: "libuv", providers: [.apt(["libuv1-dev"])]),
    .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
    .systemLibrary(name: "CEdit", pkgConfig: "libedit", providers: [.apt(["libedit-dev"])]),

    // Pure: values in, values out.
    module("Domain"),
    module("Messages", ["Domain"]),
    module("Wire", ["Domain", "Messages"]),
    module("Session", ["Domain", "Wire"]),
    module("Storage", ["CSluice"]),
    module("MarketData", ["Domain", "Storage"]),
    module("Ledger", ["Domain", "Storage", "MarketData"]),
    module("RiskRules", ["Domain", "Storage", "MarketData", "Ledger"]),
    module("Routing", ["Domain", "Storage", "MarketData", "Ledger", "RiskRules"]),
    module("Settlement", ["Domain", "Storage", "MarketData", "Ledger"]),
    module(
      "Engine",
      [
        "Domain", "Messages", "Storage", "MarketData", "Ledger", "RiskRules", "Routing",
        "Settlement",
      ]),
    module("Journal", ["CSluice"]),
    module(
      "Gateway",
      [
        "Domain", "Messages", "Wire", "Session", "Storage", "MarketData", "Ledger", "Engine",
        "Journal", "Counter",
      ]),
    module(
      "Follower",
      [
        "Domain", "Messages", "Wire", "Session", "Storage", "MarketData", "Ledger", "RiskRules",
        "Engine", "Journal", "Gateway", "Rings",
      ]),
    module("Counter", ["Domain", "Messages", "Wire", "Session"]),
    module("Exchange", ["Domain", "Wire", "Session"]),
    module("Client", ["Domain", "Wire", "Session"]),
    module("Terminal", ["Domain", "Wire", "Session", "Client", "RiskRules"]),
    module(
      "Simulator",
      [
        "Domain", "Messages", "Wire", "Session", "MarketData", "Ledger", "Engine", "Journal",
        "Gateway", "Follower", "Counter", "Exchange", "Client", "Rings", "ReferenceModel",
        "TwinChecks", "CSluice",
      ]),
    module("Config", ["Domain", "Messages"]),
    module("Rings", ["CSluice"]),
    module("Log", ["Domain", "Rings"]),
    module("Metrics"),

    // Threads, sockets, files.
    module(
      "Runtime",
      [
        "Domain", "Messages", "Wire", "Session", "Storage", "MarketData", "Ledger", "RiskRules",
        "Engine", "Journal", "Gateway", "Follower", "Counter", "Exchange", "Client", "Terminal",
        "Config",
        "Rings", "Log", "Metrics",
        "CSluice", "CUV", "COpenSSL", "CSodium", "CEdit",
      ]),
    program(
      "sluice", path: "Sources/CLI",
      [
        "Domain", "Messages", "Wire", "Session", "MarketData", "Ledger", "RiskRules", "Engine",
        "Journal",
        "Gateway", "Follower", "Exchange", "Client", "Terminal", "Config", "Log", "Metrics",
        "Simulator", "Runtime",
        // What Runtime is made of has to be found when it is imported.
        "CSluice", "CUV", "COpenSSL", "CSodium", "CEdit",
      ]),
    program("CodecGenerator", []),

    program(
      "SluiceBench", path: "bench/SluiceBench",
      [
        "Domain", "Messages", "Wire", "Storage", "MarketData", "Ledger", "RiskRules", "Engine",
        "Journal", "Gateway", "Runtime",
        // What Runtime is made of has to be found when it is imported.
        "CSluice", "CUV", "COpenSSL", "CSodium", "CEdit",
      ]),

    // Tests mirror Sources.
    .target(
      name: "ReferenceModel", dependencies: ["Domain", "Messages"], path: "Tests/ReferenceModel",
      swiftSettings: strict),
    .target(
      name: "TwinChecks",
      dependencies: ["Domain", "Messages", "Storage", "Ledger", "Engine", "ReferenceModel"],
      path: "Tests/TwinChecks", swiftSettings: strict),
    .target(
      name: "TickRecordings", dependencies: ["Domain", "Exchange"], path: "Tests/TickRecordings",
      swiftSettings: strict),
    tests("ConfigTests", ["Config", "Domain", "Engine", "Ledger", "Messages"]),
    tests("DomainTests", ["Domain"]),
    tests("RiskRulesTests", ["Domain", "Ledger", "MarketData", "RiskRules"]),
    tests("StorageTests", ["Domain", "Storage"]),
    tests("MarketDataTests", ["Domain", "Storage", "MarketData"]),
    tests("SettlementTests", ["Domain", "Storage", "MarketData", "Ledger", "Settlement"]),
    tests("LedgerTests", ["Domain", "Storage", "MarketData", "Ledger"]),
    tests("RoutingTests", ["Domain", "Storage", "MarketData", "Ledger", "Routing"]),
    tests("ExchangeTests", ["Domain", "Wire", "Session", "Exchange", "TickRecordings"]),
    tests("WireTests", ["Domain", "Messages", "Wire"]),
    tests("CodecGeneratorTests", ["CodecGenerator"]),
    tests("SessionTests", ["Domain", "Session", "Wire"]),
    tests("ClientTests", ["Client", "Domain", "Session", "Wire"]),
    tests(
      "TerminalTests",
      ["Client", "Domain", "Messages", "RiskRules", "Session", "Terminal", "Wire"]),
    tests(
      "GatewayTests",
      [
        "Domain", "Messages", "Wire", "Session", "Storage", "MarketData", "Ledger", "RiskRules",
        "Engine", "Journal", "Gateway", "Follower", "Client", "Rings",
      ]),
    tests(
      "SimulationTests",
      ["Simulator", "Domain", "Gateway", "Journal", "ReferenceModel"], exclude: ["seeds.txt"]),
    tests("TidyTests", []),
    tests("MetricsTests", ["Metrics"]),
    tests("RingsTests", ["Rings"]),
    tests("JournalTests", ["Journal", "CSluice"]),
    tests(
      "EngineTests",
      [
        "Domain", "Messages", "Storage", "MarketData", "Ledger", "RiskRules", "Routing",
        "Settlement", "Engine", "ReferenceModel",
      ]),
    tests(
      "TwinTests",
      [
        "Domain", "Messages", "Storage", "Ledger", "RiskRules", "Engine", "ReferenceModel",
        "TwinChecks", "Exchange", "TickRecordings",
      ], exclude: ["seeds.txt"]),
    tests("LogTests", ["Domain", "Log", "Rings"]),
    tests(
      "RuntimeTests",
      [
        "Runtime", "Client", "Config", "Domain", "Exchange", "Gateway", "Messages", "Journal",
        "Log",
        "Rings", "Session", "Terminal", "Wire", "COpenSSL", "CUV",
      ]),
    tests(
      "CLITests",
      [
        "sluice", "Client", "Config", "Domain", "Engine", "Gateway", "Journal", "Ledger",
        "Messages", "Runtime", "Session", "Terminal", "Wire",
        // What the program is made of has to be found when it is imported.
        "CSluice", "CUV", "COpenSSL", "CSodium", "CEdit",
      ]),
    tests(
      "EndToEndTests",
      [
        "sluice", "Client", "Runtime", "Config", "Domain", "Engine", "Exchange", "Follower",
        "Gateway", "Journal", "Ledger", "Log", "Messages", "Metrics", "Session", "Terminal",
        "Wire", "CSluice", "CUV", "COpenSSL", "CSodium", "CEdit",
      ]),
  ] + fuzzing + mutants
)
