import Domain
import Testing
import Wire

/// Bytes written out by hand from the schema, field by field.
@Suite struct GoldenTests {
  static let heartbeat = """
    00000016 EB50                   length 22, SBE little-endian
    0800 0400 0100 0500             block 8, Heartbeat, schema 1, version 5
    0001000000000000                time 256
    """
  static let logout = """
    00000019 EB50
    0700 0300 0100 0500             block 7, Logout
    02                              reason refused
    6500                            rule 101
    E8030000                        retry after 1000 ms
    0200 6E6F                       text "no"
    """
  static let newOrder = """
    00000084 EB50
    7600 0A00 0100 0500             block 118, NewOrder
    6F726465722D31 00000000000000000000000000                       clOrdID "order-1"
    616C706861 000000000000000000000000000000000000000000000000000000  account "alpha"
    726232363130 0000000000000000000000000000000000000000000000000000  instrument "rb2610"
    01 01 01 01 01 01               SHFE, buy, open, speculation, limit, day
    0013DC0100000000                price 3120.0000
    03000000                        lots 3
    00000000                        minimumLots none
    00000000                        maximumAgeMilliseconds none
    0000000000000080                sendingTime none
    """
  static let cancelOrder = """
    00000066 EB50
    5800 0B00 0100 0500             block 88, CancelOrder
    6331 000000000000000000000000000000000000                       requestID "c1"
    616C706861 000000000000000000000000000000000000000000000000000000  account "alpha"
    EFCDAB8967452301                targetOrderID
    0000000000000000000000000000000000000000                        targetClOrdID none
    0000000000000080                sendingTime none
    """
  static let subscribe = """
    00000054 EB50
    0000 1E00 0100 0500             block 0, SubscribeTicks
    2100 0200                       2 entries of 33 bytes
    726232363130 0000000000000000000000000000000000000000000000000000 01   rb2610, SHFE
    494632363132 0000000000000000000000000000000000000000000000000000 05   IF2612, CFFEX
    """
  static let insertOrder = """
    0000004C EB50
    3E00 0A00 0200 0100             block 62, InsertOrder, schema 2
    0100000000000000                childOrderID 1
    494632363132 0000000000000000000000000000000000000000000000000000  IF2612
    05 02 03 03 02 03               CFFEX, sell, close today, hedge, market, FOK
    0000000000000080                price none
    02000000                        lots 2
    00000000                        minimumLots none
    """

  /// The hex columns: words of hex digits before the first word that is none.
  static func bytes(_ drawing: String) -> [UInt8] {
    var digits = ""
    for line in drawing.split(separator: "\n") {
      for word in line.split(separator: " ") {
        guard word.count.isMultiple(of: 2), word.allSatisfy(\.isHexDigit) else { break }
        digits += word
      }
    }
    return hex(digits)
  }

  static let rows: [(drawing: String, message: any WireMessage)] = [
    (heartbeat, OrderEntry.Heartbeat(time: Timestamp(nanoseconds: 256))),
    (
      logout,
      OrderEntry.Logout(
        reason: .refused, rule: 101, retryAfterMilliseconds: 1_000, text: FixedText("no")!)
    ),
    (newOrder, Samples.newOrder),
    (
      cancelOrder,
      OrderEntry.CancelOrder(
        requestID: ClOrdID("c1")!, account: Name("alpha")!,
        targetOrderID: OrderID(raw: 0x0123_4567_89AB_CDEF))
    ),
    (subscribe, Samples.subscribe),
    (insertOrder, Samples.insertOrder),
  ]

  @Test(arguments: rows.indices) func theBytesAreAsDrawn(row: Int) throws {
    let expected = Self.bytes(Self.rows[row].drawing)
    #expect(try frameBytes(Self.rows[row].message) == expected)
  }

  /// What version 5 put behind the blocks of version 4.
  @Test func theTermsOfAnOptionStandBehindTheRest() throws {
    let row = OrderEntry.InstrumentDefinition(
      kind: .option, option: .put, strike: Price(units: 36_000_000),
      underlying: InstrumentCode("rb2701")!)
    let drawing = """
      02 02                           option, put
      0051250200000000                strike 3600.0000
      726232373031 0000000000000000000000000000000000000000000000000000  on "rb2701"
      """
    #expect(try frameBytes(row).suffix(42) == Self.bytes(drawing)[...])
    let funds = OrderEntry.AccountUpdate(
      premium: Money(units: -1), frozenPremium: Money(units: 2), marketEquity: Money(units: 256))
    let figures = """
      FFFFFFFFFFFFFFFF                premium -0.0001
      0200000000000000                frozenPremium 0.0002
      0001000000000000                marketEquity 0.0256
      """
    #expect(try frameBytes(funds).suffix(24) == Self.bytes(figures)[...])
    let position = OrderEntry.PositionUpdate(optionValue: Money(units: 513))
    #expect(try frameBytes(position).suffix(8) == Self.bytes("0102000000000000")[...])
  }

  @Test func theValuesAreAsDrawn() throws {
    #expect(try decode(OrderEntry.NewOrder.self, Self.bytes(Self.newOrder)) == Samples.newOrder)
    #expect(
      try decode(CounterProtocol.InsertOrder.self, Self.bytes(Self.insertOrder))
        == Samples.insertOrder)
  }
}
