import Domain
import Engine
import Ledger
import Messages
import ReferenceModel

extension TwinComparison {
  /// What products with schemes have, and where they stand by their clauses, against every figure
  /// made anew.
  public mutating func checkSchemes(_ engine: borrowing Engine) {
    guard engine.isReady, !engine.hasWork else { return }
    for index in 0..<extent.products {
      let product = ProductID(UInt32(index))
      let isOn = engine.ledger.schemes.product(product).pointee.isOn
      expect("product \(index) keeps figures", isOn, twin.isCounted(product))
      guard isOn else { continue }
      expect(
        "product \(index) is counted", engine.ledger.schemes.product(product).pointee.isCounted,
        true)
      let figures = twin.schemeFigures(product)
      checkFigures(product, figures, engine)
      if !engine.isLookPending(product) { checkStates(product, figures, engine) }
    }
  }

  private mutating func checkFigures(
    _ product: ProductID, _ figures: [TwinSchemeFigures], _ engine: borrowing Engine
  ) {
    var total = TwinSchemeFigures()
    for index in 0..<extent.instruments {
      let id = InstrumentID(UInt32(index))
      let number = engine.ledger.schemes.instrumentNumber(product, id)
      let sums = number == 0 ? SchemeSums() : engine.ledger.schemes.instrument(number).pointee.sums
      expect("product \(product.raw) in \(index)", Self.reading(sums), figures[index])
      total = Self.sum(total, figures[index])
    }
    expect(
      "product \(product.raw) altogether",
      Self.reading(engine.ledger.schemes.total(product).pointee.sums), total)
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
    _ product: ProductID, _ figures: [TwinSchemeFigures], _ engine: borrowing Engine
  ) {
    let known = engine.ledger.schemes.product(product).pointee.highNetValue
    // What is worth nothing has no highest value, and has not fallen from it.
    let high = known == 0 ? twin.netValues(product).now : known
    if high < twin.netValues(product).now {
      fail("product \(product.raw) is worth more than its highest net value")
    }
    let reached = engine.ledger.schemes.product(product).pointee.reachedLines
    for basis in [BandBasis.current, .priorDay] {
      for line in [NetValueLine.topUp, .warn, .liquidation] {
        expect(
          "product \(product.raw) \(line) of \(basis)",
          reached >> UInt8(SchemeProduct.place(basis, line)) & 1 == 1,
          twin.isReached(product, basis, line))
      }
    }
    for bind in twin.schemeBindings(product) {
      let isInForce = twin.isInForce(bind)
      for clause in twin.clauses(bind) {
        let state = engine.ledger.schemes.state(product, Int(bind.number), Int(clause.number))
        for (level, threshold) in [
          (LineLevel.warn, clause.levelOne), (.liquidate, clause.levelTwo),
        ] {
          let isReached = state.pointee.reached & ClauseState.bit(level) != 0
          let isOver = isOver(clause, threshold, level, product, figures, high: high)
          // A second level that was passed stays so outside of its range until the figure is back.
          if !isInForce, level == .liquidate, isReached, isOver { continue }
          expect(
            "product \(product.raw), binding \(bind.number), \(clause) \(level)", isReached,
            isOver && isInForce)
        }
      }
    }
  }

  private func isOver(
    _ clause: SetSchemeClause, _ threshold: Int64, _ level: LineLevel, _ product: ProductID,
    _ figures: [TwinSchemeFigures], high: Int128
  ) -> Bool {
    var figures = figures
    if clause.kind.isOvernight {
      guard let closing = twin.closing(product, level) else { return false }
      figures = twin.only(closing, figures)
    }
    func isOver(_ instrument: Int) -> Bool {
      let found = twin.value(
        clause, product, figures, single: InstrumentID(UInt32(instrument)), isWorst: false,
        high: high)
      return twin.isOver(found, threshold, clause, product)
    }
    guard clause.kind.isSingle else { return isOver(0) }
    return (0..<extent.instruments).contains {
      twin.isIn(clause, InstrumentID(UInt32($0))) && isOver($0)
    }
  }
}
