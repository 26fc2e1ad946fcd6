package dev.penstock.session.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.session.SessionServiceDriver;
import dev.penstock.session.TestDatabase;
import dev.penstock.session.database.DatabaseUrl;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Row-level security holds what a statement forgets: every statement of the foreground role, as it
 * goes over the wire, is stripped of each of its tenant predicates in turn and of all at once, and
 * run by another tenant. What it yields then is what it yields in a database where the first tenant
 * never was, and no row of the first tenant changes.
 */
class StatementIsolationIT {
  private static final String OTHER_TENANT = "strange";
  private static final String UNIQUE_VIOLATION = "23505";

  private static TestDatabase database;
  private static TestDatabase empty;
  private static List<Recorded> recorded;
  private static String look;

  @BeforeAll
  static void recordEveryStatement() {
    database = TestDatabase.create();
    empty = TestDatabase.create();
    var port = DatabaseUrl.parse(database.url()).port();
    try (var tap = new WireTap(port);
        var service =
            SessionServiceDriver.start(
                new TestDatabase(database.url().replace(":" + port, ":" + tap.port())))) {
      new Tour(service).go();
      recorded =
          tap.recorded().stream()
              .filter(statement -> !statement.sql().contains("set_config('app.tenant'"))
              .toList();
    }
    look = everyRowOf("default");
  }

  /** A new statement is in by itself, or this fails until the tour comes by it. */
  @Test
  void everyStatementOfTheCodeIsAmongThoseTried() {
    var sent = recorded.stream().map(Recorded::sql).collect(Collectors.toSet());

    assertThat(Statements.ofTenants())
        .hasSizeGreaterThan(25)
        .filteredOn(text -> sent.stream().noneMatch(statement -> statement.contains(text)))
        .isEmpty();
  }

  @Test
  void everyStatementNamesTheTenantThatAsks() {
    assertThat(recorded)
        .allSatisfy(statement -> assertThat(statement.sql()).contains("$1"))
        .filteredOn(statement -> statement.tenantPredicates() == 0)
        .extracting(Recorded::sql)
        .allSatisfy(
            sql -> assertThat(sql).contains("INSERT INTO").doesNotContain("UPDATE session"));
  }

  @Test
  void noStatementWithoutItsPredicateReachesAnothersRows() {
    var tried = 0;
    try (var victims = replay(database);
        var nobodys = replay(empty)) {
      var before = victims.run(nothing(), OTHER_TENANT, look).getLast();
      for (var statement : recorded) {
        for (var number = -1; number < statement.tenantPredicates(); number++) {
          var stripped = statement.withoutTenantPredicate(number);
          for (var mutated : List.of(stripped, stripped.inTheNameOf(OTHER_TENANT))) {
            var seen = victims.run(mutated, OTHER_TENANT, look);
            var expected = nobodys.run(mutated, OTHER_TENANT, "SELECT 1");

            assertThat(seen.getLast()).as(mutated.sql()).isEqualTo(before);
            // Ids come from the service, never from a caller: this one is taken, and says no more.
            if (!UNIQUE_VIOLATION.equals(seen.getFirst().error())) {
              assertThat(seen.getFirst().shape())
                  .as(mutated.sql())
                  .isEqualTo(expected.getFirst().shape());
            }
            // What inserts may tell what it was given.
            assertThat(seen.getFirst().rows())
                .as(mutated.sql())
                .noneMatch(row -> row.contains(Tour.SECRET) && !mutated.sql().contains("INSERT"));
            tried++;
          }
        }
      }
    }
    assertThat(tried).isGreaterThan(300);
  }

  /** The statements do reach rows, where the tenant is the one who asks. */
  @Test
  void theSameStatementsReachTheRowsOfWhoeverOwnsThem() {
    try (var owners = replay(database)) {
      var reached =
          recorded.stream()
              .filter(
                  statement ->
                      owners
                          .run(statement.withoutTenantPredicate(-1), "default", "SELECT 1")
                          .getFirst()
                          .rows()
                          .stream()
                          .anyMatch(row -> row.contains(Tour.SECRET)))
              .map(Recorded::sql)
              .collect(Collectors.toSet());

      assertThat(reached).hasSizeGreaterThan(15);
    }
  }

