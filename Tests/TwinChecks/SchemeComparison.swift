import Domain
import Engine
import Ledger
import Messages
import ReferenceModel

extension TwinComparison {
  /// A subject in the engine's words and in the twin's.
  private struct Subject {
    var engine: SchemeSubject
    var twin: TwinSubject
    var name: String
  }

  private func subjects(_ engine: borrowing Engine) -> [Subject] {
    var subjects = (0..<extent.products).map { index in
      let product = ProductID(UInt32(index))
      return Subject(
        engine: SchemeSubject(product), twin: .product(product), name: "product \(index)")
    }
    for place in engine.ledger.subjectsOfAccounts {
      let subject = engine.ledger.subject(at: place)
      guard let account = engine.ledger.schemes.account(subject) else { continue }
      subjects.append(
        Subject(engine: subject, twin: .account(account), name: "account \(account.raw)"))
    }
    return subjects
  }

  /// What products and accounts with schemes have, and where they stand by their clauses, against
  /// every figure made anew.
  public mutating func checkSchemes(_ engine: borrowing Engine) {
    for subject in subjects(engine) where !twin.hasBands {
      twin.looked(subject.twin, held(subject, engine))
    }
    guard engine.isReady, !engine.hasWork else { return }
    for subject in subjects(engine) {
      if case .product(let product) = subject.twin {
        expect(
          "fees of \(subject.name)", engine.ledger.fees(product).pointee.accrued.units,
          twin.feesDue(product))
      }
      let isOn = engine.ledger.schemes.subject(subject.engine).pointee.isOn
      expect("\(subject.name) keeps figures", isOn, twin.isCounted(subject.twin))
      guard isOn else { continue }
      expect(
        "\(subject.name) is counted",
        engine.ledger.schemes.subject(subject.engine).pointee.isCounted, true)
      let figures = twin.schemeFigures(subject.twin)
      checkFigures(subject, figures, engine)
      if !engine.isLookPending(subject.engine) { checkStates(subject, figures, engine) }
    }
  }

  /// After every step, where bands are kept for a while: a binding to a range begins or ends to
  /// hold with a look alone, and only when it should.
  public mutating func checkBands(_ engine: borrowing Engine) {
    for subject in subjects(engine) {
      if twin.hasBands {
        checkBands(subject, engine)
      } else {
        twin.looked(subject.twin, held(subject, engine))
      }
    }
  }

  private mutating func checkBands(_ subject: Subject, _ engine: borrowing Engine) {
    let held = held(subject, engine)
    for bind in twin.schemeBindings(subject.twin) where bind.isRange {
      let isHeld = held[bind.number] != nil
      guard isHeld != twin.isHeld(bind) else { continue }
      expect("\(subject.name), binding \(bind.number) holds", isHeld, twin.isInForce(bind))
      if let since = held[bind.number] {
        expect("\(subject.name), binding \(bind.number) since", since, engine.now)
      }
    }
    twin.looked(subject.twin, held)
  }

  /// Bindings to ranges of now that the engine holds, and since when.
  private func held(_ subject: Subject, _ engine: borrowing Engine) -> [UInt16: Timestamp] {
    var held: [UInt16: Timestamp] = [:]
    for bind in twin.schemeBindings(subject.twin) where bind.isRange {
      let binding = engine.ledger.schemes.binding(subject.engine, Int(bind.number))
      if binding.pointee.wasInForce { held[bind.number] = binding.pointee.since }
    }
    return held
  }

  private mutating func checkFigures(
    _ subject: Subject, _ figures: [TwinSchemeFigures], _ engine: borrowing Engine
  ) {
    var total = TwinSchemeFigures()
    for index in 0..<extent.instruments {
      let id = InstrumentID(UInt32(index))
      let number = engine.ledger.schemes.instrumentNumber(subject.engine, id)
      let sums = number == 0 ? SchemeSums() : engine.ledger.schemes.instrument(number).pointee.sums
      expect("\(subject.name) in \(index)", Self.reading(sums), figures[index])
      total = Self.sum(total, figures[index])
    }
    expect(
      "\(subject.name) altogether",
      Self.reading(engine.ledger.schemes.total(subject.engine).pointee.sums), total)
  }

