package dev.penstock.bench.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** CPU time and memory of processes, as Linux tells. */
final class ProcFs {
  /** {@code USER_HZ} is 100 on every Linux there is. */
  private static final double MICROS_PER_TICK = 10_000;

  private static final Path PROC = Path.of("/proc");

  // Behind the name, which proc(5) counts as the second field.
  private static final int UTIME = 11;
  private static final int STIME = 12;
  private static final int CUTIME = 13;
  private static final int CSTIME = 14;

  private ProcFs() {}

  /** User and system time of a process and of all it started, in microseconds. */
  static double cpuMicros(long pid) {
    var root = stat(pid);
    // Children that have ended too, as PostgreSQL's backends do.
    var ended = Long.parseLong(root[CUTIME]) + Long.parseLong(root[CSTIME]);
    return cpuMicros(tree(pid)) + ended * MICROS_PER_TICK;
  }

  /** User and system time of these processes alone, in microseconds. */
  static double cpuMicros(List<Long> pids) {
    var ticks = 0L;
    for (var pid : pids) {
      var fields = stat(pid);
      ticks += Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME]);
    }
    return ticks * MICROS_PER_TICK;
  }

  /** Busy time of all processors since boot, in microseconds. */
  static double busyMicros() {
    var fields = read(PROC.resolve("stat")).lines().findFirst().orElseThrow().split("\\s+");
    // user, nice, system, irq, softirq
    return (Long.parseLong(fields[1])
            + Long.parseLong(fields[2])
            + Long.parseLong(fields[3])
            + Long.parseLong(fields[6])
            + Long.parseLong(fields[7]))
        * MICROS_PER_TICK;
  }

  /** Resident memory of one process in KiB. */
  static long residentKib(long pid) {
    return read(PROC.resolve(pid + "/status"))
        .lines()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElse(0);
  }

  /** The process itself first. */
  static List<Long> tree(long pid) {
    var all = new ArrayList<Long>();
    all.add(pid);
    ProcessHandle.of(pid)
        .ifPresent(root -> root.descendants().forEach(each -> all.add(each.pid())));
    all.removeIf(each -> !Files.exists(PROC.resolve(each + "/stat")));
    return all;
  }

  /** Fields from the third on; the second is a name that may hold anything. */
  private static String[] stat(long pid) {
    var text = read(PROC.resolve(pid + "/stat"));
    return text.substring(text.lastIndexOf(')') + 2).split(" ");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
