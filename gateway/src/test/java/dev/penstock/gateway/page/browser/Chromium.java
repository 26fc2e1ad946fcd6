package dev.penstock.gateway.page.browser;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A headless Chromium process with a fresh profile that goes with it. */
final class Chromium implements AutoCloseable {
  private static final String LISTENING = "DevTools listening on ";
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

  private final Process process;
  private final Path profile;
  private final DevTools devTools;

  private Chromium(Process process, Path profile, DevTools devTools) {
    this.process = process;
    this.profile = profile;
    this.devTools = devTools;
  }

  /** The browser this machine has: {@code CHROMIUM}, or the usual names on the path. */
  static Optional<Path> installed() {
    var named = Stream.ofNullable(System.getenv("CHROMIUM")).map(Path::of);
    var directories = Stream.of(System.getenv().getOrDefault("PATH", "").split(":")).map(Path::of);
    var usual = directories.flatMap(directory -> NAMES.stream().map(directory::resolve));
    return Stream.concat(named, usual).filter(Files::isExecutable).findFirst();
  }

  static Chromium start(Path executable) {
    try {
      var profile = Files.createTempDirectory("chromium-profile-");
      var process =
          new ProcessBuilder(
                  executable.toString(),
                  "--headless=new",
                  "--no-sandbox",
                  "--disable-gpu",
                  "--disable-quic",
                  "--disable-dev-shm-usage",
                  "--no-first-run",
                  "--disable-background-networking",
                  "--disable-component-update",
                  "--disable-sync",
                  "--remote-debugging-port=0",
                  "--user-data-dir=" + profile,
                  "about:blank")
              .redirectErrorStream(true)
              .start();
      return new Chromium(process, profile, new DevTools(endpoint(process)));
    } catch (IOException e) {
      throw new UncheckedIOException("Chromium did not start", e);
    }
  }

  private static URI endpoint(Process process) throws IOException {
    var output = process.inputReader(StandardCharsets.UTF_8);
    var said = new StringBuilder();
    for (var line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith(LISTENING)) {
        Thread.ofVirtual().start(() -> drain(output));
        return URI.create(line.substring(LISTENING.length()));
      }
      said.append(line).append('\n');
    }
    throw new IOException("Chromium ended before it listened:\n" + said);
  }

  /** A process whose output nobody reads stops when the pipe is full. */
  private static void drain(BufferedReader output) {
    try (output) {
      output.transferTo(java.io.Writer.nullWriter());
    } catch (IOException e) {
      // The pipe ends with the process.
    }
  }

  DevTools devTools() {
    return devTools;
  }

  @Override
  public void close() throws IOException, InterruptedException {
    devTools.close();
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
    if (!process.waitFor(5, TimeUnit.SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
    try (var files = Files.walk(profile)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (UncheckedIOException | java.nio.file.DirectoryNotEmptyException e) {
      // A dying child still wrote; the profile is in the temporary directory.
      System.getLogger(Chromium.class.getName())
          .log(System.Logger.Level.DEBUG, "the profile " + profile + " stays", e);
    }
  }
}
