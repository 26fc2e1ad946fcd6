package dev.penstock.local.images;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A service as its image would run it, without an engine: the files of its layout, the entry point,
 * the environment and nothing else of it; where this test may, the image's user too, and nothing on
 * the machine that can be written.
 */
final class ImageProcess implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final long POLL_MS = 5;

  /** A mount namespace in which the layout is where the image has it and nothing can be written. */
  private static final String IN_A_NAMESPACE =
      """
      mount --make-rprivate / && mount --bind "$1" "$2" && mount -o remount,bind,ro "$2" \
      && mount -o remount,bind,ro / || exit 99
      cd "$2" && user=$3 && shift 3 && exec setpriv --reuid="$user" --regid="$user" --clear-groups \
      --no-new-privs -- "$@"
      """;

  private final Process process;
  private final Path log;
  private final long begun = System.nanoTime();
  private final int port;
  private final int managementPort;

  private ImageProcess(Process process, Path log, int port, int managementPort) {
    this.process = process;
    this.log = log;
    this.port = port;
    this.managementPort = managementPort;
  }

  /**
   * Starts it.
   *
   * @param folder of this test, in which the log is
   */
  static ImageProcess start(
      String service, Path folder, Map<String, String> environment, String... arguments)
      throws IOException {
    var file = ImageFile.read(Path.of("../deploy/images/Dockerfile"));
    var home = Path.of("..", service, "target/image/penstock").toRealPath();
    var mount = Files.createTempDirectory(folder, service);
    var log = folder.resolve(mount.getFileName() + ".log");
    var isolated = isolates(home, mount);
    var command = new ArrayList<String>();
    if (isolated) {
      command.addAll(
          List.of(
              "unshare",
              "--mount",
              "sh",
              "-c",
              IN_A_NAMESPACE,
              "sh",
              home.toString(),
              mount.toString(),
              file.user().split(":")[0]));
    }
    var root = isolated ? mount : home;
    file.entrypoint().forEach(word -> command.add(word.replace(file.folder(), root.toString())));
    command.addAll(List.of(arguments));
    var builder =
        new ProcessBuilder(command)
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().keySet().removeIf(name -> !name.equals("PATH"));
    builder.environment().putAll(file.environment());
    builder.environment().putAll(environment);
    var port = freePort();
    var managementPort = freePort();
    builder.environment().put("PORT", Integer.toString(port));
    builder.environment().put("MANAGEMENT_PORT", Integer.toString(managementPort));
    return new ImageProcess(builder.start(), log, port, managementPort);
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + port);
  }

  URI management() {
    return URI.create("http://127.0.0.1:" + managementPort);
  }

  /** Waits until {@code /health} answers; tells how long that took from its start. */
  Duration awaitHealthy() throws IOException, InterruptedException {
    while (!healthy()) {
      if (!process.isAlive() || System.nanoTime() - begun > LIMIT.toNanos()) {
        throw new AssertionError("it does not answer: " + said());
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MS);
    }
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  /** As the platform stops it; the exit code. */
  int terminate() throws InterruptedException {
    process.toHandle().destroy();
    return exitCode();
  }

  int exitCode() throws InterruptedException {
    if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("it does not end");
    }
    return process.exitValue();
  }

  String said() throws IOException {
    return Files.readString(log);
  }

  private boolean healthy() {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(2_000);
      socket
          .getOutputStream()
          .write("GET /health HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      var answer = new String(socket.getInputStream().readNBytes(15), StandardCharsets.US_ASCII);
      return answer.equals("HTTP/1.1 200 OK");
    } catch (IOException e) {
      return false; // not listening yet
    }
  }

  private static boolean isolates(Path home, Path mount) throws IOException {
    var tried =
        new ProcessBuilder(
                "unshare",
                "--mount",
                "sh",
                "-c",
                IN_A_NAMESPACE,
                "sh",
                home.toString(),
                mount.toString(),
                "65532",
                "true")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    try {
      var works = tried.start().waitFor() == 0;
      if (!works) {
        System.out.println("image layouts run as this user: no mount namespace can be had here");
      }
      return works;
    } catch (IOException e) {
      return false; // no such command on this system
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }
}
