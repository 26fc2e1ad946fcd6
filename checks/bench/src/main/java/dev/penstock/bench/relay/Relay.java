package dev.penstock.bench.relay;

import dev.penstock.bench.command.Program;
import dev.penstock.bench.load.LoadClient;
import dev.penstock.bench.process.Stack;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code checks/bench/relay}: what each hop costs, beside nginx; or what each protocol of the
 * gateway costs, beside our own; or what recording or tracing costs, beside neither; or how many
 * streams arrive whole and what each holds.
 */
@Command(
    name = "checks/bench/relay",
    description = "What each hop costs beside nginx; or one of these instead.",
    sortOptions = false)
public final class Relay extends Program {
  @Option(names = "--short", description = "fewer rounds")
  private boolean brief;

  @ArgGroup private Instead instead = new Instead();

  private Relay() {}

  /** One of these at most. */
  private static final class Instead {
    @Option(
        names = "--protocols",
        description = "the gateway in each protocol, beside the native stream")
    private boolean protocols;

    @Option(names = "--metrics", description = "CPU per token with the recorders on and off")
    private boolean metrics;

    @Option(names = "--traces", description = "CPU per token without traces and with some")
    private boolean traces;

    @Option(
        names = "--stalled",
        paramLabel = "N",
        arity = "0..1",
        fallbackValue = "1000",
        description = "memory while N readers stop reading (default: 1000)")
    private @Nullable Integer stalled;

    @Option(
        names = "--streams",
        paramLabel = "N",
        arity = "0..1",
        fallbackValue = "1000",
        description = "which share of N streams arrives in time (default: 1000)")
    private @Nullable Integer streams;

    @Option(
        names = "--heap",
        paramLabel = "N",
        arity = "0..1",
        fallbackValue = "2000",
        description = "live heap that each of N open streams holds (default: 2000)")
    private @Nullable Integer heap;

    @Option(
        names = "--hold",
        paramLabel = "ROUTE",
        description = "load on one route alone, for looking at it: ${COMPLETION-CANDIDATES}")
    private @Nullable Route hold;
  }

  @Option(
      names = "--seconds",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "how long to hold it (default: 60)")
  private int seconds;

  /** Runs it; a lost or repeated token anywhere ends it with an error. */
  public static void main(String... arguments) {
    run(new Relay(), arguments);
  }

  @Override
  protected void measure(Path root) throws Exception {
    var folder = Files.createDirectories(root.resolve("checks/bench/target/relay"));
    try (var client = new LoadClient();
        var stack = Stack.start(root, folder)) {
      stack.chain("", Map.of(), Map.of());
      if (instead.metrics) {
        var off = Map.of("PENSTOCK_METRICS", "false");
        stack.chain(Stack.UNMEASURED, off, off);
      }
      try (var sessions = new Sessions(stack.port("gateway"))) {
        measure(client, stack, sessions);
      }
    }
  }

  private void measure(LoadClient client, Stack stack, Sessions sessions) throws Exception {
    var pace = brief ? Pace.SHORT : Pace.USUAL;
    if (instead.stalled != null) {
      new Stalled(stack, client, sessions, System.out).run(instead.stalled);
    } else if (instead.streams != null) {
      new Streams(stack, client, sessions, System.out).deliver(instead.streams);
    } else if (instead.heap != null) {
      new Streams(stack, client, sessions, System.out).weigh(instead.heap);
    } else if (instead.hold != null) {
      hold(instead.hold, seconds, client, stack, sessions);
    } else if (instead.metrics) {
      new Recorders(stack, client, sessions, pace).run(System.out);
    } else if (instead.traces) {
      new TraceCost(stack, client, sessions, pace).run(System.out);
    } else if (instead.protocols) {
      compareProtocols(pace, client, stack, sessions);
    } else {
      compare(pace, client, stack, sessions);
    }
  }

  private static void hold(
      Route route, int seconds, LoadClient client, Stack stack, Sessions sessions)
      throws InterruptedException {
    stack.all().forEach(each -> System.out.println(each.name() + " " + each.pid()));
    new Rounds(stack, client, sessions, Pace.USUAL, new Samples()).hold(route, seconds);
  }

  private static void compareProtocols(Pace pace, LoadClient client, Stack stack, Sessions sessions)
      throws InterruptedException {
    var samples = new Samples();
    var rounds = new Rounds(stack, client, sessions, pace, samples);
    rounds.warmUp();
    new Rounds(stack, client, sessions, pace, new Samples()).runProtocols();
    for (var round = 1; round <= pace.rounds(); round++) {
      System.err.printf("round %d of %d%n", round, pace.rounds());
      rounds.runProtocols();
    }
    new Report(samples, System.out).printProtocols();
  }

  private static void compare(Pace pace, LoadClient client, Stack stack, Sessions sessions)
      throws InterruptedException {
    var samples = new Samples();
    var rounds = new Rounds(stack, client, sessions, pace, samples);
    rounds.warmUp();
    for (var round = 1; round <= pace.rounds(); round++) {
      System.err.printf("round %d of %d%n", round, pace.rounds());
      rounds.run();
    }
    for (var route : Route.HOPS) {
      Memory.measure(stack, client, sessions, route, samples);
    }
    new Report(samples, System.out).print();
  }
}
