package dev.penstock.bench.relay;

import dev.penstock.bench.process.Stack;
import dev.penstock.bench.process.Watched;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** CPU spent between two moments, per process. */
final class Window {
  private final List<Watched> processes;
  private final Map<String, Double> before = new HashMap<>();
  private final Map<String, Double> spent = new HashMap<>();
  private final double machineBefore;
  private final double clientBefore;
  private final long begun = System.nanoTime();
  private double foreignCores;

  private Window(Stack stack) {
    processes = stack.all();
    machineBefore = Watched.machineBusyMicros();
    clientBefore = client();
    processes.forEach(each -> before.put(each.name(), each.cpuMicros()));
  }

  static Window open(Stack stack) {
    return new Window(stack);
  }

  void close() {
    processes.forEach(
        each -> spent.put(each.name(), each.cpuMicros() - before.getOrDefault(each.name(), 0.0)));
    var ours =
        spent.values().stream().mapToDouble(Double::doubleValue).sum() + client() - clientBefore;
    var elapsed = (System.nanoTime() - begun) / 1_000.0;
    foreignCores = Math.max(0, (Watched.machineBusyMicros() - machineBefore - ours) / elapsed);
  }

  /** Microseconds of CPU of that process. */
  double of(String process) {
    return spent.getOrDefault(process, 0.0);
  }

  /** Cores that somebody else kept busy. */
  double foreignCores() {
    return foreignCores;
  }

  private static double client() {
    return Watched.self().cpuSelfMicros();
  }
}
