package dev.penstock.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.penstock.contracts.access.Pepper;
import dev.penstock.local.endtoend.ForeignIds.Ask;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every described route and every kind of id, asked by another tenant and by another person of the
 * same tenant: the answer is that to an id nobody has, word for word, and nothing changes. Routes
 * come from the OpenAPI document, so a new one is in by itself; one with a parameter that {@link
 * ForeignIds} does not know fails.
 */
class IsolationIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final String SECRET = "mkTheirsQ5";
  private static final String KEY = "a-key-of-theirs";
  private static final String TITLED = "{\"title\":\"Tea\"}";

  /** Somebody with a key, and the gateway they ask. */
  private record Asker(String tenant, String person, int gateway, String key) {}

  /** The last kind of id is the caller's choice: others may choose it too. */
  private static final int MADE_BY_US = 5;

  private static final String PEPPER_TEXT = "a pepper that is long enough for a test";
  private static final Pepper PEPPER = new Pepper(PEPPER_TEXT);

  /**
   * Routes that answer every id alike, and not with 404: what is made under an id of the caller's
   * own choice or is gone as it should, and what ADK's web page asks for and nobody keeps here.
   */
  private static final Set<String> NEVER_UNKNOWN =
      Set.of(
          "POST /apps/{app}/users/{user}/sessions/{session}",
          "DELETE /apps/{app}/users/{user}/sessions/{session}",
          "GET /apps/{app}/users/{user}/sessions/{session}/artifacts",
          "POST /apps/{app}/users/{user}/sessions/{session}/artifacts",
          "DELETE /apps/{app}/users/{user}/sessions/{session}/artifacts/{name}",
          "GET /dev/apps/{app}/debug/trace/session/{session}",
          "GET /debug/trace/session/{session}");

  private static Asker owner;
  private static List<Asker> strangers;
  private static Cluster cluster;
  private static ForeignIds theirs;

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException {
    var keys = new StringBuilder("keys:\n");
    owner = asker("acme", ForeignIds.PERSON, 0, keys);
    // What a gateway holds of theirs in memory is as far away as what only the store holds.
    strangers =
        List.of(
            asker("beta", ForeignIds.PERSON, 0, keys),
            asker("acme", "eve", 0, keys),
            asker("beta", ForeignIds.PERSON, 1, keys),
            asker("acme", "eve", 1, keys));
    var file = Files.writeString(folder.resolve("keys.yaml"), keys);
    cluster =
        Cluster.start(
            new Cluster.Shape(
                2,
                1,
                1,
                Map.of("GEMMA_MODEL_NAME", "gemma3:270m"),
                Map.of(
                    "AUTHENTICATION",
                    "keys",
                    "PENSTOCK_KEY_PEPPER",
                    PEPPER_TEXT,
                    "PENSTOCK_CONFIG",
                    file.toString()),
                Map.of(),
                UnaryOperator.identity()));
    theirs = new Ownership().create();
  }

  private static Asker asker(String tenant, String person, int gateway, StringBuilder file) {
    var key = PEPPER.make(new SecureRandom());
    file.append(
        """
          - {id: "%s", tenant: %s, name: "%s-%d", user: %s, hash: "%s", scopes: [chat, sessions, admin]}
        """
            .formatted(key.id(), tenant, person, gateway, person, PEPPER.hash(key)));
    return new Asker(tenant, person, gateway, key.text());
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void everyRouteWithAnIdAnswersAStrangerAsIfItWereUnknown() throws IOException {
    var before = everythingOfTheirs();
    var differing = new ArrayList<String>();
    var answered = new TreeSet<String>();
    var routes = 0;
    for (var route : routes()) {
      var foreign = theirs.of(route.getKey(), route.getValue());
      var unknown = theirs.ofNobody().of(route.getKey(), route.getValue());
      if (foreign.isPresent()) {
        routes++;
        for (var caller : strangers) {
          differing.addAll(compare(caller, foreign.get(), unknown.orElseThrow()));
          if (send(caller, foreign.get()).statusCode() != 404) {
            answered.add(route.getKey() + " " + route.getValue());
          }
        }
      }
    }

    assertThat(differing).isEmpty();
    assertThat(routes).isGreaterThan(30);
    assertThat(answered).isEqualTo(NEVER_UNKNOWN);
    assertThat(everythingOfTheirs()).isEqualTo(before);
  }

  @Test
  void idsInBodiesQueriesAndHeadersAreUnknownToo() {
    var before = everythingOfTheirs();
    var differing = new ArrayList<String>();
    for (var caller : strangers) {
      var own = created(caller, "/v1/sessions", "{}");
      var foreign = theirs.elsewhere(own);
      var unknown = theirs.ofNobody().elsewhere(own);
      for (var i = 0; i < foreign.size(); i++) {
        differing.addAll(compare(caller, foreign.get(i), unknown.get(i)));
      }
    }

    assertThat(differing).isEmpty();
    assertThat(everythingOfTheirs()).isEqualTo(before);
  }

  @Test
  void listsAndCursorsShowNothingOfTheirs() {
    var cursor = json(owner, "/v1/sessions?limit=1").get("next_cursor").asText();
    for (var caller : strangers) {
      var own = created(caller, "/v1/conversations", "{}");
      for (var path :
          List.of(
              "/v1/sessions",
              "/v1/sessions?user=" + ForeignIds.PERSON,
              "/v1/sessions?after=" + cursor,
              "/apps/production_agent/users/" + ForeignIds.PERSON + "/sessions",
              "/v1/conversations/" + own + "/items?after=" + theirs.item())) {
        var told = send(caller, new Ask("GET", path, null)).body();

        assertThat(told).as(path).doesNotContain(SECRET);
        assertThat(theirs.all().subList(0, MADE_BY_US))
            .noneMatch(id -> !path.contains(id) && told.contains(id));
      }
    }
  }

  /** T-5: a key is the tenant's; another person's use of it is told apart by nothing of hers. */
  @Test
  void anIdempotencyKeyOfTheirsReplaysNothing() {
    var elsewhere =
        send(
            strangers.getFirst(),
            new Ask("POST", "/v1/sessions", TITLED, Map.of("Idempotency-Key", KEY)));
    var person =
        send(
            strangers.get(1),
            new Ask("POST", "/v1/sessions", TITLED, Map.of("Idempotency-Key", KEY)));

    assertThat(elsewhere.statusCode()).isEqualTo(201);
    assertThat(elsewhere.headers().firstValue("Idempotency-Replayed")).isEmpty();
    assertThat(person.statusCode()).isEqualTo(422);
    assertThat(person.body()).doesNotContain(SECRET);
    assertThat(theirs.all()).noneMatch(person.body()::contains);
  }

  private static List<String> compare(Asker caller, Ask foreign, Ask unknown) {
    var told = said(send(caller, foreign), theirs.all());
    var expected = said(send(caller, unknown), theirs.ofNobody().all());
    if (told.equals(expected) && !told.contains(SECRET)) {
      return List.of();
    }
    return List.of(
        caller.tenant()
            + "/"
            + caller.person()
            + " at "
            + caller.gateway()
            + ": "
            + foreign.method()
            + " "
            + foreign.path()
            + " "
            + foreign.body()
            + "\n  "
            + told
            + "\n  instead of\n  "
            + expected);
  }

  private static String said(HttpResponse<String> answer, List<String> ids) {
    var text = answer.statusCode() + " " + answer.body();
    for (var id : ids) {
      text = text.replace(id, "{id}");
    }
    return text.replaceAll("req(uest)?_[0-9a-f-]{32,}|\"request_id\":\"[^\"]*\"", "{request}")
        .replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "{made}")
        .replaceAll("[0-9]{10}\\.[0-9]+", "{time}");
  }

  private static String everythingOfTheirs() {
    var everything = new StringBuilder();
    for (var path :
        List.of(
            "/v1/sessions/" + theirs.session() + "/export",
            "/v1/turns/" + theirs.turn(),
            "/v1/responses/" + theirs.response(),
            "/v1/conversations/" + theirs.conversation(),
            "/v1/conversations/" + theirs.conversation() + "/items",
            "/apps/production_agent/users/" + ForeignIds.PERSON + "/sessions/" + theirs.agent())) {
      var answer = send(owner, new Ask("GET", path, null));
      assertThat(answer.statusCode()).as(path).isEqualTo(200);
      everything.append(answer.body()).append('\n');
    }
    assertThat(everything.toString()).contains(SECRET);
    return everything.toString();
  }

  private static List<Map.Entry<String, String>> routes() throws IOException {
    var routes = new ArrayList<Map.Entry<String, String>>();
    var paths = json(owner, "/openapi.json").get("paths");
    for (var path : paths.properties()) {
      for (var member : path.getValue().properties()) {
        var method = member.getKey().toUpperCase(Locale.ROOT);
        if (List.of("GET", "POST", "PUT", "PATCH", "DELETE").contains(method)) {
          routes.add(Map.entry(method, path.getKey()));
        }
      }
    }
    // What a caller makes under such an id is its own, so that comes last.
    routes.sort(Comparator.comparing(IsolationIT::makes));
    return routes;
  }

  private static boolean makes(Map.Entry<String, String> route) {
    return route.getKey().equals("POST") && route.getValue().endsWith("/sessions/{session}");
  }

  /** One of everything, made by the owner. */
  private static final class Ownership {
    ForeignIds create() {
      var session =
          id(send(owner, new Ask("POST", "/v1/sessions", TITLED, Map.of("Idempotency-Key", KEY))));
      var turn =
          created(
              owner,
              "/v1/sessions/" + session + "/turns",
              "{\"input\":{\"text\":\"[say]" + SECRET + "\"}}");
      var conversation =
          created(
              owner,
              "/v1/conversations",
              "{\"items\":[{\"type\":\"message\",\"role\":\"user\",\"content\":\""
                  + SECRET
                  + "\"}]}");
      var item =
          json(owner, "/v1/conversations/" + conversation + "/items").at("/data/0/id").asText();
      var response =
          created(
              owner,
              "/v1/responses",
              "{\"model\":\"gemma3:270m\",\"input\":\"[say]" + SECRET + "\"}");
      var agent =
          created(
              owner,
              "/apps/production_agent/users/" + ForeignIds.PERSON + "/sessions/theirs-0000000001",
              "{\"note\":\"" + SECRET + "\"}");
      return new ForeignIds(session, turn, response, conversation, item, agent);
    }
  }

  private static String created(Asker caller, String path, String body) {
    return id(send(caller, new Ask("POST", path, body)));
  }

  private static String id(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 201);
    return read(answer.body()).get("id").asText();
  }

  private static JsonNode json(Asker caller, String path) {
    return read(send(caller, new Ask("GET", path, null)).body());
  }

  private static JsonNode read(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new IllegalStateException(text, e);
    }
  }

  private static HttpResponse<String> send(Asker caller, Ask ask) {
    var request =
        HttpRequest.newBuilder(cluster.gateway(caller.gateway()).resolve(ask.path()))
            .timeout(LIMIT)
            .header("Authorization", "Bearer " + caller.key())
            .method(
                ask.method(),
                ask.body() == null ? BodyPublishers.noBody() : BodyPublishers.ofString(ask.body()));
    if (ask.body() != null) {
      request.header("Content-Type", "application/json");
    }
    ask.headers().forEach(request::header);
    try {
      return HTTP.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IllegalStateException(ask.method() + " " + ask.path(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
