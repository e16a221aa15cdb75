import Domain
import Ledger
import RiskRules
import Testing

@Suite struct NotPermittedTests {
  @Test(arguments: [
    ControlCase("the right that it takes", .passes) { desk in
      ControlCase.Request(controller: desk.controller(.bar), subject: .account(desk.account))
    },
    ControlCase("every other right", .fails) { desk in
      ControlCase.Request(
        controller: desk.controller(ControllerRights.all.subtracting(.bar)),
        subject: .account(desk.account))
    },
    ControlCase("no right at all", .fails) { desk in
      ControlCase.Request(controller: desk.controller([]), subject: .account(desk.account))
    },
    ControlCase("disabled", .fails) { desk in
      ControlCase.Request(
        controller: desk.controller(.all, enabled: false), subject: .account(desk.account))
    },
    ControlCase("nobody", .fails) { desk in
      ControlCase.Request(controller: ControllerID(7), subject: .account(desk.account))
    },
    ControlCase("a kill switch takes its own right", .fails) { desk in
      ControlCase.Request(
        controller: desk.controller(.bar), kind: .killSwitch, subject: .account(desk.account))
    },
    ControlCase("the right to press is the right to release", .passes) { desk in
      ControlCase.Request(
        controller: desk.controller(.kill), kind: .releaseKillSwitch,
        subject: .account(desk.account))
    },
    ControlCase("trades are given by who may adjust", .passes) { desk in
      ControlCase.Request(
        controller: desk.controller(.adjust), kind: .assignTrade,
        subject: .account(desk.account))
    },
    ControlCase("positions are closed by who may liquidate", .passes) { desk in
      ControlCase.Request(
        controller: desk.controller(.liquidate), kind: .forceLiquidation,
        subject: .account(desk.account))
    },
    ControlCase("and by nobody else", .fails) { desk in
      ControlCase.Request(
        controller: desk.controller(ControllerRights.all.subtracting(.liquidate)),
        kind: .forceLiquidation, subject: .account(desk.account))
    },
    ControlCase("stopped by who may liquidate", .passes) { desk in
      ControlCase.Request(
        controller: desk.controller(.liquidate), kind: .stopLiquidation,
        subject: .account(desk.account))
    },
    ControlCase("a switch that flattens takes both rights", .passes) { desk in
      ControlCase.Request(
        controller: desk.controller([.kill, .liquidate]), kind: .killAndFlatten,
        subject: .account(desk.account))
    },
    ControlCase("one of them is not enough", .fails) { desk in
      ControlCase.Request(
        controller: desk.controller(.kill), kind: .killAndFlatten,
        subject: .account(desk.account))
    },
    ControlCase("what nobody knows", .fails) { desk in
      ControlCase.Request(
        controller: desk.controller(.all), kind: .unknown, subject: .account(desk.account))
    },
  ])
  func theRightIsNeeded(_ row: ControlCase) { row.check(.notPermitted) }
}

@Suite struct AccountNotBoundToControllerTests {
  @Test(arguments: [
    ControlCase("bound", .passes) { desk in
      ControlCase.Request(controller: desk.controller(.bar), subject: .account(desk.account))
    },
    ControlCase("not bound", .fails) { desk in
      ControlCase.Request(
        controller: desk.controller(.bar, isBound: false), subject: .account(desk.account))
    },
    ControlCase("taken off again", .fails) { desk in
      let id = desk.controller(.bar)
      desk.ledger.bind(desk.account, to: id, false)
      return ControlCase.Request(controller: id, subject: .account(desk.account))
    },
    ControlCase("bound to all", .passes) { desk in
      ControlCase.Request(
        controller: desk.controller(.bar, isBoundToAll: true, isBound: false),
        subject: .account(desk.account))
    },
    ControlCase("an account that does not exist, bound to all", .fails) { desk in
      ControlCase.Request(
        controller: desk.controller(.bar, isBoundToAll: true),
        subject: .account(OperationAccountID(3)))
    },
    ControlCase("another account", .fails) { desk in
      let other = desk.ledger.defineOperationAccount(desk.product)!
      return ControlCase.Request(controller: desk.controller(.bar), subject: .account(other))
    },
    ControlCase("a product takes all accounts", .fails) { desk in
      ControlCase.Request(controller: desk.controller(.kill), subject: .everybody)
    },
    ControlCase("a product by who is bound to all", .passes) { desk in
      ControlCase.Request(
        controller: desk.controller(.kill, isBoundToAll: true), subject: .everybody)
    },
  ])
  func theAccountIsHis(_ row: ControlCase) { row.check(.accountNotBoundToController) }
}

