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
  /** The serial collector's two generations. */
  private static final Pattern USED =
      Pattern.compile("^ *(?:DefNew|Tenured) +total \\d+K, used (\\d+)K", Pattern.MULTILINE);

  private Jcmd() {}

  static long liveHeapKib(long pid) {
    ask(pid, "GC.run");
    var told = ask(pid, "GC.heap_info");
    var used = USED.matcher(told).results().map(each -> Long.parseLong(each.group(1))).toList();
    if (used.size() != 2) {
      throw new IllegalStateException("jcmd tells no heap of process " + pid + ": " + told);
    }
    return used.getFirst() + used.getLast();
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
