package dev.penstock.bench.authentication;

import dev.penstock.bench.command.Program;
import dev.penstock.bench.process.Stack;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code checks/bench/authentication}: what the check of a credential costs per request, and how
 * much later others are answered while somebody tries 100,000 wrong keys a minute.
 */
@Command(
    name = "checks/bench/authentication",
    description = "What a credential's check costs, and what wrong keys cost others.")
public final class Authentication extends Program {
  @Option(names = "--short", description = "shorter windows and one JVM for the check's cost")
  private boolean brief;

  @ArgGroup private Part part = new Part();

  private Authentication() {}

  /** One of these at most. */
  private static final class Part {
    @Option(names = "--cost", description = "the check's cost alone")
    private boolean cost;

    @Option(names = "--guesses", description = "the wrong keys alone")
    private boolean guesses;
  }

  /** Runs it; any answer but the expected ones ends it with an error. */
  public static void main(String... arguments) {
    run(new Authentication(), arguments);
  }

  @Override
  protected void measure(Path root) throws Exception {
    if (!part.guesses) {
      CheckCost.run(brief, System.out);
    }
    if (!part.cost) {
      var folder = Files.createDirectories(root.resolve("checks/bench/target/authentication"));
      try (var stack = Stack.start(root, folder)) {
        var key = BenchKeys.keep(stack.database());
        stack.chain(
            "",
            Map.of(),
            Map.of("AUTHENTICATION", "keys", "PENSTOCK_KEY_PEPPER", BenchKeys.PEPPER));
        new Guesses(stack, key.text(), brief ? 3_000 : 20_000, System.out).run();
      }
    }
  }
}
