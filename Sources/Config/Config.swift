// Config: the files under config/ -> a checked `Configuration` -> the commands of a genesis.
//
// The way of a file: `JSON5/JSON5Reader.swift` makes a tree of nodes that know their place;
// `Reading/ObjectReader.swift` takes keys out of it, each declared with unit, range and default;
// the readers in `Model/` and `Specifications/` make plain values of them;
// `Loading/ConfigurationLoader.swift` ties the files together and reports every fault at once.
// `Genesis/Genesis.swift` turns the result into commands; dense ids are places in its lists.
//
// Start with `Model/Configuration.swift`, what a configuration says. Instruments follow from the
// commodities' patterns (`Specifications/CommoditySpecification.swift`) and the first trading day.
// Foundation is used to read files and for nothing else.
