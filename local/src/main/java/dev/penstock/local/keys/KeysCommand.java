package dev.penstock.local.keys;

import dev.penstock.kit.config.ConfigurationException;
import dev.penstock.kit.config.Environment;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The words behind {@code ./penstock keys}. */
@Command(
    name = "./penstock keys",
    description = "API keys, in the database that DATABASE_URL names or in the local one.",
    synopsisSubcommandLabel = "COMMAND")
public final class KeysCommand {
  @Option(names = "--help", usageHelp = true, description = "this text")
  @SuppressWarnings("UnusedVariable") // picocli looks at it
  private boolean help;

  private KeysCommand() {}

  /**
   * Does what the words say; what there is to tell goes to standard output.
   *
   * @throws ConfigurationException saying in one line what is wrong
   */
  public static void run(Environment environment, String... words) {
    environment.rejectUnknown();
    var line =
        new CommandLine(new KeysCommand())
            .addSubcommand(new CreateKey(environment))
            .addSubcommand(new ListKeys(environment))
            .addSubcommand(new RevokeKey(environment))
            .setCaseInsensitiveEnumValuesAllowed(true);
    try {
      var parsed = line.parseArgs(words);
      if (CommandLine.printHelpIfRequested(parsed)) {
        return;
      }
      if (!parsed.hasSubcommand()) {
        line.usage(System.out);
      } else if (parsed.subcommand().commandSpec().userObject() instanceof Runnable command) {
        command.run();
      }
    } catch (CommandLine.ParameterException e) {
      throw new ConfigurationException(e.getMessage() + "; see ./penstock keys --help");
    }
  }
}
