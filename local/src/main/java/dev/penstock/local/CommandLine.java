package dev.penstock.local;

import dev.penstock.kit.config.ConfigurationException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was typed behind {@code ./penstock}.
 *
 * @param command what to start
 * @param port null leaves it to {@code PORT} and the default
 * @param data null means {@code .penstock} in the checkout
 */
record CommandLine(
    Command command, @Nullable Integer port, @Nullable Path data, boolean allowUnauthenticated) {

  static final String HELP =
      """
      Usage: ./penstock [COMMAND] [OPTIONS]

      Without a command: everything on this machine, in one process, with a database of its own.
      Chat at http://localhost:8080

      Commands, each one service configured by environment (docs/configuration.md):
        gateway              public edge: sessions, chat, the chat page
        session-service      conversation state in PostgreSQL (DATABASE_URL)
        inference-proxy      admission and streaming from the model servers (OLLAMA_URL)
        simulator            a stand-in for Ollama; not a real model

      And: keys              make, list and revoke API keys; ./penstock keys --help says how

      Options:
        --port N                  port to listen on (default: 8080; 0 picks a free one)
        --data DIR                where the database lives (default: .penstock in the checkout)
        --allow-unauthenticated   listen beyond loopback although nobody checks callers
        --version                 the version
        --help                    this text
      """;

  /** What one start of the launcher runs. */
  enum Command {
    EVERYTHING,
    GATEWAY,
    SESSION_SERVICE,
    INFERENCE_PROXY,
    SIMULATOR,
    HELP,
    VERSION;

    private static Optional<Command> of(String word) {
      return switch (word) {
        case "gateway" -> Optional.of(GATEWAY);
        case "session-service" -> Optional.of(SESSION_SERVICE);
        case "inference-proxy" -> Optional.of(INFERENCE_PROXY);
        case "simulator" -> Optional.of(SIMULATOR);
        case "--help", "-h", "help" -> Optional.of(HELP);
        case "--version" -> Optional.of(VERSION);
        default -> Optional.empty();
      };
    }
  }

  /**
   * Reads the arguments.
   *
   * @throws ConfigurationException naming the argument that is not understood
   */
  static CommandLine parse(String... arguments) {
    var words = new ArrayDeque<>(Arrays.asList(arguments));
    var command = Command.EVERYTHING;
    Integer port = null;
    Path data = null;
    var allowUnauthenticated = false;
    while (!words.isEmpty()) {
      var word = words.pop();
      switch (word) {
        case "--port" -> port = port(value(words, word));
        case "--data" -> data = Path.of(value(words, word));
        case "--allow-unauthenticated" -> allowUnauthenticated = true;
        default ->
            command =
                Command.of(word)
                    .orElseThrow(
                        () ->
                            new ConfigurationException(
                                "does not know \"" + word + "\"; see ./penstock --help"));
      }
    }
    return new CommandLine(command, port, data, allowUnauthenticated);
  }

  private static String value(ArrayDeque<String> words, String option) {
    var value = words.poll();
    if (value == null || value.startsWith("--")) {
      throw new ConfigurationException(option + " needs a value; see ./penstock --help");
    }
    return value;
  }

  private static int port(String text) {
    try {
      var port = Integer.parseInt(text);
      if (port >= 0 && port <= 65_535) {
        return port;
      }
    } catch (NumberFormatException e) {
      // falls through to the same sentence
    }
    throw new ConfigurationException("--port must be a number from 0 to 65535 but is " + text);
  }
}
