import Client
import Domain
import Testing
import Wire

@testable import Terminal

/// Lines to commands, and what is wrong with those that are none.
@Suite struct CommandParserTests {
  static func code(_ text: String) -> InstrumentCode { InstrumentCode(text)! }

  static let ticket = OrderTicket(
    .buy, .open, code("rb2610"), lots: 3, price: Price(units: 31_200_000))

  static func ticket(_ change: (inout OrderTicket) -> Void) -> Command {
    var changed = ticket
    change(&changed)
    return .place(changed)
  }

  static let good: [(String, Command?)] = [
    ("", nil), ("   \t", nil), ("# buy open", nil), ("  #x", nil),
    ("buy open rb2610 3 @ 3120", .place(ticket)),
    ("  buy  open\trb2610 3 @3120 ", .place(ticket)),
    ("buy open rb2610 3 @ 3120.0000", .place(ticket)),
    ("buy open rb2610 3 @ 3120 day speculation", .place(ticket)),
    (
      "sell close-today SHFE.rb2610 1 market fok",
      .place(
        OrderTicket(
          .sell, .closeToday, code("rb2610"), exchange: .shfe, lots: 1, timeInForce: .fillOrKill))
    ),
    ("buy open rb2610 3 @ 3120.5", ticket { $0.price = Price(units: 31_205_000) }),
    ("buy open rb2610 3 @ -0.0001", ticket { $0.price = Price(units: -1) }),
    ("buy close rb2610 3 @ 3120", ticket { $0.offset = .close }),
    ("buy close-yesterday rb2610 3 @ 3120", ticket { $0.offset = .closeYesterday }),
    ("buy open rb2610 3 @ 3120 hedge", ticket { $0.hedge = .hedge }),
    (
      "buy open rb2610 3 @ 3120 arbitrage fak min 3",
      ticket {
        $0.hedge = .arbitrage
        $0.timeInForce = .immediateOrCancel
        $0.minimumLots = 3
      }
    ),
    (
      "buy open CZCE.SR609C6000 3 @ 3120",
      ticket {
        $0.instrument = code("SR609C6000")
        $0.exchange = .czce
      }
    ),
    ("buy open IO2609-C-4000 3 @ 3120", ticket { $0.instrument = code("IO2609-C-4000") }),
    ("buy open rb2610 2147483647 @ 3120", ticket { $0.lots = .max }),
    ("cancel last", .cancel(.last)), ("cancel #3", .cancel(.number(3))),
    ("cancel 3", .cancel(.number(3))), ("cancel 3181-0-17", .cancel(.orderID(id))),
    ("cancel t00abc", .cancel(.clOrdID(ClOrdID("t00abc")!))),
    ("cancel all", .cancelAll(nil, .unknown)), ("cancel all sell", .cancelAll(nil, .sell)),
    ("cancel all rb2610 buy", .cancelAll(InstrumentReference(code("rb2610")), .buy)),
    ("orders", .orders), ("help", .help(nil)), ("?", .help(nil)),
    ("help follow", .help(.follow)), ("help ?", .help(.help)), ("quit", .quit), ("exit", .quit),
    ("echo", .echo("")), ("echo  two  words ", .echo("two  words ")),
    (
      "watch rb2610 ine.sc2612",
      .watch([InstrumentReference(code("rb2610")), InstrumentReference(code("sc2612"), .ine)])
    ),
    ("follow", .follow([.positions, .funds], milliseconds: 0)),
    ("follow all", .follow([.positions, .funds], milliseconds: 0)),
    ("follow positions every 50", .follow(.positions, milliseconds: 50)),
    ("follow funds", .follow(.funds, milliseconds: 0)),
    ("follow every 60000", .follow([.positions, .funds], milliseconds: 60_000)),
    ("unfollow", .unfollow),
    ("notices", .notices(after: 0)), ("notices after 120", .notices(after: 120)),
    ("unwatch", .unwatch([])), ("unwatch rb2610", .unwatch([InstrumentReference(code("rb2610"))])),
    ("instruments", .instruments(.unknown, CommodityCode())),
    ("instruments rb", .instruments(.unknown, CommodityCode("rb")!)),
    ("instruments SHFE", .instruments(.shfe, CommodityCode())),
    ("instruments rb26*", .query(.instruments, InstrumentReference(InstrumentCode("rb26")!))),
    ("orders all", .query(.orders, nil)),
    ("orders all rb", .query(.orders, InstrumentReference(InstrumentCode("rb")!))),
    ("trades SHFE.rb2610", .query(.trades, InstrumentReference(InstrumentCode("rb2610")!, .shfe))),
    ("positions *", .query(.positions, InstrumentReference(InstrumentCode()))),
    ("funds", .query(.funds, nil)),
    ("why #3", .why(.number(3))), ("why last", .why(.last)),
    ("why 8001-17", .why(.clOrdID(ClOrdID("8001-17")!))),
    ("why 3181-0-17", .why(.orderID(OrderID(text: "3181-0-17")!))),
    (
      "try buy open rb2610 50 @ 3120",
      .tryOrder(
        OrderTicket(.buy, .open, code("rb2610"), lots: 50, price: Price(units: 31_200_000)))
    ),
    (
      "try sell close-today SHFE.rb2610 1 market fok hedge",
      .tryOrder(
        OrderTicket(
          .sell, .closeToday, code("rb2610"), exchange: .shfe, lots: 1, hedge: .hedge,
          timeInForce: .fillOrKill))
    ),
    ("room rb2610", .room(InstrumentReference(code("rb2610")), .speculation, .none)),
    (
      "room SHFE.rb2610 hedge @3120.5",
      .room(InstrumentReference(code("rb2610"), .shfe), .hedge, Price(units: 31_205_000))
    ),
    ("limits rb*", .query(.limits, InstrumentReference(InstrumentCode("rb")!))),
    ("wait", .wait(.allFinal, seconds: nil)), ("wait within 30", .wait(.allFinal, seconds: 30)),
    ("wait filled last", .wait(.filled(.last), seconds: nil)),
    ("wait final #2 within 86400", .wait(.final(.number(2)), seconds: 86_400)),
  ]

