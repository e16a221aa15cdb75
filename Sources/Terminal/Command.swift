import Client
import Domain
import Wire

/// A line at the prompt or of a script, understood.
public enum Command: Equatable, Sendable {
  case place(OrderTicket)
  case cancel(OrderReference)
  /// Every working order that matches; nil and `.unknown` match all.
  case cancelAll(InstrumentReference?, Side)
  case orders
  /// Rows that the gateway has; nil = of every instrument.
  case query(OrderEntry.QueryKind, InstrumentReference?)
  /// Why an order ended as it did, and what would become of it now.
  case why(OrderReference)
  /// What would become of an order that is not sent.
  case tryOrder(OrderTicket)
  /// How many lots could be ordered; no price = at the last one.
  case room(InstrumentReference, HedgeFlag, Price)
  case watch([InstrumentReference])
  /// No instrument: all of them.
  case unwatch([InstrumentReference])
  /// Money and positions, now and when they have changed; 0 = as often as the gateway does.
  case follow(OrderEntry.BookKinds, milliseconds: UInt32)
  case unfollow
  /// Notices behind this one, and those to come.
  case notices(after: UInt64)
  /// `.unknown` and an empty code: all of them.
  case instruments(Exchange, CommodityCode)
  /// - seconds: nil = as long as any command may take.
  case wait(WaitGoal, seconds: Int64?)
  case echo(String)
  /// nil = all commands.
  case help(CommandName?)
  case quit
}

/// An order as a person names it.
public enum OrderReference: Equatable, Sendable {
  /// The order that was placed last from here.
  case last
  /// `#3` in the list of orders, from 1.
  case number(Int)
  case clOrdID(ClOrdID)
  case orderID(OrderID)
}

/// `rb2610` or `SHFE.rb2610`.
public struct InstrumentReference: Equatable, Sendable {
  public var code: InstrumentCode
  /// `.unknown` = by code alone.
  public var exchange: Exchange

  public init(_ code: InstrumentCode, _ exchange: Exchange = .unknown) {
    self.code = code
    self.exchange = exchange
  }
}

/// What a script waits for.
public enum WaitGoal: Equatable, Sendable {
  /// No order is working any more.
  case allFinal
  case final(OrderReference)
  /// Wholly filled; another end is a failure.
  case filled(OrderReference)
}
