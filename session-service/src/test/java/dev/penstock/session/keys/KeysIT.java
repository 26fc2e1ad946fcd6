package dev.penstock.session.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.penstock.contracts.access.Limits;
import dev.penstock.contracts.access.Scope;
import dev.penstock.contracts.access.StoredKey;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.session.Accept;
import dev.penstock.contracts.session.Session;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.session.Accepts;
import dev.penstock.session.SessionServiceDriver;
import dev.penstock.session.TestDatabase;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Keys as gateways look them up. */
class KeysIT {
  private static final String HASH = "0123456789abcdef".repeat(4);

  private static TestDatabase database;
  private static SessionServiceDriver service;

  @BeforeAll
  static void start() {
    database = TestDatabase.create();
    service = SessionServiceDriver.start(database);
    insert("aaaaaaaaaaaa", "acme", "null");
    insert("bbbbbbbbbbbb", "other", "clock_timestamp()");
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  /** Before its tenant is known, so without one. */
  @Test
  void findsAKeyByItsIdWhoseverItIs() {
    var ours = service.send("GET", "/keys/aaaaaaaaaaaa", Map.of(), null);
    var theirs = service.send("GET", "/keys/bbbbbbbbbbbb", Map.of(), null);

    assertThat(ours.as(StoredKey.class))
        .isEqualTo(
            new StoredKey(
                "aaaaaaaaaaaa",
                "acme",
                "name of aaaaaaaaaaaa",
                "ann",
                Set.of(Scope.CHAT, Scope.SESSIONS),
                List.of("gemma3:4b"),
                new Limits(60, null, 2, null, null),
                HASH,
                Instant.parse("2126-11-21T10:00:00Z"),
                null));
    assertThat(theirs.as(StoredKey.class).revokedAt()).isNotNull();
    assertThat(service.send("GET", "/keys/cccccccccccc", Map.of(), null).status()).isEqualTo(404);
  }

  @Test
  void notesTheUseOfAKeyInForceOnceAMinute() {
    insert("dddddddddddd", "acme", "null");
    service.send("GET", "/keys/dddddddddddd", Map.of(), null);
    var first = lastUsed("dddddddddddd");
    service.send("GET", "/keys/dddddddddddd", Map.of(), null);
    assertThat(lastUsed("dddddddddddd")).isEqualTo(first).isNotNull();
    database.run("UPDATE api_key SET last_used_at = last_used_at - interval '61 seconds'");
    service.send("GET", "/keys/dddddddddddd", Map.of(), null);
    service.send("GET", "/keys/bbbbbbbbbbbb", Map.of(), null);

    assertThat(lastUsed("dddddddddddd")).isGreaterThanOrEqualTo(first);
    assertThat(lastUsed("bbbbbbbbbbbb")).isNull();
  }

  /** The second line: what a person waits for sees its own tenant's keys, and changes none. */
  @Test
  void showsTheForegroundRoleItsOwnTenantsKeysOnly() throws SQLException {
    try (var connection = database.connect();
        var statement = connection.createStatement()) {
      statement.execute("SET ROLE penstock_foreground");
      for (var tenant : Map.of("stranger", 0, "other", 1).entrySet()) {
        statement.execute("SET app.tenant = '" + tenant.getKey() + "'");
        try (var rows = statement.executeQuery("SELECT count(*) FROM api_key")) {
          rows.next();
          assertThat(rows.getInt(1)).as(tenant.getKey()).isEqualTo(tenant.getValue());
        }
      }
      assertThat(catchThrowable(() -> statement.execute("UPDATE api_key SET revoked_at = NULL")))
          .hasMessageContaining("permission denied");
    }
  }

  /** A turn that is adopted goes on for its own tenant and person. */
  @Test
  void tellsAnOwnerWhoseATurnIs() {
    var headers = Map.of("Penstock-Tenant", "acme", "Penstock-User", "ann");
    var create =
        new Session.Create(
            null, "ann", null, null, null, GenerationOptions.NONE, Map.of(), "a-key", "hash");
    var session =
        service
            .send("POST", "/sessions", headers, Wire.text(create))
            .as(Session.Created.class)
            .session();
    var accepted =
        service.send("POST", "/turns", headers, Wire.text(Accepts.question(session.id(), "Hi")));
    var path = "/turns/%s/assignment?instance=" + Accepts.GATEWAY;
    var turn = accepted.as(Accept.Result.class);
    var begun = ((Accept.Result.Accepted) turn).assignment();

    var again =
        service
            .send("GET", path.formatted(begun.turn().id()), Map.of(), null)
            .as(Accept.Assignment.class);

    assertThat(begun).returns("acme", each -> each.tenant()).returns("ann", each -> each.person());
    assertThat(again).returns("acme", each -> each.tenant()).returns("ann", each -> each.person());
  }

  /** As of a model that nobody serves, and nothing is stored. */
  @Test
  void refusesATurnThatAModelWouldAnswerThatItsCallerMayNotAsk() {
    var session = service.createSession();
    var allowed = Accepts.question(session.id(), "Hi").answeredBy(Set.of("another"));

    var refused =
        service.send("POST", "/turns", Map.of("Penstock-Tenant", "default"), Wire.text(allowed));

    assertThat(SessionServiceDriver.codeOf(refused.as(Accept.Result.class)).wire())
        .isEqualTo("model_not_found");
    assertThat(database.column("SELECT id FROM turn WHERE session_id = '" + session.id() + "'"))
        .isEmpty();
  }

  private static String lastUsed(String id) {
    return database.column("SELECT last_used_at FROM api_key WHERE id = '" + id + "'").getFirst();
  }

  private static void insert(String id, String tenant, String revoked) {
    database.run(
        "INSERT INTO api_key (id, tenant_id, name, person, scopes, models, limits, hash,"
            + " expires_at, revoked_at) VALUES ('%s', '%s', 'name of %s', 'ann',"
                .formatted(id, tenant, id)
            + " '{chat,sessions}', '{gemma3:4b}', '{\"requests_per_minute\":60,\"streams\":2}', '"
            + HASH
            + "', '2126-11-21T10:00:00Z', "
            + revoked
            + ")");
  }
}