@Suite struct ReasonMissingTests {
  @Test(arguments: [
    ControlCase("a reason", .passes) { desk in
      ControlCase.Request(controller: desk.controller(.bar), subject: .account(desk.account))
    },
    ControlCase("none", .fails) { desk in
      ControlCase.Request(
        controller: desk.controller(.bar), subject: .account(desk.account), hasReason: false)
    },
    ControlCase("none for a release", .fails) { desk in
      ControlCase.Request(
        controller: desk.controller(.kill), kind: .releaseKillSwitch,
        subject: .account(desk.account), hasReason: false)
    },
    ControlCase("a cancel needs none", .off) { desk in
      ControlCase.Request(
        controller: desk.controller(.bar), kind: .cancelOrder, subject: .account(desk.account),
        hasReason: false)
    },
  ])
  func whyIsSaid(_ row: ControlCase) { row.check(.reasonMissing) }
}

@Suite struct KillSwitchTests {
  @Test(arguments: [
    Case("none is pressed", .off) { $0.order() },
    Case("the account's, opening", .fails, observed: 42) { desk in
      desk.press(.account(desk.account))
      return desk.order()
    },
    Case("the account's, closing", .fails, observed: 42) { desk in
      desk.press(.account(desk.account))
      desk.give(.long, 1, desk.rb)
      return desk.order(.sell, .close)
    },
    Case("another account's", .passes) { desk in
      desk.press(.account(OperationAccountID(1)))
      return desk.order()
    },
    Case("the product's", .fails, observed: 42) { desk in
      desk.press(.product(desk.product))
      return desk.order()
    },
    Case("another product's", .passes) { desk in
      desk.press(.product(ProductID(1)))
      return desk.order()
    },
    Case("everything, and the account's: the widest is named", .fails, observed: 50) { desk in
      desk.press(.account(desk.account))
      desk.press(.platform, number: 50)
      return desk.order()
    },
    Case("a counter's is its fund accounts'", .passes) { desk in
      desk.press(.counter(CounterID(0)))
      return desk.order()
    },
    Case("released", .off) { desk in
      desk.press(.product(desk.product))
      let isReleased = desk.ledger.releaseKillSwitch(.product(desk.product))
      #expect(isReleased)
      return desk.order()
    },
  ])
  func nothingNewPasses(_ row: Case) { row.check(.killSwitch) }
}

@Suite struct BarredByControllerTests {
  @Test(arguments: [
    Case("not barred", .off) { $0.order() },
    Case("barred", .fails, observed: 41) { desk in
      desk.barByController()
      return desk.order()
    },
    Case("barred, closing", .off) { desk in
      desk.barByController()
      desk.give(.long, 1, desk.rb)
      return desk.order(.sell, .close)
    },
    Case("another account is barred", .passes) { desk in
      let other = desk.ledger.defineOperationAccount(desk.product)!
      desk.ledger.barOpening(
        other, by: ControllerID(0), ControlReason("so")!, number: 3, at: desk.now)
      return desk.order()
    },
    Case("released", .off) { desk in
      desk.barByController()
      let isReleased = desk.ledger.releaseOpening(desk.account)
      let isReleasedAgain = desk.ledger.releaseOpening(desk.account)
      #expect(isReleased && !isReleasedAgain)
      return desk.order()
    },
  ])
  func openingIsBarred(_ row: Case) { row.check(.barredByController) }
}