  static let id = OrderID(text: "3181-0-17")!

  @Test func everyCommandIsUnderstood() throws {
    for (line, command) in Self.good {
      let parsed = try CommandParser.parse(line)
      #expect(parsed == command, "\(line)")
    }
  }

  /// Line, column of the word that is wrong, part of what is said of it.
  static let bad: [(String, Int, String)] = [
    ("by open", 1, "'by' is no command: try buy, sell"),
    ("why", 4, "an order (#3, last, an id) is missing here"),
    ("why #0", 5, "names no order"), ("why #1 #2", 8, "'#2' is too much"),
    ("try", 4, "'buy' or 'sell' is missing here"), ("try open rb2610", 5, "'open' is no order"),
    ("try buy rb2610", 9, "'rb2610' is no offset"), ("try buy open rb2610", 20, "a number of lots"),
    ("room", 5, "an instrument, such as rb2610, is missing here"),
    ("room rb2610 3120", 13, "'3120' has no place here"),
    ("room rb2610 @ x", 15, "'x' is no price"),
    ("room rb2610 hedge hedge", 19, "'hedge' has no place here"),
    ("buy", 4, "an offset (open, close, close-today, close-yesterday) is missing here"),
    ("buy opn rb2610", 5, "'opn' is no offset: write one of open"),
    ("buy open", 9, "an instrument, such as rb2610, is missing here"),
    ("buy open r+b 1 @ 2", 10, "'r+b' is no instrument: write its code"),
    ("buy open NYSE.rb2610 1 @ 2", 10, "names no exchange: write SHFE, INE"),
    ("buy open SHFE. 1 @ 2", 10, "is no instrument"),
    ("buy open rb2610", 16, "a number of lots is missing here"),
    ("buy open rb2610 0 @ 1", 17, "'0' is no number of lots: write a whole number from 1"),
    ("buy open rb2610 +3 @ 1", 17, "is no number of lots"),
    ("buy open rb2610 1.5 @ 1", 17, "is no number of lots"),
    ("buy open rb2610 2147483648 @ 1", 17, "is no number of lots"),
    ("buy open rb2610 3", 18, "'@ PRICE' or 'market' is missing here"),
    ("buy open rb2610 3 3120", 19, "'3120' does not say the price: write '@ 3120'"),
    ("buy open rb2610 3 @", 20, "the price is missing here"),
    ("buy open rb2610 3 @ 3120.00001", 21, "is too precise: a price has at most 4 decimals"),
    ("buy open rb2610 3 @ 3e3", 21, "'3e3' is no price: write digits"),
    ("buy open rb2610 3 @ 1,000", 21, "is no price"), ("buy open rb2610 3 @ .5", 21, "is no price"),
    ("buy open rb2610 3 @ 5.", 21, "is no price"), ("buy open rb2610 3 @ -", 21, "is no price"),
    ("buy open rb2610 3 @ 922337203685478", 21, "is too large for a price"),
    ("buy open rb2610 3 @ 1 gtc", 23, "'gtc' is no option of an order: write day, fak"),
    ("buy open rb2610 3 @ 1 fak fok", 27, "'fok' says again what was said: leave one out"),
    ("buy open rb2610 3 @ 1 hedge hedge", 29, "says again"),
    ("buy open rb2610 3 @ 1 fak min", 30, "the number of lots to fill at least is missing"),
    (
      "buy open rb2610 3 @ 1 fak min 4", 31,
      "'4' is more than the order has lots: 'min' is at most 3"
    ),
    ("buy open rb2610 3 @ 1 min 2", 27, "'2' as 'min' needs 'fak' in the same order"),
    ("cancel", 7, "an order (#3, last, an id) or 'all' is missing here"),
    ("cancel #x", 8, "'#x' names no order: write #3 as in 'orders', last, or an id"),
    ("cancel #0", 8, "names no order"),
    ("cancel abcdefghijklmnopqrstu", 8, "names no order"),
    ("cancel last now", 13, "'now' is too much"), ("cancel all rb2610 hc2610", 19, "says again"),
    ("follow orders", 8, "'orders' can't be followed: write positions, funds, all"),
    ("follow every", 13, "a number of milliseconds is missing here"),
    ("follow every 49", 14, "'49' is no number of milliseconds: write 50 to 60000"),
    ("follow every 60001", 14, "is no number of milliseconds"),
    ("follow every +50", 14, "is no number of milliseconds"),
    ("follow funds every 50 x", 23, "is too much"), ("unfollow all", 10, "is too much"),
    ("help me", 6, "'me' is no command: 'help' alone lists them"),
    ("watch", 6, "an instrument is missing here"), ("orders some", 8, "has no place here"),
    ("quit now", 6, "is too much"), ("instruments r$", 13, "is neither an exchange"),
    ("wait filled", 12, "an order (#3, last, an id) is missing here"),
    ("wait long", 6, "'long' can't be waited for: write filled ORDER"),
    ("wait within", 12, "a number of seconds is missing here"),
    ("wait within 0", 13, "is no number of seconds: write 1 to 86400"),
    ("wait within 86401", 13, "is no number of seconds"), ("wait within 5 6", 15, "is too much"),
  ]

