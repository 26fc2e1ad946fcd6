package dev.penstock.simulator;

import dev.penstock.kit.config.Environment;
import dev.penstock.kit.drain.ServiceProcess;
import java.util.List;

/** Runs one simulator as a process. */
public final class Main {
  private Main() {}

  /**
   * Starts it.
   *
   * @param args {@code --allow-unauthenticated} or nothing
   */
  public static void main(String[] args) {
    ServiceProcess.run(
        metrics ->
            SimulatorService.from(
                new Environment(System.getenv()),
                metrics,
                List.of(args).contains("--allow-unauthenticated")));
  }
}
