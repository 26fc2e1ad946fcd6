package dev.penstock.bench.command;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** A program of the bench: its options are picocli's, {@code --help} tells them. */
public abstract class Program implements Callable<Integer> {
  @Option(names = "--help", usageHelp = true, description = "this text")
  @SuppressWarnings("UnusedVariable") // picocli looks at it
  private boolean help;

  /** Runs it and ends the process: 2 after one line on what is wrong with the options. */
  public static void run(Program program, String... arguments) {
    System.exit(line(program).execute(arguments));
  }

  static CommandLine line(Program program) {
    return new CommandLine(program)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(
            (wrong, _) -> {
              var line = wrong.getCommandLine();
              var name = line.getCommandName();
              line.getErr().println(name + ": " + wrong.getMessage() + "; see " + name + " --help");
              return CommandLine.ExitCode.USAGE;
            });
  }

  @Override
  public final Integer call() throws Exception {
    measure(Path.of(System.getProperty("penstock.root", ".")).toAbsolutePath());
    return CommandLine.ExitCode.OK;
  }

  /**
   * Measures and prints what it found.
   *
   * @param root of the checkout
   */
  protected abstract void measure(Path root) throws Exception;
}
