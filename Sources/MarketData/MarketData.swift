// MarketData: being built.
