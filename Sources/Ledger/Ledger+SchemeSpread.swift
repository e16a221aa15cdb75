import Domain
import Storage

// What moves in an instrument moves in its commodity, its exchange and the subject's whole by as
// much. An order moves one column of lots, a child one of margin and the profit: nothing but that
// is touched then, for it happens five times an order. Fills and prices move more, and take the
// whole way (`changeScheme`).
extension Ledger {
  /// A working order's lots were held or given back (below 0): lots, value, and of a closing order
  /// the margin that it would set free.
  func moveScheme(_ number: UInt32, _ column: SchemeColumn, lots: Lots) {
    guard number != 0 else { return }
    let record = schemes.instruments.at(Int(number) - 1)
    let own = record.sums
    let count = Int64(lots)
    let value = Int128(count) * Int128(record.pointee.lotValue)
    own.lots[column.place] += count
    own.values[column.place] += value
    var margin: Int128 = 0
    if let held = column.held {
      let freed = SchemeSums.share(
        own.margins[held], own.lots[column.place], of: own.lots[held])
      margin = freed - own.margins[column.place]
      own.margins[column.place] = freed
    }
    spread(record, column, lots: count, value: value, margin: margin)
  }

  /// Margin of a working opening order was held or given back (below 0).
  func moveScheme(_ number: UInt32, _ column: SchemeColumn, margin: Money) {
    guard number != 0 else { return }
    let record = schemes.instruments.at(Int(number) - 1)
    let amount = Int128(margin.units)
    record.sums.margins[column.place] += amount
    spread(record, column, lots: 0, value: 0, margin: amount)
  }

  /// Profit moved by so much.
  func moveScheme(_ number: UInt32, profit: Int128) {
    guard number != 0 else { return }
    let record = schemes.instruments.at(Int(number) - 1)
    let subject = record.pointee.subject
    schemes.touch(subject)
    schemes.noteProfit(subject, by: profit)
    record.pointee.sums.profit += profit
    schemeCommodity(record).pointee.sums.profit += profit
    schemeGroup(subject, 0).pointee.sums.profit += profit
    schemeGroup(subject, 1 + record.pointee.exchange.index).pointee.sums.profit += profit
  }

  /// What working orders moved, in all that the instrument is a part of. What is held stays, and
  /// with it the absolute exposure of that.
  @inline(__always) private func spread(
    _ record: UnsafeMutablePointer<SchemeInstrument>, _ column: SchemeColumn, lots: Int64,
    value: Int128, margin: Int128
  ) {
    let subject = record.pointee.subject
    schemes.touch(subject)
    let commodity = schemeCommodity(record).sums
    let total = schemeGroup(subject, 0)
    let exchange = schemeGroup(subject, 1 + record.pointee.exchange.index)
    if lots != 0 {
      let before = SchemeColumns(at: commodity.values).exposure(.both, isWorst: true)
      commodity.lots[column.place] += lots
      commodity.values[column.place] += value
      let more = SchemeColumns(at: commodity.values).exposure(.both, isWorst: true) - before
      total.sums.lots[column.place] += lots
      total.sums.values[column.place] += value
      total.pointee.worstValue += more
      exchange.sums.lots[column.place] += lots
      exchange.sums.values[column.place] += value
      exchange.pointee.worstValue += more
    }
    if margin != 0 {
      let before = SchemeColumns(at: commodity.margins).exposure(.both, isWorst: true)
      commodity.margins[column.place] += margin
      let more = SchemeColumns(at: commodity.margins).exposure(.both, isWorst: true) - before
      total.sums.margins[column.place] += margin
      total.pointee.worstMargin += more
      exchange.sums.margins[column.place] += margin
      exchange.pointee.worstMargin += more
    }
  }

  /// Changes what a subject has in an instrument, and by as much all that it is a part of.
  @inline(__always) func changeScheme(
    _ number: UInt32, _ change: (UnsafeMutablePointer<SchemeInstrument>) -> Void
  ) {
    guard number != 0 else { return }
    let record = schemes.instruments.at(Int(number) - 1)
    schemes.noteMoved(number, of: record.pointee.subject)
    var old = record.pointee.sums
    change(record)
    record.pointee.sums.derive(lotValue: record.pointee.lotValue)
    spread(record, from: &old)
  }

  /// Values it at another price: nothing else moves.
  func revalueScheme(_ number: UInt32, _ price: Price, lotValue: Int64) {
    let record = schemes.instruments.at(Int(number) - 1)
    var old = record.pointee.sums
    schemes.noteValue(
      record.pointee.subject,
      by: (Int128(old.long) + Int128(old.short))
        * (Int128(lotValue) - Int128(record.pointee.lotValue)))
    record.pointee.price = price
    record.pointee.lotValue = lotValue
    record.pointee.sums.derive(lotValue: lotValue)
    spread(record, from: &old)
  }

  @inline(never) private func spread(
    _ record: UnsafeMutablePointer<SchemeInstrument>, from old: UnsafePointer<SchemeSums>
  ) {
    let subject = record.pointee.subject
    schemes.touch(subject)
    let new = UnsafePointer(record.sums)
    let commodity = schemeCommodity(record).sums
    let (values, margins) = (
      SchemeColumns(at: commodity.values), SchemeColumns(at: commodity.margins)
    )
    let (heldValue, worstValue) = values.absolute
    let (heldMargin, worstMargin) = margins.absolute
    SchemeSums.add(to: commodity, new, less: old)
    let (newHeldValue, newWorstValue) = SchemeColumns(at: commodity.values).absolute
    let (newHeldMargin, newWorstMargin) = SchemeColumns(at: commodity.margins).absolute
    for place in [0, 1 + record.pointee.exchange.index] {
      let group = schemeGroup(subject, place)
      SchemeSums.add(to: group.sums, new, less: old)
      group.pointee.absoluteValue += newHeldValue - heldValue
      group.pointee.worstValue += newWorstValue - worstValue
      group.pointee.absoluteMargin += newHeldMargin - heldMargin
      group.pointee.worstMargin += newWorstMargin - worstMargin
    }
  }

  @inline(__always) private func schemeCommodity(
    _ record: UnsafeMutablePointer<SchemeInstrument>
  ) -> UnsafeMutablePointer<SchemeCommodity> {
    schemes.commodities.at(
      record.pointee.subject.index * schemes.commodityCapacity + record.pointee.commodity.index)
  }

  /// All that a subject has, then what it has at an exchange.
  @inline(__always) private func schemeGroup(
    _ subject: SchemeSubject, _ place: Int
  ) -> UnsafeMutablePointer<SchemeGroup> {
    schemes.groups.at(subject.index * Schemes.groupsPerSubject + place)
  }
}
