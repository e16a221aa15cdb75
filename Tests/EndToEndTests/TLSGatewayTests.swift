import Domain
import Foundation
import Gateway
import Metrics
import Session
import Terminal
import Testing
import Wire

@testable import Runtime

/// The gateway's listeners under TLS.
@Suite(.timeLimit(.minutes(10))) struct TLSGatewayTests {
  @Test func ordersMeetOverTLSAndTheLogKeepsTheKeyToItself() throws {
    let certificates = try HouseCertificates()
    let house = try certificates.house()
    let alice = try ScriptedTerminal(house, "alice", tls: certificates.client())
    let bob = try ScriptedTerminal(house, "bob", tls: certificates.client())
    try alice.logOn()
    try bob.logOn()
    try alice.place("a-1", .sell, lots: 2)
    try alice.report(.workingConfirmed, of: "a-1")
    try bob.place("b-1", .buy, lots: 2)
    try bob.report(.trade, of: "b-1")
    try alice.report(.trade, of: "a-1")
    try bob.send(OrderEntry.Logout(reason: .requested))
    try bob.waitForEnd()
    #expect(bob.socket.end == .closed, "close_notify, and not merely the end")
    _ = house.log.found()
    let key = String(
      decoding: try Data(contentsOf: URL(filePath: certificates.files.key)), as: UTF8.self)
    let lines = key.split(separator: "\n").filter { !$0.hasPrefix("-----") }
    #expect(!lines.isEmpty)
    for line in lines { #expect(!house.log.lines.contains { $0.contains(line.prefix(20)) }) }
  }

  /// The house's own terminal, by script.
  private func script(
    _ lines: [String], _ house: House, _ tls: TLSClient?
  ) throws -> (code: ExitCode, said: String, complained: String) {
    var settings = Shell.Settings()
    settings.isScript = true
    settings.source = "s"
    var password = try house.password(of: "alice")
    var said = ""
    var complained = ""
    let code = try TerminalRun.run(
      settings, TerminalLogon(account: try #require(Name("alice")), reconnects: false),
      password: &password, to: house.address, tls: tls, input: .lines(lines), prompt: "",
      stopsOnSignals: false
    ) { text, isComplaint in
      if isComplaint { complained += text } else { said += text }
    }
    return (code, said, complained)
  }

  @Test func theTerminalTradesOverTLS() throws {
    let certificates = try HouseCertificates()
    let house = try certificates.house()
    let order = "buy open \(house.instrument.string) 1 @ 3100"
    let run = try script(
      [order, "cancel last", "wait final last"], house, try certificates.client())
    #expect(run.code == .fine, "\(run.complained)")
    #expect(run.said.contains("cancelled"))
  }

  @Test func theTerminalSaysWhyTLSCameToNothing() throws {
    let certificates = try HouseCertificates(.required)
    let house = try certificates.house()
    let stranger = try HouseCertificates()
    let unknown = try script([], house, try stranger.client())
    #expect(unknown.code == .connectionLost)
    #expect(
      unknown.complained.contains(
        "TLS: nobody that is trusted here signed the certificate /CN=gateway: --ca FILE"),
      "\(unknown.complained)")
    let missing = try script([], house, try certificates.client())
    #expect(missing.code == .connectionLost)
    #expect(
      missing.complained.contains("TLS: the other end asks for a certificate"),
      "\(missing.complained)")
    try house.log.wait(for: "tlsFailed", "the peer showed no certificate")
    let own = try certificates.make("desk-1")
    let shown = try script(["echo done"], house, try certificates.client(showing: own))
    #expect(shown.code == .fine && shown.said.contains("done"))
    let plain = try script([], house, nil)
    #expect(plain.code == .connectionLost)
    let hint = "does the gateway want TLS? then --tls"
    #expect(plain.complained.contains(hint), "\(plain.complained)")
    let plainHouse = try House()
    let neither = try script([], plainHouse, try certificates.client())
    #expect(neither.complained.contains("the other end does not speak it"))
  }

  @Test func aNewCertificateComesWithoutDroppingASession() throws {
    let certificates = try HouseCertificates()
    let house = try certificates.house()
    let tls = try certificates.client()
    let alice = try ScriptedTerminal(house, "alice", tls: tls)
    try alice.logOn()
    let first = certificates.identity.facts.fingerprint
    let before = try SecureSocket(to: house.address, tls)
    #expect(before.fingerprint == first)

    try certificates.make("gateway")
    house.reloadCertificates()
    let line = try house.log.wait(for: "certificate ", "isNew=true")
    let second = certificates.identity.facts.fingerprint
    #expect(first != second && line.contains(second))
    let after = try SecureSocket(to: house.address, tls)
    #expect(after.fingerprint == second)
    try alice.place("a-1")
    try alice.report(.workingConfirmed, of: "a-1")

    try certificates.folder.write("nonsense", "gateway.crt")
    house.reloadCertificates()
    try house.log.wait(for: "certificateRefused", "gateway.crt", "in PEM form")
    try house.log.wait(for: "certificate ", "isNew=false")
    let still = try SecureSocket(to: house.address, tls)
    #expect(still.fingerprint == second)
    try alice.place("a-2")
    try alice.report(.workingConfirmed, of: "a-2")
    #expect(alice.logout == nil)
    _ = before
  }

  @Test func whatIsNotTLSEndsWithALineAndIsCounted() throws {
    let certificates = try HouseCertificates()
    let house = try certificates.house { $0.limits.terms.logonSeconds = 3 }
    let tls = try certificates.client()
    let alice = try ScriptedTerminal(house, "alice", tls: tls)
    try alice.logOn()
    let garbage = 40
    for number in 0..<garbage {
      let socket = try PatientSocket(to: house.address)
      try socket.send(
        number % 2 == 0
          ? ScriptedTerminal.bytes(OrderEntry.Logon(account: Name("bob")!, schemaVersion: 2))
          : Array("GET / HTTP/1.0\r\n\r\n".utf8))
      var heard: [UInt8] = []
      while socket.end == nil { heard += try socket.read(by: Deadline(), "an end") }
      if let first = heard.first { #expect(first == 21, "an alert") }
    }
    try house.log.wait(for: "tlsFailed", "http request")
    let lines = house.log.found("tlsFailed").count
    #expect(lines >= 2 && lines <= garbage)
    // Handshakes that never end, and one that does without a logon.
    let silent = try PatientSocket(to: house.address)
    let halfway = try PatientSocket(to: house.address)
    try halfway.send([22, 3, 1, 2, 0, 1, 0, 1])
    let mute = try ScriptedTerminal(house, "bob", tls: tls)
    try mute.waitForEnd()
    #expect(mute.logout?.reason == .logonTimeout && mute.socket.end == .closed)
    for socket in [silent, halfway] {
      while socket.end == nil {
        let heard = try socket.read(by: Deadline(), "the end of a handshake")
        #expect(heard.isEmpty, "nothing of ours is said in plain")
      }
    }
    try alice.place("a-1")
    try alice.report(.workingConfirmed, of: "a-1")
    let deadline = Deadline()
    var page = ""
    while !page.contains("sluice_tls_failures_total \(garbage)\n"), deadline.millisecondsLeft > 0 {
      page = house.metrics.prometheusText()
    }
    #expect(page.contains("sluice_tls_failures_total \(garbage)\n"))
    #expect(page.contains("sluice_tls_handshakes_total 2\n"))
  }

  @Test func theMetricsPageIsReadOverTLS() throws {
    let certificates = try HouseCertificates()
    let metrics = MetricsTable()
    _ = metrics.gauge("some_gauge", "Some help")
    let server = try MetricsServer(
      metrics, at: .loopback(port: 0), tls: certificates.identity)
    let socket = try SecureSocket(to: server.address, try certificates.client())
    try socket.send(Array("GET /metrics HTTP/1.1\r\n\r\n".utf8))
    var answer: [UInt8] = []
    while socket.end == nil { answer += try socket.read(by: Deadline(), "a page") }
    #expect(String(decoding: answer, as: UTF8.self).contains("some_gauge 0"))
    #expect(socket.end == .closed)
  }

  // MARK: What is configured

  private func gateway(_ terminals: String) -> HouseFiles {
    var files = HouseFiles()
    files.texts["gateway.json5"]?.replace("{ port: 0 }", with: "{ port: 0, \(terminals) }")
    return files
  }

  @Test func whatTheFilesSayIsWhatTerminalsAreShown() throws {
    let certificates = try HouseCertificates()
    let files = certificates.files
    let house = gateway(
      "tls: { certificate: '\(files.certificate)', key: '\(files.key)', "
        + "clientCertificates: 'optional', authority: '\(certificates.authorityPath)' }")
    let scratch = try ScratchFolder()
    let plan = try ServePlanTests.ready(ServePlanTests.make(house, scratch.data))
    let tls = try #require(plan.gateway.tls)
    #expect(tls.facts == certificates.identity.facts)
    #expect(tls.files.clientCertificates == .optional)
    #expect(plan.gateway.certificates.count == 1 && plan.metrics == nil)
  }

  @Test func whatIsWrongWithFilesIsSaidWithPlaceAndKey() throws {
    let scratch = try ScratchFolder()
    let house = gateway("tls: { certificate: '/no/a.crt',\n key: '/no/a.key' }")
    let faults = ServePlanTests.faults(try ServePlanTests.make(house, scratch.data))
    #expect(
      faults == [
        "gateway.json5:2:45: terminals.tls.certificate: /no/a.crt: No such file or directory",
        "gateway.json5:3:7: terminals.tls.key: /no/a.key: No such file or directory",
      ])
    let rehearsal = ServePlan.rehearse(
      try house.loaded(), now: Timestamp(date: House.day.date, secondOfDay: 0))
    #expect(rehearsal.faults == faults)
  }

  @Test func plainBeyondThisMachineIsRefusedUnlessItIsMeant() throws {
    let scratch = try ScratchFolder()
    let words = "without TLS others could read and change what passes"
    let open = gateway("host: '0.0.0.0'")
    let faults = ServePlanTests.faults(try ServePlanTests.make(open, scratch.data))
    #expect(faults.count == 1)
    #expect(faults.first?.hasPrefix("gateway.json5:2:31: terminals.host: \(words)") == true)
    let meant = gateway("host: '0.0.0.0', plainBeyondLoopback: true")
    let plan = try ServePlanTests.ready(ServePlanTests.make(meant, scratch.data))
    #expect(!plan.gateway.address.isLoopback && plan.gateway.tls == nil)
    let anywhere = try #require(SocketAddress(text: "0.0.0.0:0"))
    let stated = try ServePlanTests.make(HouseFiles(), scratch.data) { $0.listen = anywhere }
    #expect(
      ServePlanTests.faults(stated).map { $0.hasPrefix("--listen 0.0.0.0:0: \(words)") } == [true])
    let own = try ServePlanTests.ready(
      ServePlanTests.make(HouseFiles(), scratch.data) {
        $0.listen = anywhere
        $0.isSelfSigned = true
      })
    #expect(own.gateway.tls?.files.certificate == scratch.data.path + "/tls/gateway.crt")
    #expect(ScratchFolder.mode(scratch.data.path + "/tls/gateway.key") == 0o600)
    #expect(ScratchFolder.mode(scratch.data.path + "/tls") == 0o700)
    var metrics = HouseFiles()
    metrics.texts["gateway.json5"]?.replace(
      "terminals:", with: "metrics: { host: '0.0.0.0', port: 0 }, terminals:")
    let page = ServePlanTests.faults(try ServePlanTests.make(metrics, scratch.data))
    #expect(page.count == 1 && page[0].contains("metrics.host: \(words)"))
  }
}
