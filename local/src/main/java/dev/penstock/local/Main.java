package dev.penstock.local;

import dev.penstock.kit.config.Environment;
import dev.penstock.kit.drain.ServiceProcess;
import dev.penstock.kit.http.Version;
import dev.penstock.local.keys.KeysCommand;
import java.util.Arrays;

/** Behind {@code ./penstock}: everything on this machine, one service, or keys. */
public final class Main {
  private static final String KEYS = "keys";

  private Main() {}

  /** Exit 0 after a clean drain; 1 with one line where the start is refused. */
  public static void main(String... arguments) {
    try {
      if (arguments.length > 0 && arguments[0].equals(KEYS)) {
        KeysCommand.run(
            new Environment(System.getenv()), Arrays.copyOfRange(arguments, 1, arguments.length));
      } else {
        run(CommandLine.parse(arguments));
      }
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
