import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Trains the JVM's AOT cache (JEP 483, 515): runs everything as the launcher does, talks to it for
 * a few seconds, and stops it; the JVM then writes what it loaded and how often it ran.
 *
 * <p>Run at the end of the build: {@code Train.java LAUNCHER APP}; APP is the folder of what the
 * launcher starts. Without a cache Penstock starts more slowly and is otherwise the same, so a
 * machine that cannot train is told so and the build goes on.
 */
class Train {
  private static final Duration TALK = Duration.ofSeconds(5);
  private static final int READERS = 4;
  private static final long LIMIT_SECONDS = 120;
  private static final Pattern READY = Pattern.compile("http://localhost:\\d+$");
  private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]+)\"");

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI url;

  private Train(URI url) {
    this.url = url;
  }

  static void main(String[] args) throws IOException, InterruptedException {
    var app = Path.of(args[1]);
    var cache = app.resolve("penstock.aot");
    var log = app.resolveSibling("train.log");
    try {
      train(Path.of(args[0]), app, cache, log);
    } catch (ExecutionException | TimeoutException e) {
      Files.deleteIfExists(cache);
      System.out.println("no start-up cache, so starts take longer; " + log + " tells why: " + e);
    }
  }

  private static void train(Path launcher, Path app, Path cache, Path log)
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    Files.deleteIfExists(cache);
    var data = Files.createTempDirectory(app.getParent(), "train");
    var builder =
        new ProcessBuilder(launcher.toString(), "--port", "0", "--data", data.toString())
            .redirectErrorStream(true);
    builder.environment().put("PENSTOCK_TRAINING", "true");
    // Whatever Ollama this machine has need not work for us.
    builder.environment().put("OLLAMA_URL", "http://127.0.0.1:9");
    var process = builder.start();
    var ready = new CompletableFuture<URI>();
    var listener = Thread.ofVirtual().start(() -> listen(process, log, ready));
    try {
      talk(ready.get(LIMIT_SECONDS, TimeUnit.SECONDS));
      process.toHandle().destroy(); // the process's own destroy would close the pipe it talks into
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || !Files.exists(cache)) {
        throw new TimeoutException("nothing was written");
      }
    } finally {
      process.destroyForcibly().waitFor();
      listener.join();
      delete(data);
    }
  }

  private static void listen(Process process, Path log, CompletableFuture<URI> ready) {
    try (var lines = process.inputReader();
        var out = Files.newBufferedWriter(log)) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        out.write(line + "\n");
        var match = READY.matcher(line);
        if (match.find()) {
          ready.complete(URI.create(match.group()));
        }
      }
      ready.completeExceptionally(new IOException("it did not start"));
    } catch (IOException e) {
      ready.completeExceptionally(e);
    }
  }

  /** Has a few conversations with the gateway at {@code url}, for a few seconds. */
  static void talk(URI url) throws InterruptedException, ExecutionException {
    new Train(url).talk();
  }

  private void talk() throws InterruptedException, ExecutionException {
    var end = System.nanoTime() + TALK.toNanos();
    try (var readers = Executors.newVirtualThreadPerTaskExecutor()) {
      var talks =
          Stream.<Callable<Void>>generate(
                  () ->
                      () -> {
                        while (System.nanoTime() < end) {
                          converse();
                        }
                        return null;
                      })
              .limit(READERS)
              .toList();
      for (var talk : readers.invokeAll(talks)) {
        talk.get();
      }
    }
  }

  private void converse() throws IOException, InterruptedException {
    get("/");
    get("/v1/models");
    var session = ID.matcher(post("/v1/sessions", "application/json", "{}"));
    if (session.find()) {
      var turns = "/v1/sessions/" + session.group(1) + "/turns";
      var question =
          """
          {"input": {"text": "Which animals live here?"}, "options": {"max_tokens": 8}}
          """;
      post(turns, "text/event-stream", question);
      post(turns, "application/json", question);
      get("/v1/sessions/" + session.group(1) + "/messages");
      get("/v1/sessions");
    }
    otherDialects();
  }

  /** Answers of a few words, streamed and whole. */
  private void otherDialects() throws IOException, InterruptedException {
    post(
        "/v1/chat/completions",
        "text/event-stream",
        """
        {"model": "gemma3:270m", "stream": true,
         "messages": [{"role": "user", "content": "[tokens=8] Which animals live here?"}]}
        """);
    post(
        "/v1/responses",
        "application/json",
        """
        {"model": "gemma3:270m", "input": "[tokens=8] Which animals live here?"}
        """);
    post(
        "/v1beta/models/gemma3:270m:streamGenerateContent?alt=sse",
        "text/event-stream",
        """
        {"contents": [{"role": "user", "parts": [{"text": "[tokens=8] Which animals live here?"}]}]}
        """);
    post(
        "/api/chat",
        "application/x-ndjson",
        """
        {"model": "gemma3:270m",
         "messages": [{"role": "user", "content": "[tokens=8] Which animals live here?"}]}
        """);
    var user = UUID.randomUUID();
    post("/apps/production_agent/users/" + user + "/sessions/s", "application/json", "{}");
    for (var route : new String[] {"/run", "/run_sse"}) {
      post(
          route,
          "*/*",
          """
          {"app_name": "production_agent", "user_id": "%s", "session_id": "s", "streaming": true,
           "new_message": {"role": "user", "parts": [{"text": "[tokens=8] Which animals live here?"}]}}
          """
              .formatted(user));
    }
  }

  private void get(String path) throws IOException, InterruptedException {
    client.send(HttpRequest.newBuilder(url.resolve(path)).build(), BodyHandlers.discarding());
  }

  private String post(String path, String accept, String body)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(url.resolve(path))
            .header("Content-Type", "application/json")
            .header("Accept", accept)
            .POST(BodyPublishers.ofString(body));
    var answer = client.send(request.build(), BodyHandlers.ofString());
    if (answer.statusCode() / 100 == 4 && answer.statusCode() != 429) {
      throw new IOException(path + " answers " + answer.statusCode() + ": " + answer.body());
    }
    return answer.body();
  }

  static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
