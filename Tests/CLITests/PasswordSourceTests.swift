import Domain
import Foundation
import Testing

@testable import sluice

@Suite struct PasswordSourceTests {
  private func words(_ bytes: [UInt8], _ source: String, isChinese: Bool = false) -> String {
    let result = bytes.withUnsafeBytes { bytes in
      PasswordSource.password(bytes, source) { isChinese ? $1 : $0 }
    }
    switch result {
    case .success(let password): return "taken: \(password.string)"
    case .failure(let fault): return fault.words
    }
  }

  /// A complaint names what held the password, and nothing else.
  @Test func whatHeldItIsNamed() {
    let long = [UInt8](repeating: 0x61, count: 129)
    #expect(
      words([], "SLUICE_PASSWORD")
        == "SLUICE_PASSWORD is empty: a password has 1 to 128 bytes")
    #expect(
      words(Array("\nsecret".utf8), "the first line of f")
        == "the first line of f is empty: a password has 1 to 128 bytes")
    #expect(
      words(long, "SLUICE_PASSWORD")
        == "SLUICE_PASSWORD is no password: a password has 1 to 128 bytes")
    #expect(words([0x61, 0, 0x62], "what was typed").hasPrefix("what was typed is no password"))
    #expect(
      words([], "SLUICE_PASSWORD", isChinese: true) == "SLUICE_PASSWORD为空：密码应为 1 至 128 字节")
    #expect(words(Array("secret\r\nmore".utf8), "f") == "taken: secret")
    #expect(words(Array(long.dropFirst()), "f").hasPrefix("taken: "))
  }
}