  /** People of one tenant are kept apart by the predicates alone; each is asked in turn. */
  @Test
  void noStatementThatRestrictsPersonsShowsOrChangesAnothersRows() {
    var restricting = recorded.stream().filter(Recorded::restrictsPersons).toList();
    var changed = new ArrayList<String>();
    try (var people = replay(database)) {
      var before = people.run(nothing(), "default", look).getLast();
      for (var statement : restricting) {
        var seen = people.run(statement.askedByEve(), "default", look);

        assertThat(seen.getFirst().error()).as(statement.sql()).isNull();
        assertThat(seen.getFirst().rows())
            .as(statement.askedByEve().sql())
            .noneMatch(row -> row.contains(Tour.SECRET));
        assertThat(seen.getLast()).as(statement.sql()).isEqualTo(before);
        if (people.run(statement, "default", look).getFirst().rows().stream()
            .anyMatch(row -> row.contains(Tour.SECRET))) {
          changed.add(statement.sql());
        }
      }
    }
    assertThat(restricting).extracting(Recorded::sql).hasSizeGreaterThan(15);
    assertThat(changed).isNotEmpty();
  }

  /** A table that is new is in by itself. */
  @Test
  void everyTableWithRowsOfTenantsForcesRowLevelSecurityOnTheForegroundRole() {
    assertThat(
            database.column(
                """
                SELECT relname FROM pg_class
                JOIN pg_attribute ON attrelid = pg_class.oid AND attname = 'tenant_id'
                WHERE relnamespace = 'penstock'::regnamespace AND relkind IN ('r', 'p')
                  AND NOT (relrowsecurity AND relforcerowsecurity AND EXISTS (
                    SELECT FROM pg_policy WHERE polrelid = pg_class.oid
                      AND 'penstock_foreground'::regrole = ANY (polroles)
                      AND pg_get_expr(polqual, polrelid)
                        = '(tenant_id = current_setting(''app.tenant''::text, true))'
                      AND pg_get_expr(coalesce(polwithcheck, polqual), polrelid)
                        = '(tenant_id = current_setting(''app.tenant''::text, true))'))
                """))
        .isEmpty();
  }

  /** Whatever names no tenant itself is behind a policy, or nothing in it is any tenant's. */
  @Test
  void theForegroundRoleReadsNoOtherTableWithoutAPolicy() {
    assertThat(
            database.column(
                """
                SELECT relname FROM pg_class
                WHERE relnamespace = 'penstock'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')
                  AND has_table_privilege(
                    'penstock_foreground', pg_class.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE')
                  AND NOT relrowsecurity
                """))
        .containsExactly("instance");
  }

  private static Replay replay(TestDatabase of) {
    var url = DatabaseUrl.parse(of.url());
    return new Replay(url.port(), url.name());
  }

  private static Recorded nothing() {
    return new Recorded("SELECT 1", "\0\0", "\0\0\0\0\0\0");
  }

  /** A query whose one row changes with any row of that tenant, in whatever table. */
  private static String everyRowOf(String tenant) {
    return database
        .column(
            """
            SELECT relname FROM pg_class
            WHERE relnamespace = 'penstock'::regnamespace AND relkind IN ('r', 'p')
              AND NOT relispartition AND relname NOT LIKE 'flyway%' AND relname <> 'instance'
            ORDER BY relname
            """)
        .stream()
        .map(
            table ->
                "(SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM"
                    + " penstock.%1$s t%2$s)"
                        .formatted(
                            table,
                            table.equals("token_log") ? "" : " WHERE tenant_id = '" + tenant + "'"))
        .collect(Collectors.joining(", ", "SELECT ", ""));
  }
}
