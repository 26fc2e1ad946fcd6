package dev.penstock.session.database;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The pool of the routes a person waits for. Its role sees the rows of one tenant, the one that the
 * connection's setting {@code app.tenant} names: row-level security holds what a query forgets.
 *
 * <p>A connection keeps its tenant until another one needs it, so that a statement is one command.
 */
public final class TenantDatabase {
  private static final String SET_TENANT = "SELECT set_config('app.tenant', $1, false)";

  private final Map<Integer, String> tenants;
  private final Database database;

  private TenantDatabase(Map<Integer, String> tenants, Database database) {
    this.tenants = tenants;
    this.database = database;
  }

  /** Opens the pool. */
  public static TenantDatabase open(Vertx vertx, DatabaseUrl url, PoolBounds bounds, String name) {
    // By the backend's process id; confined to the pool's event loop. A new connection has no
    // tenant, whatever an earlier one with its process id had.
    var tenants = new HashMap<Integer, String>();
    return new TenantDatabase(
        tenants,
        Database.open(
            vertx,
            url,
            "penstock_foreground",
            bounds,
            name,
            connection -> tenants.remove(processId(connection))));
  }

  /** Runs one statement in a transaction of its own. */
  public RowSet<Row> run(String tenant, String sql, @Nullable Object... arguments) {
    return database.lend(
        connection ->
            inTenant(connection, tenant, () -> Database.execute(connection, sql, arguments)));
  }

  /** Runs one statement that yields at most one row. */
  public Optional<Columns> row(String tenant, String sql, @Nullable Object... arguments) {
    return Columns.first(run(tenant, sql, arguments));
  }

  /** One statement of several. */
  public record Statement(String sql, List<@Nullable Object> arguments) {
    /** A statement and its arguments. */
    public static Statement of(String sql, @Nullable Object... arguments) {
      return new Statement(sql, Arrays.asList(arguments));
    }
  }

  /**
   * Runs statements in one transaction and one round trip.
   *
   * @return what the first one answered; if any fails, none has happened
   */
  public RowSet<Row> runAll(String tenant, List<Statement> statements) {
    return database.lend(
        connection ->
            inTenant(
                connection,
                tenant,
                () -> {
                  connection.query("BEGIN").execute();
                  var answers = new ArrayList<Future<RowSet<Row>>>();
                  for (var statement : statements) {
                    answers.add(
                        Database.execute(
                            connection, statement.sql(), statement.arguments().toArray()));
                  }
                  // Behind a failed statement this rolls back, and says so without failing.
                  var ended = connection.query("COMMIT").execute();
                  return Future.all(answers)
                      .eventually(() -> ended)
                      .compose(_ -> ended)
                      .compose(_ -> answers.getFirst());
                }));
  }

  private Future<RowSet<Row>> inTenant(
      SqlConnection connection, String tenant, Supplier<Future<RowSet<Row>>> statement) {
    var id = processId(connection);
    if (tenant.equals(tenants.get(id))) {
      return statement.get();
    }
    tenants.remove(id);
    var set = Database.execute(connection, SET_TENANT, tenant);
    var answer = statement.get();
    return set.onSuccess(_ -> tenants.put(id, tenant)).compose(_ -> answer);
  }

  private static int processId(SqlConnection connection) {
    return PgConnection.cast(connection).processId();
  }

  /** The pool, for its gauges and its end. */
  public Database pool() {
    return database;
  }
}
