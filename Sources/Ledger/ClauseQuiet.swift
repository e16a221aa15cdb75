import Domain
import Storage

/// What lets a look at a subject pass over clauses: since one was looked at, nothing has moved that
/// it is held against, or not by enough to take it over a level or back.
///
/// A fill names its instrument, and the clauses that the instrument is in the scope of are looked
/// at. A price takes its part of what all values of the subject may move together, a fee or a
/// profit its part of what profits may: as long as something is left no clause stands otherwise.
/// What percentages are of may move within a range. Whatever else can change where a subject stands
/// forgets what is known of it (`Schemes.forgetQuiet`).
///
/// Derived, so neither hashed nor written: an engine that comes out of a snapshot knows nothing,
/// looks at every clause, and finds what the one that ran on passes over. Units of work are counted
/// as if every clause were looked at, so that what is known moves nothing in time.
public struct ClauseQuiet: ~Copyable {
  private let pinned = Pinned()
  let records: Table<QuietRecord>
  /// A bit a clause of a SINGLE kind that speaks of one instrument, where the subject has figures
  /// of it, by subject and binding: such a clause takes a unit more.
  let present: Table<ClauseBits>
  /// How many instruments a subject has: by commodity, and behind those altogether and by exchange.
  let counts: Table<UInt32>
  let countsPerSubject: Int
  /// A subject's commodities in the order they came, which is the other way round than they are
  /// linked, and how many there are: so that instruments are counted without being touched.
  let order: Table<UInt16>
  let orderCounts: Table<UInt16>
  /// How a commodity's instruments follow each other, by number: close together, where the figures
  /// of each are lines of their own.
  let links: Table<InstrumentLink>
  /// Where a commodity is traded, once any subject has it.
  let exchanges: Table<Exchange>
  /// What of a scheme is looked at in a way of its own.
  let traits: Table<ClauseTraits>
  /// Clauses that the look in progress goes through, by binding.
  let loud: Table<ClauseBits>
  let totals: Table<QuietTotals>

  init(_ capacities: LedgerCapacities) {
    let subjects = capacities.products + capacities.schemeAccounts
    records = Table(capacity: subjects)
    present = Table(capacity: subjects * SchemeLimits.bindingsPerProduct, isSparse: true)
    countsPerSubject = capacities.commodities + Schemes.groupsPerSubject
    counts = Table(capacity: subjects * countsPerSubject)
    order = Table(capacity: subjects * capacities.commodities)
    orderCounts = Table(capacity: subjects)
    links = Table(capacity: capacities.schemeInstruments, isSparse: true)
    exchanges = Table(capacity: capacities.commodities)
    traits = Table(capacity: capacities.schemes)
    loud = Table(capacity: SchemeLimits.bindingsPerProduct)
    totals = Table(capacity: 1)
    totals.base.pointee.inProgress = .none
  }
}

/// Of a subject's instrument: the next one of its commodity, 1-based, 0 = none; how many follow.
struct InstrumentLink: BitwiseCopyable {
  var next: UInt32
  var following: UInt32
}

/// One bit for each clause of a scheme, by its number from 1.
public struct ClauseBits: BitwiseCopyable {
  var words: InlineArray<4, UInt64>

  static var none: ClauseBits { ClauseBits(words: InlineArray(repeating: 0)) }
  static var all: ClauseBits { ClauseBits(words: InlineArray(repeating: .max)) }

  @inline(__always) func has(_ number: Int) -> Bool {
    words[(number - 1) >> 6] >> UInt64((number - 1) & 63) & 1 == 1
  }
  @inline(__always) mutating func set(_ number: Int, _ isIn: Bool = true) {
    let bit: UInt64 = 1 << UInt64((number - 1) & 63)
    if isIn { words[(number - 1) >> 6] |= bit } else { words[(number - 1) >> 6] &= ~bit }
  }
  @inline(__always) mutating func form(_ other: ClauseBits) {
    for word in 0..<4 { words[word] |= other.words[word] }
  }
}

/// What of a scheme's clauses every look goes through, ...
struct ClauseTraits: BitwiseCopyable {
  /// ... because it is held against money of the subject alone, or against the time,
  var always: ClauseBits
  /// ... once open interest has moved;
  var shares: ClauseBits
  /// and which are of a SINGLE kind and speak of more than one instrument.
  var wide: ClauseBits
}

struct QuietTotals: BitwiseCopyable {
  /// Counts movements of open interest.
  var interest: UInt64
  /// Clauses that read the profit of a commodity or a sector, of all schemes.
  var profitClauses: Int
  /// Whose look is in progress.
  var inProgress: SchemeSubject
  var padding: UInt32
  /// Since the start: looks that began, clauses that were passed over, and those that were read;
  /// of SINGLE kinds one for each instrument.
  var looks: UInt64
  var passed: UInt64
  var read: UInt64
}

/// What is known of a subject. All bytes zero: nothing.
public struct QuietRecord: BitwiseCopyable {
  /// How far values of held lots may move, all instruments together, in 1e-4 yuan; below 0 =
  /// further than is known.
  var value: Int128
  /// How far profits may.
  var profit: Int128
  var isKnown: Bool
  /// What it was looked at with.
  var period: SchemePeriod
  var bindings: UInt16
  var namedCount: UInt32
  var share: Int64
  var interest: UInt64
  var padding: UInt64
  // An order writes what stands above: a line. Records have five.
  /// Where net value, equity and allowed loss may lie, both ends in.
  var lows: InlineArray<3, Int128>
  var highs: InlineArray<3, Int128>
  /// Instruments (`SchemeInstrument`) that moved otherwise than by a price, and figures that are
  /// new: so many as are counted. Where there are more, every clause is looked at.
  var named: InlineArray<40, UInt32>
}
