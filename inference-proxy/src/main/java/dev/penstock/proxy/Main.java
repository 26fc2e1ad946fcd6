package dev.penstock.proxy;

import dev.penstock.kit.config.Environment;
import dev.penstock.kit.drain.ServiceProcess;
import java.util.Arrays;

/** Runs inference-proxy as a process of its own, configured by its environment. */
public final class Main {
  private Main() {}

  /** The one option is {@code --allow-unauthenticated}. */
  public static void main(String[] args) {
    ServiceProcess.run(
        metrics -> {
          var environment = new Environment(System.getenv());
          var open = Arrays.asList(args).contains("--allow-unauthenticated");
          return InferenceProxy.from(environment, metrics, open);
        });
  }
}
