package dev.penstock.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code AUTHENTICATION=keys ./penstock} on a laptop, and a key for it from the next terminal. */
class LocalKeysIT {
  private static final Pattern KEY = Pattern.compile("psk_\\S+");

  @TempDir Path data;

  @Test
  void answersWhoeverHasAKeyAndNobodyElse() throws Exception {
    try (var penstock =
        PenstockProcess.start(
            Map.of("AUTHENTICATION", "keys"), "--port", "0", "--data", data.toString())) {
      var url = penstock.url();
      var key = made("ci");

      assertThat(status(url.resolve("/v1/sessions"), "none")).isEqualTo(401);
      assertThat(status(url.resolve("/v1/sessions"), key)).isEqualTo(200);
      assertThat(status(url.resolve("/k/" + key + "/api/tags"), null)).isEqualTo(200);
      assertThat(status(url.resolve("/v1beta/models?key=" + key), null)).isEqualTo(200);
      assertThat(status(url, null)).isEqualTo(200);

      var limited = made("limited", "--rpm", "2");

      assertThat(asks(url, limited)).isEqualTo(200);
      assertThat(asks(url, limited)).isEqualTo(200);
      assertThat(asks(url, limited)).isEqualTo(429);
      assertThat(asks(url, key)).isEqualTo(200);
      assertThat(penstock.said())
          .noneMatch(line -> line.contains(key))
          .noneMatch(line -> line.contains(limited));
    }
  }

  private String made(String name, String... more) throws Exception {
    var words =
        Stream.of(
            List.of("keys", "create", "--tenant", "acme", "--name", name),
            List.of("--data", data.toString()),
            List.of(more));
    try (var command = PenstockProcess.start(words.flatMap(List::stream).toArray(String[]::new))) {
      assertThat(command.exitCode(Duration.ofSeconds(20))).isZero();
      var found = KEY.matcher(String.join("\n", command.said()));
      assertThat(found.find()).isTrue();
      return found.group();
    }
  }

  private static int asks(URI url, String key) throws IOException, InterruptedException {
    var body =
        """
        {"model":"gemma3:270m","messages":[{"role":"user","content":"[tokens=3] Hello"}]}""";
    return status(
        HttpRequest.newBuilder(url.resolve("/v1/chat/completions"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)),
        key);
  }

  private static int status(URI uri, @Nullable String key)
      throws IOException, InterruptedException {
    return status(HttpRequest.newBuilder(uri), key);
  }

  private static int status(HttpRequest.Builder request, @Nullable String key)
      throws IOException, InterruptedException {
    request.timeout(Duration.ofSeconds(20));
    if (key != null) {
      request.header("Authorization", "Bearer " + key);
    }
    try (var client = HttpClient.newHttpClient()) {
      return client.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
    }
  }
}
