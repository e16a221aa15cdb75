// Whatever the bytes: no trap, no endless loop, no byte taken that was not there, and what was
// decoded says the same after it was encoded and decoded again. Run by scripts/fuzz, which links
// LLVM's libFuzzer; `--seeds DIR` writes a first corpus.

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<Int32>, _ arguments: UnsafeMutableRawPointer,
  _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

/// libFuzzer's own main, which is linked too, wants it by this name.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  guard let data, count > 0 else { return 0 }
  FuzzTarget.run(UnsafeRawBufferPointer(start: data, count: count))
  return 0
}

if CommandLine.arguments.count == 3, CommandLine.arguments[1] == "--seeds" {
  FuzzSeeds.write(to: CommandLine.arguments[2])
} else {
  var count = CommandLine.argc
  var arguments = CommandLine.unsafeArgv
  _ = runDriver(&count, &arguments, testOneInput)
}
