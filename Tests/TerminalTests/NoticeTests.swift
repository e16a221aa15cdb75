import Client
import Domain
import Session
import Testing
import Wire

@testable import Terminal

/// Notices of the account at a shell.
@Suite struct NoticeTests {
  /// The newest subscription among what is to be sent.
  private func asked(_ client: inout TerminalClient) throws -> OrderEntry.SubscribeNotices? {
    try sent(&client) {
      if case .subscribeNotices(let message) = $0 { message.value } else { nil }
    }.last
  }

  /// A shell whose session begins with a gateway of this version.
  private func begin(
    _ shell: inout Shell, _ client: inout TerminalClient, version: UInt16 = OrderEntry.version
  ) {
    shell.happened(
      .loggedOn(OrderEntry.LogonAccepted(schemaVersion: version)), client)
    shell.happened(.resumed(lastReportSequence: 0, firstAvailable: 0), client)
    for _ in 0..<2 { shell.settled(&client, at: 0) }
  }

  private let notice = OrderEntry.Notice(
    number: 12, time: Timestamp(nanoseconds: 5_400_000_000_000), kind: 40,
    rule: RuleID.dailyLoss.rawValue, scopeKind: .operationAccount, scopeName: Name("d1")!,
    observed: 3_000_000, limit: 2_000_000, unit: .money, level: .warn, action: .notice)

  @Test func aPersonIsToldWhatIsNewAndAfterABreakWhatWasMissed() throws {
    var client = FollowTests.loggedOn()
    var shell = Shell(Shell.Settings(), account: Name("d1")!, at: 0)
    begin(&shell, &client)
    var request = try asked(&client)
    #expect(request?.after == .max && request?.account.string == "d1")
    FollowTests.hear(&client) { _ = $0.append(notice) }
    begin(&shell, &client)
    request = try asked(&client)
    #expect(request?.after == 12)
  }

  @Test func anOlderGatewayIsNotAsked() throws {
    var client = FollowTests.loggedOn()
    var shell = Shell(Shell.Settings(), account: Name("d1")!, at: 0)
    begin(&shell, &client, version: 3)
    let request = try asked(&client)
    #expect(request == nil)
  }

  @Test func aScriptReadsThemWhenItAsksAndWaitsForAll() throws {
    var client = FollowTests.loggedOn()
    var settings = Shell.Settings()
    settings.isScript = true
    var shell = Shell(settings, account: Name("d1")!, at: 0)
    begin(&shell, &client)
    var request = try asked(&client)
    #expect(request == nil)
    _ = shell.takeOutput()
    shell.lineRead("notices after 3", number: 1, &client, at: 0)
    request = try asked(&client)
    let number = try #require(request?.requestNumber)
    #expect(request?.after == 3)
    #expect(!shell.wantsLine)
    shell.happened(.notice(notice), client)
    #expect(!shell.wantsLine)
    shell.happened(
      .noticesComplete(OrderEntry.NoticesComplete(requestNumber: number, lastNumber: 15)), client)
    let text = shell.takeOutput().map(\.text)
    #expect(shell.wantsLine)
    #expect(
      text == [
        "09:30:00.000 #12 a line is reached account d1 level one [daily-loss]: 300 yuan against "
          + "200 yuan", "no more before notice 15; what follows is new",
      ])
    // In the next session what was missed is asked for without a word.
    begin(&shell, &client)
    request = try asked(&client)
    #expect(request != nil)
  }

  @Test func itIsAJSONLineAndChinese() {
    #expect(
      DeskText.notice(notice.atDesk, .chinese)
        == "09:30:00.000 #12 触及风控线 账户 d1，一级 [daily-loss]：300 元 对 200 元")
    let json = DeskJSON.notice(notice.atDesk)
    #expect(json.contains("\"event\":\"notice\"") && json.contains("\"rule\":\"daily-loss\""))
    #expect(!json.contains("controller") && !json.contains("reason"))
  }

  @Test func whatIsMissingIsSaid() {
    let client = FollowTests.loggedOn()
    var shell = Shell(Shell.Settings(), account: Name("d1")!, at: 0)
    shell.happened(
      .noticesTruncated(
        OrderEntry.NoticesTruncated(requestNumber: 1, firstAvailable: 9, lastNumber: 12)), client)
    let text = shell.takeOutput().map(\.text)
    #expect(text == ["notices before 9 are not kept any more"])
  }
}
