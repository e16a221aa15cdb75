import Domain
import Foundation
import Messages
import Testing

@testable import Config

/// The files of config/ as they are, and the tree's root.
enum Example {
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  static let files = ConfigurationFiles.read(folder: root.appending(path: "config").path)
  static let loaded = ConfigurationLoader.load(files, isDeclaring: true)

  static func configuration() throws -> Configuration { try #require(loaded.configuration) }

  static func date(_ yyyymmdd: UInt32) -> CalendarDate { CalendarDate(yyyymmdd: yyyymmdd)! }
  static func day(_ yyyymmdd: UInt32) -> TradingDay { TradingDay(yyyymmdd: yyyymmdd)! }
}

@Suite struct ExampleConfigurationTests {
  @Test func theExampleHasNoFault() {
    for fault in Example.loaded.faults where !fault.isNotice {
      Issue.record("\(fault)")
    }
    #expect(Example.loaded.configuration != nil)
  }

  /// Where a key stands first, the comment above it says in brackets what the reader allows and
  /// assumes. Parts that recur (a rate, months) are explained once in a file.
  @Test func everyKeyStandsInTheExampleWithUnitRangeAndDefault() throws {
    let lines = Dictionary(
      uniqueKeysWithValues: Example.files.files.map { file in
        (file.label, String(decoding: file.bytes, as: UTF8.self).components(separatedBy: "\n"))
      })
    let explained = Set(
      Example.loaded.declarations.filter { declaration in
        guard let position = declaration.firstPosition, let lines = lines[position.file] else {
          return false
        }
        return comment(above: position.line, in: lines).contains("[\(declaration.summary)]")
      }.map(Self.name))
    for declaration in Example.loaded.declarations
    where !explained.contains(Self.name(declaration)) {
      let place = declaration.firstPosition?.description ?? "nowhere in \(declaration.file)"
      Issue.record("\(place): \(declaration.shape) needs a comment [\(declaration.summary)]")
    }
  }

  static func name(_ declaration: KeyDeclaration) -> String {
    "\(declaration.file) \(declaration.key) \(declaration.summary)"
  }

  private func comment(above number: Int, in lines: [String]) -> String {
    let above = lines[..<(number - 1)].reversed()
      .map { $0.drop { $0 == " " } }.prefix { $0.hasPrefix("//") }
    return above.reversed().map { $0.drop { $0 == "/" || $0 == " " } }.joined(separator: " ")
  }

  @Test func theExampleMakesADemo() throws {
    let configuration = try Example.configuration()
    #expect(configuration.counters.count == 2)
    #expect(Set(configuration.products.map(\.mode)) == [.priority, .ratio, .netPosition])
    #expect(configuration.fundAccounts.count >= 7)
    #expect(configuration.operationAccounts.count >= 6)
    let owners = configuration.fundAccounts.compactMap { account in
      account.tradingCodes.first { $0.exchange == .shfe }?.code
    }
    #expect(Set(owners).count < owners.count, "some fund accounts are one legal entity")
    #expect(configuration.commodities.count >= 80)
    #expect(Set(configuration.commodities.map(\.exchange)).count == 6)
  }
}
