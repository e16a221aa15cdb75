// Mutant: runs of the simulator in a program that a fault was built into. Exit code 1 and a line
// when a run fails, else 0 and a hash of all runs: scripts/mutate compares it between processes.
import Glibc
import Simulator

let words = CommandLine.arguments.dropFirst().compactMap { UInt64($0) }
guard words.count == 2, words[0] <= words[1] else {
  puts("usage: Mutant FIRST LAST")
  exit(2)
}
var hash: UInt64 = 0
for seed in words[0]...words[1] {
  let result = Simulation.run(SimulationSettings(seed: seed))
  if let failure = result.failure {
    puts("seed \(seed), step \(result.failedAtStep): \(failure.prefix(160))")
    exit(1)
  }
  hash = (hash ^ result.hash) &* 0x100_0000_01B3
}
puts("hash \(String(hash, radix: 16))")
