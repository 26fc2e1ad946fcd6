import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** What the Java client programs have in common. */
final class Behaviours {
  private static final String REFEREE = System.getenv("REFEREE_URL");
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private Behaviours() {}

  /** A behaviour of the client; answers with a remark, which may be empty. */
  interface Behaviour {
    String of(Case given) throws Exception;
  }

  /** A behaviour without a remark. */
  interface Plain {
    void of(Case given) throws Exception;
  }

  /** What a client is told; see runner/behaviours.py. */
  record Case(JsonNode json) {
    String text(String name) {
      return json.get(name).asText();
    }

    boolean has(String name) {
      return json.hasNonNull(name);
    }

    List<String> texts(String name) {
      var texts = new ArrayList<String>();
      json.path(name).forEach(text -> texts.add(text.asText()));
      return texts;
    }

    String prompt() {
      return texts("prompts").getFirst();
    }

    String expected() {
      return texts("expected").getFirst();
    }

    long usage(String of) {
      return json.path("usage").path(of).asLong();
    }

    Duration timeout() {
      return Duration.ofMillis(json.path("timeout_ms").asLong());
    }
  }

  static Behaviour plain(Plain behaviour) {
    return given -> {
      behaviour.of(given);
      return "";
    };
  }

  /** Runs what the referee asks for. */
  static void run(Map<String, Behaviour> behaviours, Map<String, String> absent) throws Exception {
    for (var name : get("/behaviours")) {
      judge(name.asText(), behaviours.get(name.asText()), absent.get(name.asText()));
    }
    System.exit(0); // The libraries' own threads would keep the process for a minute.
  }

  private static void judge(String name, Behaviour behaviour, String absent) throws IOException {
    if (absent != null) {
      say(name, "n/a", absent);
    } else if (behaviour == null) {
      say(name, "fail", "the client program does not have it");
    } else {
      try {
        say(name, "ok", behaviour.of(new Case(get("/cases/" + name))));
      } catch (Exception | AssertionError e) {
        e.printStackTrace();
        say(name, "fail", e.toString());
      }
    }
  }

  private static void say(String name, String status, String detail) throws IOException {
    System.out.println(
        MAPPER.writeValueAsString(Map.of("behaviour", name, "status", status, "detail", detail)));
  }

  private static JsonNode get(String path) throws IOException, InterruptedException {
    var answer =
        HTTP.send(
            HttpRequest.newBuilder(URI.create(REFEREE + path)).build(), BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException("the referee: " + answer.body());
    }
    return MAPPER.readTree(answer.body());
  }

  static JsonNode json(String text) throws IOException {
    return MAPPER.readTree(text);
  }

  static void same(String what, Object seen, Object expected) {
    if (!Objects.equals(seen, expected)) {
      throw new AssertionError(what + " is " + clip(seen) + ", not " + clip(expected));
    }
  }

  private static String clip(Object value) {
    var text = String.valueOf(value);
    return text.length() <= 160
        ? text
        : text.substring(0, 100) + "… (" + text.length() + " characters)";
  }

  static void near(List<? extends Number> seen, JsonNode expected) {
    same("numbers", seen.size(), expected.size());
    for (var i = 0; i < seen.size(); i++) {
      if (Math.abs(seen.get(i).doubleValue() - expected.get(i).asDouble()) > 1e-6) {
        throw new AssertionError("other numbers than the model server's");
      }
    }
  }

  /** The exception of that kind which the action throws. */
  static <T extends Exception> T thrown(Class<T> kind, Callable<?> action) throws Exception {
    Object result;
    try {
      result = action.call();
    } catch (Exception e) {
      if (kind.isInstance(e)) {
        return kind.cast(e);
      }
      throw e;
    }
    throw new AssertionError("nothing was thrown; the result is " + clip(result));
  }

  /** A stream that yields a beginning of the answer and then throws, and never ends well. */
  static String breaks(Case given, Stream<String> pieces) throws Exception {
    var text = new StringBuilder();
    var error =
        thrown(
            Exception.class,
            () -> {
              pieces.forEach(text::append);
              return text;
            });
    if (text.isEmpty() || !given.expected().startsWith(text.toString())) {
      throw new AssertionError("before it broke came " + clip(text), error);
    }
    return error.getClass().getSimpleName();
  }

  /** Reads until the beginning has come. */
  static void begins(Case given, Stream<String> pieces) {
    var begins = given.text("begins");
    var text = new StringBuilder();
    var each = pieces.iterator();
    while (text.length() < begins.length()) {
      text.append(each.next());
    }
    same("beginning", text.substring(0, begins.length()), begins);
  }
}
