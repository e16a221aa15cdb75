import Domain
import Ledger
import MarketData

extension SchemeCheck {
  /// What an order is judged with by the clauses of a subject, found once.
  struct Asked: ~Copyable {
    /// Asked for clause after clause.
    var reader: ClauseReader
    let subject: UnsafePointer<SchemeSubjectRecord>
    private let account: UnsafePointer<AccountRecord>

    /// Whether clauses or lines can say anything of the order.
    static func isMeant(
      _ context: OrderContext, of subject: SchemeSubject, _ ledger: borrowing Ledger
    ) -> Bool {
      guard !subject.isNone, context.instrument != nil, context.isOpening || context.isClosing
      else { return false }
      let record = ledger.schemes.subject(subject)
      return record.pointee.isOn && (record.pointee.bindingCount > 0 || record.pointee.hasLines)
    }

    /// The order is meant (`isMeant`).
    init(
      _ context: OrderContext, of id: SchemeSubject, _ ledger: borrowing Ledger,
      _ market: borrowing Market
    ) {
      guard let instrument = context.instrument else {
        preconditionFailure("an order of an unknown instrument is refused before")
      }
      subject = ledger.schemes.subject(id)
      // An OVERNIGHT clause says nothing while no close is ahead of the order's instrument.
      let closing =
        ledger.schemes.overnightClauses > 0 ? OvernightScope(context, id, ledger, market) : nil
      reader = ClauseReader(
        clause: ledger.schemes.clause(1),
        fund: SchemeFund(id, ledger, market, at: context.now),
        order: SchemeOrder(context, instrument, id, ledger), closing: closing)
      account = context.account
    }

    /// Asked of what breaks a clause alone: an order that passes reads no line for it.
    var ignoresExposure: Bool {
      subject.pointee.ignoresExposureOnClose || account.pointee.ignoresExposureOnClose
    }

    func touching(_ scheme: UInt32, _ ledger: borrowing Ledger) -> TouchingClauses {
      TouchingClauses(
        scheme, reader.order.instrument, reader.order.commodity, reader.order.exchange,
        ledger.schemes)
    }

    /// Levels that an order is held against; unset = `Int64.min`.
    struct Levels: BitwiseCopyable {
      var one: Int64
      var two: Int64
      /// Level one, where it is set.
      var first: Int64 { one == .min ? two : one }
    }

    /// Those of the clause that is asked, which the order touches; nil when it says nothing of such
    /// an order.
    @inline(__always) func levels() -> Levels? {
      let clause = reader.clause
      guard reader.order.isOpening || reader.measure.isExposure,
        !clause.pointee.kind.isOvernight || reader.closing != nil
      else { return nil }
      let levels = Levels(
        one: subject.pointee.barsFromLevelTwo ? .min : clause.pointee.levelOne,
        two: clause.pointee.levelTwo)
      return levels.one == .min && levels.two == .min ? nil : levels
    }

    /// The level that the order breaks; `Int64.min` = none.
    @inline(__always) func broken(_ levels: Levels, _ reading: ClauseReading) -> Int64 {
      let grows = reading.after > reading.before
      guard reader.order.isOpening else {
        return grows && reader.isOver(reading.after, reading, levels.first) ? levels.first : .min
      }
      if !reader.measure.isExposure || grows, reader.isOver(reading.after, reading, levels.one) {
        return levels.one
      }
      return reader.isOver(reading.after, reading, levels.two) ? levels.two : .min
    }

    /// The clause's refusal by a level.
    @inline(never) func refusal(_ reading: ClauseReading, _ level: Int64) -> Refusal {
      var refusal = SchemeCheck.refusal(reader, reading, level, reader.order.instrument)
      if !reader.order.isOpening { refusal.rule = .exposureOnClose }
      return refusal
    }
  }
}
