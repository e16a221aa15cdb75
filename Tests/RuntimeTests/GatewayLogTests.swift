import Domain
import Foundation
import Terminal
import Testing

@testable import Runtime

/// What a gateway of the defaults writes into its log.
@Suite(.timeLimit(.minutes(10))) struct GatewayLogTests {
  /// A logon that states neither network card nor anything else that is optional.
  @Test func aRuleGoesByItsNameAndWhatIsAbsentIsLeftOut() throws {
    let configuration = try ServePlanTests.configuration()
    try ServePlanTests.withFolder { folder in
      var plan = try ServePlanTests.plan(configuration, folder)
      plan.gateway.address = .loopback(port: 0)
      plan.gateway.links = []
      let path = folder.path + "/secrets/log"
      plan.gateway.log = try LogService(.file(path: path))
      do {
        let gateway = try RunningGateway(plan.gateway)
        let ran = try TerminalRunTests.run(
          ["echo no"], account: "desk-1", password: "no such password", to: gateway.address)
        #expect(ran.code == .logonRefused)
        #expect(
          ran.complained
            == "sluice: logon refused: account or password is wrong, or the account is disabled "
            + "[login-credentials]\n")
      }
      // The gateway has gone; letting go of the service stores what it wrote.
      plan.gateway.log = nil
      let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
      let refused = lines.filter { $0.contains(" logonRefused ") }
      #expect(refused.count == 1, "\(lines)")
      #expect(refused.first?.contains("account=desk-1 rule=login-credentials ") == true)
      for line in lines {
        #expect(!line.contains("=\"\"") && !line.contains("=0x0"), "\(line)")
      }
    }
  }
}
