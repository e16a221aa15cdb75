// Whatever the bytes: no trap, no endless loop, no byte taken that was not there, and what was
// decoded says the same after it was encoded and decoded again. Run by scripts/fuzz, which links
// LLVM's libFuzzer and names the target in the environment, for libFuzzer starts itself again.
//
// `--targets` lists the targets: name, longest input, inputs of a brief run, files that decode.
// `--seeds DIR` writes a target's first corpus.
import Foundation

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<Int32>, _ arguments: UnsafeMutableRawPointer,
  _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

private func chosenTarget() -> FuzzTarget {
  let name = ProcessInfo.processInfo.environment["SLUICE_FUZZ_TARGET"] ?? ""
  guard let target = FuzzTarget(rawValue: name) else {
    fatalError("SLUICE_FUZZ_TARGET names no target: '\(name)'; --targets lists them")
  }
  return target
}

/// libFuzzer's own main, which is linked too, wants it by this name.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  guard let data, count > 0 else { return 0 }
  FuzzTarget.chosen.run(UnsafeRawBufferPointer(start: data, count: count))
  return 0
}

extension FuzzTarget {
  fileprivate static let chosen = chosenTarget()
}

switch CommandLine.arguments.dropFirst().first {
case "--targets":
  for target in FuzzTarget.allCases {
    print(
      target.rawValue, target.lengthMaximum, target.briefRuns,
      target.decoders.joined(separator: " "))
  }
case "--seeds":
  FuzzSeeds.write(for: .chosen, to: CommandLine.arguments[2])
default:
  var count = CommandLine.argc
  var arguments = CommandLine.unsafeArgv
  _ = runDriver(&count, &arguments, testOneInput)
}
