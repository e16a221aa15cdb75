import Domain
import Glibc  // In front of the C modules of Runtime, so that what they share is Glibc's.
import Testing

@testable import Runtime

/// TLS between the gateway and its counters.
@Suite(.timeLimit(.minutes(10))) struct CounterTLSTests {
  /// Keys of a counter that shows a certificate for 127.0.0.1.
  private func keys(
    _ certificates: HouseCertificates, trusting authority: String, more: String = ""
  ) -> String {
    """
    tls: { enabled: true, authority: '\(authority)', \(more)
      simulatedCertificate: '\(certificates.files.certificate)',
      simulatedKey: '\(certificates.files.key)' }
    """
  }

  @Test func ordersReachACounterThatSpeaksTLS() throws {
    let certificates = try HouseCertificates()
    let house = try House(
      HouseFiles(north: keys(certificates, trusting: certificates.authorityPath)))
    let alice = try house.terminal("alice")
    let bob = try house.terminal("bob")
    try alice.place("a-1", .sell, lots: 2)
    try alice.report(.workingConfirmed, of: "a-1")
    try bob.place("b-1", .buy, lots: 2)
    try bob.report(.trade, of: "b-1")
    try alice.report(.trade, of: "a-1")
  }

  @Test func aCounterThatNobodyTrustedSignedLearnsNoPassword() throws {
    let certificates = try HouseCertificates()
    let others = try HouseCertificates()
    let house = try House(
      HouseFiles(north: keys(certificates, trusting: others.authorityPath)), starts: false)
    try house.start()
    try house.log.wait(
      for: "linkTLSFailed", "counter=north",
      "nobody that is trusted here signed the certificate /CN=gateway: tls.authority trusts its")
  }

  @Test func aFileThatCantBeReadIsToldWithItsPlace() throws {
    let certificates = try HouseCertificates()
    let files = HouseFiles(north: keys(certificates, trusting: "/nowhere/ca.pem"))
    let told = #expect(throws: Overdue.self) { try House(files, starts: false) }
    let fault = "counters.json5:3:59: counters[0].tls.authority: /nowhere/ca.pem: "
    #expect(told?.what.contains(fault) == true, "\(told?.what ?? "")")
  }

  @Test func aCounterOfAnotherNameIsRefused() throws {
    let certificates = try HouseCertificates()
    let house = try House(
      HouseFiles(
        north: keys(
          certificates, trusting: certificates.authorityPath, more: "name: 'broker.example',")),
      starts: false)
    try house.start()
    try house.log.wait(
      for: "linkTLSFailed",
      "and not for broker.example: connect to a name of it, or state one by "
        + "tls.name")
  }
}