  @Test func everyFaultSaysWhereAndWhatToDo() {
    for (line, column, words) in Self.bad {
      do throws(CommandFault) {
        let command = try CommandParser.parse(line)
        Issue.record("'\(line)' became \(String(describing: command))")
      } catch {
        #expect(error.column == column, "\(line): \(error)")
        #expect(error.english.contains(words), "\(line): \(error)")
        #expect(!error.chinese.isEmpty && error.words(.chinese) == error.chinese)
      }
    }
  }

  @Test func aLineNamesAsManyInstrumentsAsAMessage() throws {
    let most = "watch" + String(repeating: " rb2610", count: CommandParser.watchMaximum)
    let parsed = try CommandParser.parse(most)
    #expect(parsed != nil)
    #expect(throws: CommandFault.self) { _ = try CommandParser.parse(most + " rb2610") }
  }

  @Test func aScriptTellsItsFaultsAtOnce() {
    let lines = ScriptCheck.lines(Array("buy\n\necho x\ncancel\n".utf8))
    #expect(lines.count == 4)
    let faults = ScriptCheck.faults(lines, name: "a.txt", .english)
    #expect(faults.count == 2)
    #expect(faults.first?.hasPrefix("a.txt:1:4: an offset") == true)
    #expect(faults.last?.hasPrefix("a.txt:4:7: ") == true)
    let many = ScriptCheck.faults(Array(repeating: "no", count: 30), name: "a", .english)
    #expect(many.count == ScriptCheck.faultsMaximum + 1)
    #expect(many.last == "... and 10 more")
  }
}
