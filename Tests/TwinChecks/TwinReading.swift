import Domain
import Engine
import Ledger
import Messages
import ReferenceModel
import Storage

/// The engine's own figures, in the twin's words.
public enum TwinReading {
  public static func money(_ holder: UnsafePointer<HolderRecord>) -> TwinMoney {
    var money = TwinMoney()
    money.openingEquity = holder.pointee.openingEquity.units
    money.netCash = holder.pointee.netCash.units
    money.premium = holder.pointee.premium.units
    money.optionValue = holder.pointee.optionValue.units
    money.frozenPremium = holder.pointee.frozenPremium.units
    money.closeProfit = holder.pointee.closeProfit.units
    money.positionProfit = holder.pointee.positionProfit.units
    money.fees = holder.pointee.fees.units
    money.frozenFees = holder.pointee.frozenFees.units
    money.margin = holder.pointee.margin.units
    money.frozenMargin = holder.pointee.frozenMargin.units
    money.openedValue = holder.pointee.openedValue.units
    money.closedValue = holder.pointee.closedValue.units
    money.workingOpenValue = holder.pointee.workingOpenValue.units
    money.netDepositsEver = holder.pointee.netDepositsEver.units
    money.allowedLossEver = holder.pointee.allowedLossEver.units
    money.equity = holder.pointee.equity.units
    money.available = holder.pointee.available.units
    money.heldLots = Int64(holder.pointee.heldLots)
    money.workingOpenLots = Int64(holder.pointee.workingOpenLots)
    money.rangeLots = Int64(holder.pointee.rangeLots)
    money.workingOrders = Int64(holder.pointee.workingOrders)
    return money
  }

  public static func side(
    _ record: PositionSideRecord, _ cost: PositionCostRecord, _ ledger: borrowing Ledger
  ) -> TwinSide {
    var side = TwinSide()
    side.today = Int64(record.today)
    side.yesterday = Int64(record.yesterday)
    side.frozen = Int64(record.frozen)
    side.frozenToday = Int64(record.frozenToday)
    side.workingOpen = Int64(record.workingOpen)
    side.openedToday = Int64(record.openedToday)
    side.closedToday = Int64(record.closedToday)
    side.markBasis = cost.markBasis
    side.openBasis = cost.openBasis
    side.margin = record.margin.units
    side.frozenMargin = record.frozenMargin.units
    for (first, isToday) in [(cost.firstYesterday, false), (cost.firstToday, true)] {
      var number = first
      while number != 0 {
        let node = ledger.lotNode(number)
        let price = node.pointee.basis / Int64(node.pointee.lots)
        let last = side.lots.count - 1
        if last >= 0, side.lots[last].price == price,
          side.lots[last].day == node.pointee.openDay, side.lots[last].isToday == isToday
        {
          side.lots[last].lots += Int64(node.pointee.lots)
        } else {
          side.lots.append(
            TwinLotFigures(
              price: price, lots: Int64(node.pointee.lots),
              day: node.pointee.openDay, isToday: isToday))
        }
        number = node.pointee.next
      }
    }
    return side
  }

  public static func columns(_ flags: HedgeFigures) -> TwinColumns {
    var columns = TwinColumns()
    columns.heldLong = Int64(flags.heldLong)
    columns.heldShort = Int64(flags.heldShort)
    columns.workingOpenLong = Int64(flags.workingOpenLong)
    columns.workingOpenShort = Int64(flags.workingOpenShort)
    columns.net = flags.net
    columns.up = flags.up
    columns.down = flags.down
    columns.margin = flags.margin.units
    return columns
  }

  public static func order(_ order: UnsafePointer<OrderRecord>) -> TwinOrderFigures {
    var figures = TwinOrderFigures()
    figures.state = order.pointee.state
    figures.filled = Int64(order.pointee.filled)
    figures.ended = Int64(order.pointee.ended)
    figures.leaves = order.pointee.state == .rejected ? 0 : Int64(order.pointee.leaves)
    figures.held = Int64(order.pointee.heldLots)
    figures.unknownLots = Int64(order.pointee.unknownLots)
    figures.basis = order.pointee.filledBasis
    figures.marginHold = order.pointee.marginHold.units
    figures.feeHold = order.pointee.feeHold.units
    figures.valueHold = order.pointee.valueHold.units
    figures.cancelRequested = order.pointee.cancelRequested
    figures.isConfirmed = order.pointee.isConfirmed
    return figures
  }

  public static func child(_ child: UnsafePointer<ChildRecord>) -> TwinChildFigures {
    var figures = TwinChildFigures()
    figures.state = child.pointee.state.rawValue
    figures.filled = Int64(child.pointee.filled)
    figures.held = Int64(child.pointee.heldLots)
    figures.marginHold = child.pointee.marginHold.units
    figures.feeHold = child.pointee.feeHold.units
    figures.valueHold = child.pointee.valueHold.units
    figures.isDoubtful = child.pointee.isDoubtful
    figures.cancelRequested = child.pointee.cancelRequested
    return figures
  }
}
