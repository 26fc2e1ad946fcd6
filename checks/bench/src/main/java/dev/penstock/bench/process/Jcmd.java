package dev.penstock.bench.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Asks JVMs. Never for other processes: the request is a SIGQUIT, which ends nginx and PostgreSQL.
 */
final class Jcmd {
  private static final Pattern USED = Pattern.compile("generation +total .*used (\\d+)K");

  private Jcmd() {}

  static long liveHeapKib(long pid) {
    ask(pid, "GC.run");
    return USED.matcher(ask(pid, "GC.heap_info"))
        .results()
        .mapToLong(each -> Long.parseLong(each.group(1)))
        .sum();
  }

  private static String ask(long pid, String command) {
    try {
      var process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                  Long.toString(pid),
                  command)
              .redirectErrorStream(true)
              .start();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
