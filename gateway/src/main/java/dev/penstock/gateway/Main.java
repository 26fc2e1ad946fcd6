package dev.penstock.gateway;

import dev.penstock.kit.config.ConfigurationException;
import dev.penstock.kit.config.Environment;
import dev.penstock.kit.drain.ServiceProcess;
import java.util.Arrays;
import java.util.List;

/** One gateway as a process, configured by its environment. */
public final class Main {
  private static final String ALLOW = "--allow-unauthenticated";

  private Main() {}

  /** Exit 0 after a clean drain; 1 with one line where the start is refused. */
  public static void main(String... arguments) {
    ServiceProcess.run(
        metrics -> {
          var words = Arrays.asList(arguments);
          if (!List.of(ALLOW).containsAll(words)) {
            throw new ConfigurationException("takes no argument but " + ALLOW);
          }
          return GatewayService.from(
              new Environment(System.getenv()), metrics, words.contains(ALLOW));
        });
  }
}
