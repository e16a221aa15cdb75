import Config
import Domain
import Foundation
import Testing

@testable import Runtime

/// Passwords and hashes that the configuration only points at.
@Suite struct CredentialStoreTests {
  /// A store in one place, so that it can be asked where it is compared.
  final class Store {
    private var store: CredentialStore
    init(_ scratch: ScratchFolder) { store = CredentialStore(scratch.data, .lightForTests) }
    var faults: [String] { store.faults }
    func generated(_ name: String) -> String? { store.generated(name) }
    func hash(_ account: OperationAccountSettings) -> String? { store.hash(account) }
    func password(_ account: FundAccountSettings) -> FixedText<128>? { store.password(account) }
  }

  static func operation(_ source: CredentialSource) throws -> OperationAccountSettings {
    var account = try HouseFiles().loaded().operationAccounts[0]
    account.credential = source
    return account
  }

  static func fund(_ source: SecretSource) throws -> FundAccountSettings {
    var account = try HouseFiles().loaded().fundAccounts[0]
    account.password = source
    return account
  }

  static func fits(_ password: String, _ hash: String) -> Bool {
    guard let hash = FixedText<128>(hash) else { return false }
    return Array(password.utf8).withUnsafeBytes { PasswordHash.verify($0, against: hash) }
  }

  @Test func aDrawnPasswordIsKeptForItsOwnerAloneAndFoundAgain() throws {
    let scratch = try ScratchFolder()
    let store = Store(scratch)
    let drawn = try #require(store.generated("alice"))
    #expect(drawn.utf8.count == 16)
    #expect(drawn.utf8.allSatisfy { "abcdefghijkmnpqrstuvwxyz23456789".utf8.contains($0) })
    let path = scratch.data.path + "/secrets/alice.password"
    #expect(ScratchFolder.mode(path) == 0o600)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == drawn + "\n")
    let later = Store(scratch)
    #expect(later.generated("alice") == drawn)
    #expect(store.generated("bob") != drawn)
    // A fund account's is another one than that of an operation account of the same name.
    var fund = try Self.fund(.generated)
    fund.name = "alice"
    let password = try #require(store.password(fund))
    #expect(password.string != drawn && password.count == 16)
    #expect(store.faults == [] && later.faults == [])
  }

  @Test func aHashIsTheOneGivenTheFilesOrOneOfTheDrawnPassword() throws {
    let scratch = try ScratchFolder()
    let store = Store(scratch)
    let hash = try #require(
      Array("secret".utf8).withUnsafeBytes { PasswordHash.make($0, .lightForTests) }
    ).string
    #expect(store.hash(try Self.operation(.hash(hash))) == hash)
    for ending in ["", "\n", "\r\n", "\nanother line\n"] {
      let path = try scratch.write(hash + ending, "hash")
      #expect(store.hash(try Self.operation(.hashFile(path))) == hash)
    }
    let drawn = try #require(store.hash(try Self.operation(.generated)))
    #expect(drawn.hasPrefix("$argon2id$"))
    #expect(Self.fits(try #require(store.generated("alice")), drawn))
    #expect(!Self.fits("another", drawn))
    #expect(store.faults == [])
  }

  struct Bad: Sendable, CustomTestStringConvertible {
    var name: String
    /// What is in the file; nil = there is none.
    var text: String?
    var fault: String
    var testDescription: String { name }
  }

  static let badHashes: [Bad] = [
    Bad(name: "no file", text: nil, fault: "operation account alice: PATH: No such file"),
    Bad(name: "an empty file", text: "", fault: "operation account alice: PATH is empty"),
    Bad(name: "an empty line", text: "\n", fault: "no argon2id string"),
    Bad(
      name: "a password", text: "secret\n", fault: "the first line of PATH is no argon2id string"),
    Bad(name: "another algorithm", text: "$2b$12$abcdefgh\n", fault: "no argon2id string"),
    Bad(
      name: "a string of 128 bytes", text: "$argon2id$" + String(repeating: "x", count: 118),
      fault: "no argon2id string"),
  ]

  @Test(arguments: badHashes)
  func aHashFileThatIsNoneIsAFault(_ row: Bad) throws {
    let scratch = try ScratchFolder()
    let path = scratch.path + "/hash"
    if let text = row.text { try scratch.write(text, "hash") }
    let store = Store(scratch)
    #expect(store.hash(try Self.operation(.hashFile(path))) == nil)
    #expect(store.faults.count == 1)
    #expect(store.faults[0].contains(row.fault.replacing("PATH", with: path)), "\(store.faults)")
    #expect(!store.faults[0].contains("secret"))
  }

  @Test func aFundAccountsPasswordComesFromAFileOrTheEnvironment() throws {
    let scratch = try ScratchFolder()
    let store = Store(scratch)
    let longest = String(repeating: "p", count: 128)
    for (text, password) in [
      ("secret", "secret"), ("secret\r\n", "secret"), (" with blanks \nrest", " with blanks "),
      ("密码\n", "密码"), (longest + "\n", longest),
    ] {
      let path = try scratch.write(text, "password")
      #expect(store.password(try Self.fund(.file(path)))?.string == password)
    }
    let home = try #require(ProcessInfo.processInfo.environment["PATH"])
    let expected = FixedText<128>(home)
    #expect(store.password(try Self.fund(.environment("PATH"))) == expected)
    #expect(store.faults.count == (expected == nil ? 1 : 0))
  }

  static let badPasswords: [Bad] = [
    Bad(name: "no file", text: nil, fault: "fund account fund-a: PATH: No such file"),
    Bad(name: "an empty file", text: "", fault: "fund account fund-a: PATH is empty"),
    Bad(name: "an empty line", text: "\nsecret\n", fault: "its password is empty or longer"),
    Bad(
      name: "129 bytes", text: String(repeating: "p", count: 129),
      fault: "its password is empty or longer than 128 bytes"),
    Bad(
      name: "more than a line's room", text: String(repeating: "p", count: 5_000),
      fault: "its password is empty or longer than 128 bytes"),
  ]

  @Test(arguments: badPasswords)
  func aPasswordFileThatIsNoneIsAFault(_ row: Bad) throws {
    let scratch = try ScratchFolder()
    let path = scratch.path + "/password"
    if let text = row.text { try scratch.write(text, "password") }
    let store = Store(scratch)
    #expect(store.password(try Self.fund(.file(path))) == nil)
    #expect(store.faults.count == 1)
    #expect(store.faults[0].contains(row.fault.replacing("PATH", with: path)), "\(store.faults)")
  }

  @Test func aSecretThatCannotBeKeptIsAFaultAndNotUsed() throws {
    let scratch = try ScratchFolder()
    let store = Store(scratch)
    // There is no folder for it any more.
    try FileManager.default.removeItem(atPath: scratch.data.path + "/secrets")
    #expect(store.generated("alice") == nil)
    #expect(store.password(try Self.fund(.environment("SLUICE_TESTS_NO_SUCH_VARIABLE"))) == nil)
    #expect(
      store.faults == [
        "\(scratch.data.path)/secrets/alice.password: No such file or directory",
        "fund account fund-a: the environment has no SLUICE_TESTS_NO_SUCH_VARIABLE",
      ])
    // What was drawn and got lost half-way is no password.
    try FileManager.default.createDirectory(
      atPath: scratch.data.path + "/secrets", withIntermediateDirectories: true)
    try scratch.write("", "data/secrets/alice.password")
    #expect(store.generated("alice") == nil)
    #expect(store.faults.last == "alice: \(scratch.data.path)/secrets/alice.password is empty")
  }
}