  private static func sum(
    _ left: TwinSchemeFigures, _ right: TwinSchemeFigures
  ) -> TwinSchemeFigures {
    var sum = left
    for place in 0..<6 {
      sum.lots[place] += right.lots[place]
      sum.values[place] += right.values[place]
      sum.margins[place] += right.margins[place]
    }
    sum.traded[0] += right.traded[0]
    sum.traded[1] += right.traded[1]
    sum.profit += right.profit
    return sum
  }

  private static func reading(_ sums: SchemeSums) -> TwinSchemeFigures {
    func six(_ columns: SchemeColumns) -> [Int128] {
      [
        columns.long, columns.short, columns.openLong, columns.openShort, columns.closeLong,
        columns.closeShort,
      ]
    }
    var figures = TwinSchemeFigures()
    figures.lots = six(sums.lots)
    figures.values = six(sums.values)
    figures.margins = six(sums.margins)
    // What closing would set free is rounded up an instrument; the sum is of what is shown.
    figures.traded = [sums.longTraded, sums.shortTraded]
    figures.profit = sums.profit
    return figures
  }

  private mutating func checkStates(
    _ subject: Subject, _ figures: [TwinSchemeFigures], _ engine: borrowing Engine
  ) {
    let known = engine.ledger.schemes.subject(subject.engine).pointee.highNetValue
    // What is worth nothing has no highest value, and has not fallen from it.
    let high = known == 0 ? twin.netValues(subject.twin).now : known
    if high < twin.netValues(subject.twin).now {
      fail("\(subject.name) is worth more than its highest net value")
    }
    let reached = engine.ledger.schemes.subject(subject.engine).pointee.reachedLines
    for basis in [BandBasis.current, .priorDay] {
      for line in [NetValueLine.topUp, .warn, .liquidation] {
        expect(
          "\(subject.name) \(line) of \(basis)",
          reached >> UInt8(SchemeSubjectRecord.place(basis, line)) & 1 == 1,
          twin.isReached(subject.twin, basis, line))
      }
    }
    for bind in twin.schemeBindings(subject.twin) {
      let isInForce = twin.isInForce(bind)
      for clause in twin.clauses(bind) {
        let state = engine.ledger.schemes.state(
          subject.engine, Int(bind.number), Int(clause.number))
        for (level, threshold) in [
          (LineLevel.warn, clause.levelOne), (.liquidate, clause.levelTwo),
        ] {
          let isReached = state.pointee.reached & ClauseState.bit(level) != 0
          let isOver = isOver(clause, threshold, level, subject.twin, figures, high: high)
          // A second level that was passed stays so outside of its range until the figure is back.
          if !isInForce, level == .liquidate, isReached, isOver { continue }
          expect(
            "\(subject.name), binding \(bind.number), \(clause) \(level)", isReached,
            isOver && isInForce)
        }
      }
    }
  }

  private func isOver(
    _ clause: SetSchemeClause, _ threshold: Int64, _ level: LineLevel, _ subject: TwinSubject,
    _ figures: [TwinSchemeFigures], high: Int128
  ) -> Bool {
    var figures = figures
    if clause.kind.isOvernight {
      guard let closing = twin.closing(subject, level) else { return false }
      figures = twin.only(closing, figures)
    }
    func isOver(_ instrument: Int) -> Bool {
      let found = twin.value(
        clause, subject, figures, single: InstrumentID(UInt32(instrument)), isWorst: false,
        high: high)
      return twin.isOver(found, threshold, clause, subject)
    }
    guard clause.kind.isSingle else { return isOver(0) }
    return (0..<extent.instruments).contains {
      twin.isIn(clause, InstrumentID(UInt32($0))) && isOver($0)
    }
  }
}
