package dev.penstock.local;

import dev.penstock.kit.config.Environment;
import dev.penstock.kit.drain.ServiceProcess;
import dev.penstock.kit.http.Version;

/** Behind {@code ./penstock}: everything on this machine, or one service. */
public final class Main {
  private Main() {}

  /** Exit 0 after a clean drain; 1 with one line where the start is refused. */
  public static void main(String... arguments) {
    try {
      run(CommandLine.parse(arguments));
    } catch (RuntimeException e) {
      ServiceProcess.exitWith(e);
    }
  }

  private static void run(CommandLine line) {
    switch (line.command()) {
      case HELP -> System.out.print(CommandLine.HELP);
      case VERSION -> System.out.println("penstock " + Version.OF_BUILD);
      case EVERYTHING -> Everything.run(line, environment(line));
      default ->
          ServiceProcess.run(
              metrics ->
                  OneService.of(
                      line.command(), environment(line), metrics, line.allowUnauthenticated()));
    }
  }

  private static Environment environment(CommandLine line) {
    var environment = new Environment(System.getenv());
    var port = line.port();
    return port == null ? environment : environment.with("PORT", Integer.toString(port));
  }
}
