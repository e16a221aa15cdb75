import Client
import Domain
import Engine
import Ledger
import Messages
import Testing
import Wire

@testable import Follower
@testable import Gateway

/// A picture of as many accounts as a house has: whole, page by page, in so many passes, and no
/// more at once than a page, whoever reads or not.
@Suite(.timeLimit(.minutes(10))) struct ManyAccountsTests {
  private static let count = 10_000
  /// A pass looks at this many records; a row and what its account holds are one or two of them.
  private static let looks = FollowerLimits().watchLooksPerPass

  private static func desk() throws -> FollowedDesk {
    var capacities = SmallHouse.capacities
    capacities.operationAccounts = count
    var desk = try FollowedDesk(controllers: [("chief", .all)], house: capacities)
    for index in SmallHouse.accountNames.count..<count {
      let isTaken = desk.desk.gateway.take(
        .defineOperationAccount(
          DefineOperationAccount(name: name(index), product: ProductID(0))))
      try #require(isTaken)
      if index % 200 == 0 { desk.settle() }
    }
    desk.settle()
    desk.alice = try desk.logOn()
    return desk
  }

  private static func name(_ index: Int) -> Name {
    Name(
      index < SmallHouse.accountNames.count
        ? SmallHouse.accountNames[index] : "account-\(index)")!
  }

  /// What came, by pass of the follower.
  private static func passes(
    _ desk: inout FollowedDesk, _ chief: TerminalID, atMost most: Int
  ) throws -> [[AccountsEvent]] {
    var passes: [[AccountsEvent]] = []
    repeat {
      try #require(passes.count <= most, "it takes more than \(most) passes")
      desk.serve()
      passes.append(desk.desk.desk(chief).accounts)
    } while Rows(passes.last ?? []).completes.isEmpty
    return passes
  }

  @Test func aPictureOfTenThousandAccountsIsWholeInPages() throws {
    var desk = try Self.desk()
    let chief = try desk.logOnDesk("chief")
    desk.subscribe(.accounts, from: chief)
    let before = desk.desk.gateway.counts.accountPages
    let passes = try Self.passes(&desk, chief, atMost: 1_000)
    let pages = Int(desk.desk.gateway.counts.accountPages - before)
    #expect(desk.desk.gateway.counts.accountPagesAgain == 0)
    // A page a pass: each waits until the one before was taken.
    #expect(passes.allSatisfy { $0.count <= Pictures.rowsPerPage + 2 })
    #expect(passes.count <= pages + 1)
    let rows = Rows(passes.flatMap { $0 })
    #expect(rows.begins.map(\.picture) == [1])
    #expect(rows.completes.map(\.rows) == [UInt32(Self.count)])
    #expect(rows.accounts.count == Self.count)
    // Full pages but for the last.
    let fullest = passes.map(\.count).max() ?? 0
    #expect(pages <= Self.count / (fullest - 2) + 2, "\(pages) pages of up to \(fullest)")
    var board = AccountsBoard()
    for event in passes.flatMap({ $0 }) { board.take(event) }
    let picture = try #require(board.pictures[7])
    #expect(picture.isWhole && picture.accounts.count == Self.count)
    for index in stride(from: 0, to: Self.count, by: 37) {
      #expect(picture.accounts[Self.name(index)] != nil, "account \(index)")
    }
  }

  /// One of them changes: that is all that is told, after no more passes than it takes to look at
  /// everybody once.
  @Test func whatChangesAmongThemIsToldInSoManyPasses() throws {
    var desk = try Self.desk()
    let chief = try desk.logOnDesk("chief")
    desk.subscribe(.accounts, from: chief)
    _ = try Self.passes(&desk, chief, atMost: 1_000)
    let last = OperationAccountID(UInt32(Self.count - 1))
    desk.take(
      .moveCash(MoveCash(account: last, allowedLoss: Money(yuan: 5), notToLose: .zero)))
    desk.now += 100 * FollowedDesk.millisecond
    // A record and a row for each.
    let passes = try Self.passes(&desk, chief, atMost: Self.count * 17 / 16 / Self.looks + 2)
    let rows = Rows(passes.flatMap { $0 })
    #expect(rows.accounts.map { $0.account.string } == ["account-\(Self.count - 1)"])
    #expect(rows.accounts.map(\.equity) == [Money(yuan: 5)])
    #expect(rows.completes.map(\.rows) == [1] && rows.begins.isEmpty)
  }

  /// Who does not read has a few pages in his output and one on its way, while everybody changes;
  /// then he gets the rest as it is.
  @Test func whoDoesNotReadHoldsNoMoreThanAFewPages() throws {
    var desk = try Self.desk()
    let chief = try desk.logOnDesk("chief")
    desk.desk.stuck = [.terminal(chief)]
    desk.subscribe(.accounts, from: chief)
    for step in 0..<60 {
      desk.take(
        .moveCash(
          MoveCash(
            account: OperationAccountID(UInt32(Self.count - 1 - step)),
            allowedLoss: Money(yuan: 7), notToLose: .zero)))
      desk.now += 100 * FollowedDesk.millisecond
      desk.serve()
    }
    let counts = desk.desk.gateway.counts
    #expect(counts.accountPages + counts.accountPagesAgain <= 4, "\(counts.accountPages) pages")
    #expect(desk.desk.desk(chief).accounts.isEmpty)
    desk.desk.stuck = []
    desk.desk.gateway.outputDrained(.terminal(chief))
    desk.desk.turn()
    var board = AccountsBoard()
    for event in desk.desk.desk(chief).accounts { board.take(event) }
    for events in try Self.passes(&desk, chief, atMost: 1_000) {
      for event in events { board.take(event) }
    }
    let picture = try #require(board.pictures[7])
    #expect(picture.isWhole && picture.accounts.count == Self.count)
    #expect(picture.accounts.values.count { $0.equity == Money(yuan: 7) } == 60)
  }
}
