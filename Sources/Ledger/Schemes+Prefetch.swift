import Domain
import Storage

// What clauses and the figures they are held against are of, asked for beside the other lines of an
// order (`Ledger+Prefetch.swift`): some twenty lines anywhere, which one by one would cost more
// than all clauses together.
extension Schemes {
  /// Stage one: the subject as schemes see it, and where its figures of the instrument are.
  @inline(__always) func prefetchSubject(_ subject: SchemeSubject, _ instrument: InstrumentID) {
    directory.prefetch(instrument.index &* subjects.capacity &+ subject.index, lines: 1)
    subjects.prefetch(subject.index)
    quiet.records.prefetch(subject.index, lines: 1)
    bindings.prefetch(Self.place(subject, 1), lines: 1)
  }

  /// Stage two: the sums of the instrument that clauses read.
  @inline(__always) func prefetchInstrument(_ subject: SchemeSubject, _ instrument: InstrumentID) {
    let number = instrumentNumber(subject, instrument)
    if number == 0 { return }
    instruments.prefetch(Int(number) - 1, lines: SchemeInstrument.linesOfOrder)
  }

  /// Stage three: those of its commodity and of everything.
  @inline(__always) func prefetchSums(_ subject: SchemeSubject, _ commodity: CommodityID) {
    commodities.prefetch(subject.index &* commodityCapacity &+ commodity.index)
    groups.prefetch(subject.index &* Self.groupsPerSubject)
  }

  /// Stage four: what its holds will change besides.
  @inline(__always) func prefetchExchange(_ subject: SchemeSubject, _ exchange: Exchange) {
    groups.prefetch(subject.index &* Self.groupsPerSubject &+ 1 &+ exchange.index)
  }
}
