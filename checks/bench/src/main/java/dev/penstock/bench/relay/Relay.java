package dev.penstock.bench.relay;

import dev.penstock.bench.load.LoadClient;
import dev.penstock.bench.process.Stack;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * {@code relay [--short] [--protocols] [--metrics] [--traces] [--stalled N] [--streams N] [--heap
 * N] [--hold ROUTE SECONDS]}: what each hop costs, beside nginx; or what each protocol of the
 * gateway costs, beside our own; or what recording or tracing costs, beside neither; or how many
 * streams arrive whole and what each holds.
 *
 * <p>System property {@code penstock.root} names the checkout.
 */
public final class Relay {
  private static final int STALLED = 1_000;
  private static final int STREAMS = 1_000;
  private static final int WEIGHED = 2_000;

  private Relay() {}

  /** Runs it; a lost or repeated token anywhere ends it with an error. */
  public static void main(String... arguments) throws Exception {
    var options = List.of(arguments);
    var root = Path.of(System.getProperty("penstock.root", "."));
    var folder = Files.createDirectories(root.resolve("checks/bench/target/relay"));
    try (var client = new LoadClient();
        var stack =
            Stack.start(
                root.toAbsolutePath(), folder.toAbsolutePath(), options.contains("--metrics"));
        var sessions = new Sessions(stack.port("gateway"))) {
      if (options.contains("--stalled")) {
        new Stalled(stack, client, sessions, System.out).run(number(options, "--stalled", STALLED));
      } else if (options.contains("--streams")) {
        new Streams(stack, client, sessions, System.out)
            .deliver(number(options, "--streams", STREAMS));
      } else if (options.contains("--heap")) {
        new Streams(stack, client, sessions, System.out).weigh(number(options, "--heap", WEIGHED));
      } else if (options.contains("--hold")) {
        var at = options.indexOf("--hold");
        var route = Route.valueOf(options.get(at + 1).toUpperCase(Locale.ROOT));
        hold(route, Integer.parseInt(options.get(at + 2)), client, stack, sessions);
      } else {
        var pace = options.contains("--short") ? Pace.SHORT : Pace.USUAL;
        if (options.contains("--metrics")) {
          new Recorders(stack, client, sessions, pace).run(System.out);
        } else if (options.contains("--traces")) {
          new TraceCost(stack, client, sessions, pace).run(System.out);
        } else if (options.contains("--protocols")) {
          compareProtocols(pace, client, stack, sessions);
        } else {
          compare(pace, client, stack, sessions);
        }
      }
    }
  }

  private static int number(List<String> options, String name, int otherwise) {
    var at = options.indexOf(name) + 1;
    return at < options.size() ? Integer.parseInt(options.get(at)) : otherwise;
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
