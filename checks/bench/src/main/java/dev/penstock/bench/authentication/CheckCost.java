package dev.penstock.bench.authentication;

import java.io.PrintStream;
import java.util.Locale;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs {@link CheckBenchmark} in JVMs of its own and prints it beside its bar. */
final class CheckCost {
  private static final double BAR_MICROS = 50;

  private CheckCost() {}

  static void run(boolean brief, PrintStream out) throws RunnerException {
    var options =
        new OptionsBuilder()
            .include(CheckBenchmark.class.getName() + ".*")
            .forks(brief ? 1 : 3)
            .warmupIterations(3)
            .warmupTime(TimeValue.seconds(1))
            .measurementIterations(5)
            .measurementTime(TimeValue.seconds(1))
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT)
            .build();
    out.printf("What the check costs per request once what it looks up is known, us%n");
    out.printf("  %-16s %8s %8s  %s%n", "", "p50", "p99", "bar");
    for (var result : new Runner(options).run()) {
      out.printf(
          Locale.ROOT,
          "  %-16s %8.2f %8.2f  p50 <= %.0f%n",
          result.getPrimaryResult().getLabel(),
          share(result, "p0.50"),
          share(result, "p0.99"),
          BAR_MICROS);
    }
  }

  @SuppressWarnings("rawtypes") // as JMH declares it
  private static double share(RunResult result, String name) {
    return result.getSecondaryResults().entrySet().stream()
        .filter(each -> each.getKey().endsWith(name))
        .findFirst()
        .orElseThrow()
        .getValue()
        .getScore();
  }
}
