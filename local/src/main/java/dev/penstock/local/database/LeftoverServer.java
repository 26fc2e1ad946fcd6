package dev.penstock.local.database;

import static java.lang.System.Logger.Level.INFO;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A PostgreSQL that a killed run left running on our data. Starting beside it would silently use
 * it, so it is stopped: nobody else can be its owner, since we hold the data folder.
 */
final class LeftoverServer {
  private static final System.Logger LOG = System.getLogger(LeftoverServer.class.getName());
  private static final int PORT_LINE = 3;
  private static final Duration LIMIT = Duration.ofSeconds(15);

  private LeftoverServer() {}

  static void stop(Path data) throws IOException {
    var pidFile = data.resolve("postmaster.pid");
    if (!Files.exists(pidFile)) {
      return;
    }
    var pid = Long.parseLong(Files.readAllLines(pidFile).getFirst().strip());
    var process = ProcessHandle.of(pid).filter(LeftoverServer::isPostgres);
    if (process.isEmpty()) {
      return; // PostgreSQL itself clears a file without a process
    }
    LOG.log(INFO, "stopping the PostgreSQL that an earlier run left behind, process " + pid);
    try {
      // SIGINT is its fast shutdown; Java itself can only send SIGTERM, which waits for clients.
      new ProcessBuilder("kill", "-INT", Long.toString(pid)).inheritIO().start().waitFor();
      process.get().onExit().get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while stopping PostgreSQL process " + pid, e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("PostgreSQL process " + pid + " on " + data + " does not stop", e);
    }
  }

  /** Where the server on that data listens; empty if none runs. */
  static OptionalInt port(Path data) throws IOException {
    var pidFile = data.resolve("postmaster.pid");
    if (!Files.exists(pidFile)) {
      return OptionalInt.empty();
    }
    // Process, folder, start, port; the last is there once it listens.
    var lines = Files.readAllLines(pidFile);
    var runs =
        lines.size() > PORT_LINE
            && ProcessHandle.of(Long.parseLong(lines.getFirst().strip()))
                .filter(LeftoverServer::isPostgres)
                .isPresent();
    return runs
        ? OptionalInt.of(Integer.parseInt(lines.get(PORT_LINE).strip()))
        : OptionalInt.empty();
  }

  private static boolean isPostgres(ProcessHandle process) {
    return process.info().command().map(command -> command.contains("postgres")).orElse(false);
  }
}
