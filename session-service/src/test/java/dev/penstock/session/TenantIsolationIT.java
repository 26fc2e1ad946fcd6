package dev.penstock.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.session.Accept;
import dev.penstock.contracts.session.Session;
import dev.penstock.contracts.wire.Wire;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A tenant, and a person inside it, sees nothing of another: first line and second line. */
class TenantIsolationIT {
  private static final List<String> TABLES =
      List.of(
          "session",
          "turn",
          "message",
          "request_key",
          "app_state",
          "user_state",
          "session_event",
          "token_log",
          "key_use");

  /** What the foreground role may not delete, whosever it is. */
  private static final List<String> READ_ONLY = List.of("token_log", "key_use");

  private static TestDatabase database;
  private static SessionServiceDriver service;
  private static UUID session;
  private static UUID turn;
  private static UUID message;

  @BeforeAll
  static void start() {
    database = TestDatabase.create();
    service = SessionServiceDriver.start(database);
    session = service.createSession().id();
    var asked = service.ask(session, "Secret");
    turn = asked.id();
    message = Objects.requireNonNull(asked.input().messageId());
    service.flush(Answers.deltas(turn, 1, 1, "Also secret"));
    database.run("INSERT INTO app_state VALUES ('default', 'a', 'k', '1')");
    database.run("INSERT INTO user_state VALUES ('default', 'a', 'p', 'k', '1')");
    database.run("INSERT INTO key_use VALUES ('default', '2026-11-21', 'k', 1, 2, 3, 4, 5)");
    database.run(
        "INSERT INTO session_event (id, tenant_id, session_id, ordinal, event) VALUES"
            + " (uuid7_now(), 'default', '"
            + session
            + "', 99, '{}')");
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void aForeignIdIsNotFoundOnEveryRouteWithTheSameAnswer() {
    for (var headers :
        List.of(
            Map.of("Penstock-Tenant", "stranger"),
            Map.of("Penstock-Tenant", "default", "Penstock-User", "eve"))) {
      for (var call :
          List.of(
              List.of("GET", "/sessions/" + session),
              List.of("PATCH", "/sessions/" + session),
              List.of("DELETE", "/sessions/" + session),
              List.of("GET", "/sessions/" + session + "/messages"),
              List.of("GET", "/sessions/" + session + "/turns"),
              List.of("GET", "/sessions/" + session + "/export"),
              List.of("PUT", "/sessions/" + session + "/metadata"),
              List.of("GET", "/sessions/" + session + "/items"),
              List.of("POST", "/sessions/" + session + "/items"),
              List.of("DELETE", "/sessions/" + session + "/items?message=" + message),
              List.of("GET", "/messages/" + message),
              List.of("GET", "/turns/" + turn + "/inputs"),
              List.of("DELETE", "/turns/" + turn),
              List.of("GET", "/turns/" + turn),
              List.of("POST", "/turns/" + turn + "/cancel"))) {
        var body = body(call.getFirst(), call.getLast());
        var foreign = service.send(call.getFirst(), call.getLast(), headers, body);
        var unknown =
            service.send(
                call.getFirst(),
                call.getLast().replaceFirst("[0-9a-f-]{36}", UUID.randomUUID().toString()),
                headers,
                body);

        assertThat(foreign.status()).as("%s", call).isEqualTo(404);
        assertThat(withoutRequestId(foreign)).isEqualTo(withoutRequestId(unknown));
      }
      var listed = service.send("GET", "/sessions", headers, null);
      assertThat(listed.as(Session.Page.class).data()).isEmpty();
      for (var accept :
          List.of(
              Accepts.question(session, "Intrude"),
              Accepts.on(Accept.Basis.REGENERATE, turn),
              Accepts.on(Accept.Basis.CONTINUE, turn))) {
        var refused = service.send("POST", "/turns", headers, Wire.text(accept));
        assertThat(SessionServiceDriver.codeOf(refused.as(Accept.Result.class)))
            .isEqualTo(FailureCode.NOT_FOUND);
      }
    }
    assertThat(service.turn(turn).cancelRequested()).isFalse();
  }

  @Test
  void keysOfOneTenantMeanNothingToAnother() {
    var create =
        new Session.Create(
            null, null, null, null, null, GenerationOptions.NONE, Map.of(), "shared-key", "hash");
    var ours = service.send("POST", "/sessions", create);
    var theirs =
        service.send("POST", "/sessions", Map.of("Penstock-Tenant", "stranger"), Wire.text(create));
    var persons =
        service.send(
            "POST",
            "/sessions",
            Map.of("Penstock-Tenant", "default", "Penstock-User", "eve"),
            Wire.text(create));

    assertThat(ours.status()).isEqualTo(201);
    assertThat(theirs.status()).isEqualTo(201);
    assertThat(persons.code()).isEqualTo("idempotency_key_reused");
  }

  /** Headers carry visible ASCII; people have other names too. */
  @Test
  void aPersonOfAnyNameSeesTheirOwn() {
    var create =
        new Session.Create(
            null, "Zoë+ 100%", null, null, null, GenerationOptions.NONE, Map.of(), "zoe", "hash");
    var hers = service.send("POST", "/sessions", create).as(Session.Created.class).session();
    var headers = Map.of("Penstock-Tenant", "default", "Penstock-User", "Zo%C3%AB+%20100%25");

    var listed = service.send("GET", "/sessions", headers, null).as(Session.Page.class).data();

    assertThat(listed).extracting(Session::id).containsExactly(hers.id());
    assertThat(
            service
                .send(
                    "GET",
                    "/sessions",
                    Map.of("Penstock-Tenant", "default", "Penstock-User", "%Z"),
                    null)
                .code())
        .isEqualTo("invalid_request");
  }

  @Test
  void aRequestWithoutTenantIsRefused() {
    assertThat(service.send("GET", "/turns/" + turn, Map.of(), null).code())
        .isEqualTo("invalid_request");
  }

  /** The second line: no predicate at all, and still no foreign row. */
  @Test
  void rowLevelSecurityHoldsWhatAQueryForgets() throws SQLException {
    try (var connection = database.connect();
        var statement = connection.createStatement()) {
      statement.execute("SET ROLE penstock_foreground");
      for (var tenant : List.of("", "SET app.tenant = 'stranger'")) {
        if (!tenant.isEmpty()) {
          statement.execute(tenant);
        }
        for (var table : TABLES) {
          try (var rows = statement.executeQuery("SELECT count(*) FROM " + table)) {
            rows.next();
            assertThat(rows.getInt(1)).as(table + " " + tenant).isZero();
          }
          if (!READ_ONLY.contains(table)) {
            assertThat(statement.executeUpdate("DELETE FROM " + table)).as(table).isZero();
          }
        }
      }
      statement.execute("SET app.tenant = 'default'");
      for (var table : TABLES) {
        try (var rows = statement.executeQuery("SELECT count(*) FROM " + table)) {
          rows.next();
          assertThat(rows.getInt(1)).as(table).isPositive();
        }
      }
    }
  }

  /** Neither role owns a table with tenant rows, nor can it leave its policy. */
  @Test
  void rolesCannotPassRowLevelSecurity() {
    assertThat(
            database.column(
                "SELECT rolname FROM pg_roles WHERE rolname LIKE 'penstock%' AND (rolsuper OR"
                    + " rolbypassrls OR rolcanlogin)"))
        .isEmpty();
    assertThat(
            database.column(
                "SELECT relname FROM pg_class WHERE relnamespace = 'penstock'::regnamespace AND"
                    + " relkind = 'r' AND relowner::regrole::text LIKE 'penstock%' AND relname NOT"
                    + " LIKE 'token_log%'"))
        .isEmpty();
  }

  private static @Nullable String body(String method, String path) {
    return switch (method) {
      case "PATCH" -> "{\"title\":\"mine\"}";
      case "PUT" -> "{\"mine\":\"yes\"}";
      case "POST" ->
          path.endsWith("/items")
              ? "{\"client_key\":\"k\",\"request_hash\":\"h\",\"messages\":"
                  + "[{\"said\":{\"role\":\"user\",\"text\":\"mine\"}}]}"
              : null;
      default -> null;
    };
  }

  private static String withoutRequestId(SessionServiceDriver.Answer answer) {
    return answer.response().body().replaceFirst("\"request_id\":\"[^\"]*\"", "");
  }
}
