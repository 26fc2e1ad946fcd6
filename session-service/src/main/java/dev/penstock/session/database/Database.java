package dev.penstock.session.database;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One bounded pool of connections that act as one role. Every call blocks its virtual thread; a
 * full wait queue, a wait that is too long, a statement that is too slow and a database that is
 * away all end as {@link StoreUnavailableException}.
 *
 * <p>A call is one hop to the pool's event loop and back: everything between taking the connection
 * and giving it back happens there. What is not answered in time keeps its connection until the
 * database ends the statement or the socket dies, so that no statement meets another caller.
 *
 * <p>Settings go with the connection's start-up message, so there must be no pooler in transaction
 * mode between us and the database.
 */
public final class Database {
  private static final int CACHED_STATEMENTS = 256;
  private static final int LONGEST_CACHED_STATEMENT = 16_384;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration SILENT_PEER_TIMEOUT = Duration.ofSeconds(10);

  private final AtomicInteger busy = new AtomicInteger();
  private final AtomicInteger waiting = new AtomicInteger();
  private final Context loop;
  private final Pool pool;
  private final PoolBounds bounds;

  private Database(Context loop, Pool pool, PoolBounds bounds) {
    this.loop = loop;
    this.pool = pool;
    this.bounds = bounds;
  }

  /**
   * Opens a pool of the owner's side, which sees every tenant: log, leases, finish, reaper,
   * housekeeping.
   *
   * @param name the pool's name in metrics and in {@code pg_stat_activity}
   */
  public static Database ofOwners(Vertx vertx, DatabaseUrl url, PoolBounds bounds, String name) {
    return open(vertx, url, "penstock_log", bounds, name, _ -> {});
  }

  /**
   * Opens a pool; connections are made as they are needed.
   *
   * @param role one of the two the schema's first migration makes; the user of the {@code
   *     DATABASE_URL} is a member of both and never acts as itself
   * @param connected told of every new connection, on the pool's event loop
   */
  static Database open(
      Vertx vertx,
      DatabaseUrl url,
      String role,
      PoolBounds bounds,
      String name,
      Consumer<SqlConnection> connected) {
    var options =
        new PoolOptions()
            .setName(name)
            .setMaxSize(bounds.size())
            .setMaxWaitQueueSize(bounds.queue())
            .setConnectionTimeout((int) bounds.maxWait().toMillis())
            .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS);
    // A peer that vanished without a word gives its connection back only when the socket dies.
    var socket =
        new NetClientOptions()
            .setConnectTimeout((int) CONNECT_TIMEOUT.toMillis())
            .setTcpNoDelay(true)
            .setTcpKeepAlive(true)
            .setTcpUserTimeout((int) SILENT_PEER_TIMEOUT.toMillis());
    var pool =
        PgBuilder.pool()
            .with(options)
            .with(socket)
            .connectingTo(connectOptions(url, role, bounds, name))
            .withConnectHandler(
                connection -> {
                  connected.accept(connection);
                  connection.close();
                })
            .using(vertx)
            .build();
    return new Database(((VertxInternal) vertx).createEventLoopContext(), pool, bounds);
  }

  private static PgConnectOptions connectOptions(
      DatabaseUrl url, String role, PoolBounds bounds, String name) {
    return url.tls()
        .apply(new PgConnectOptions())
        .setHost(url.host())
        .setPort(url.port())
        .setDatabase(url.name())
        .setUser(url.user())
        .setPassword(url.password())
        .setCachePreparedStatements(true)
        .setPreparedStatementCacheMaxSize(CACHED_STATEMENTS)
        .setPreparedStatementCacheSqlLimit(LONGEST_CACHED_STATEMENT)
        .addProperty("application_name", "penstock-" + name)
        .addProperty("search_path", "penstock")
        // Our statements are looked up by key, so one plan fits all values; planned anew each time
        // they cost two to four times as much. A plan made while a table is empty must do when it
        // is not, hence no scans; nothing runs long enough for a compiler.
        .addProperty("plan_cache_mode", "force_generic_plan")
        .addProperty("enable_seqscan", "off")
        .addProperty("jit", "off")
        .addProperty("role", role)
        .addProperty("statement_timeout", millis(bounds.statementTimeout()))
        .addProperty("lock_timeout", millis(PoolBounds.LOCK_TIMEOUT))
        .addProperty(
            "idle_in_transaction_session_timeout", millis(PoolBounds.IDLE_IN_TRANSACTION_TIMEOUT));
  }

  /** Runs one statement in a transaction of its own. */
  public RowSet<Row> run(String sql, @Nullable Object... arguments) {
    return lend(connection -> execute(connection, sql, arguments));
  }

  /**
   * Runs statements that cannot run in a transaction, on one connection. {@code work} leaves
   * nothing open on it.
   */
  public void withSession(Consumer<Session> work) {
    var session = new Session(acquire());
    try {
      work.accept(session);
    } finally {
      session.close();
    }
  }

  /** One connection on loan, each statement in a transaction of its own. */
  public final class Session {
    private final SqlConnection connection;
    private Future<?> last = Future.succeededFuture();

    private Session(SqlConnection connection) {
      this.connection = connection;
      busy.incrementAndGet();
    }

    /** Runs a prepared statement. */
    public RowSet<Row> rows(String sql, @Nullable Object... arguments) {
      return sent(execute(connection, sql, arguments));
    }

    /** Runs a prepared statement that yields one row. */
    public Columns row(String sql, @Nullable Object... arguments) {
      return new Columns(rows(sql, arguments).iterator().next());
    }

    /** Runs one or more statements that take no arguments, together. */
    public void script(String sql) {
      sent(connection.query(sql).execute());
    }

    private RowSet<Row> sent(Future<RowSet<Row>> answer) {
      last = answer;
      return await(answer.timeout(bounds.answerTimeout().toMillis(), TimeUnit.MILLISECONDS));
    }

    private void close() {
      last.onComplete(
          _ -> {
            busy.decrementAndGet();
            connection.close();
          });
    }
  }

  /**
   * Lends a connection to {@code work}, on the pool's event loop, until the future it returns
   * completes; waits for that here, but no longer than the answer may take.
   */
  <T> T lend(Function<SqlConnection, Future<T>> work) {
    var answer = Promise.<T>promise();
    loop.runOnContext(
        _ -> {
          waiting.incrementAndGet();
          pool.getConnection()
              .onComplete(
                  lent -> {
                    waiting.decrementAndGet();
                    if (lent.failed()) {
                      answer.fail(lent.cause());
                    } else {
                      use(lent.result(), work, answer);
                    }
                  });
        });
    return await(answer.future());
  }

  private <T> void use(
      SqlConnection connection, Function<SqlConnection, Future<T>> work, Promise<T> answer) {
    busy.incrementAndGet();
    var done = work.apply(connection);
    done.onComplete(
        _ -> {
          busy.decrementAndGet();
          connection.close();
        });
    done.timeout(bounds.answerTimeout().toMillis(), TimeUnit.MILLISECONDS).onComplete(answer);
  }

  private SqlConnection acquire() {
    var answer = Promise.<SqlConnection>promise();
    loop.runOnContext(
        _ -> {
          waiting.incrementAndGet();
          pool.getConnection()
              .onComplete(
                  lent -> {
                    waiting.decrementAndGet();
                    answer.handle(lent);
                  });
        });
    return await(answer.future());
  }

  static Future<RowSet<Row>> execute(
      SqlConnection connection, String sql, @Nullable Object... arguments) {
    return connection.preparedQuery(sql).execute(Tuple.tuple(Arrays.asList(arguments)));
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.await();
    } catch (Exception e) {
      throw StoreUnavailableException.sort(e);
    }
  }

  /** Connections at work now; for a gauge. */
  public int busy() {
    return busy.get();
  }

  /** Callers waiting for a connection now; for a gauge. */
  public int waiting() {
    return waiting.get();
  }

  /** Open connections now; for a gauge. */
  public int open() {
    return pool.size();
  }

  /** Closes every connection. */
  public Future<Void> close() {
    return pool.close();
  }

  private static String millis(Duration duration) {
    return Long.toString(duration.toMillis());
  }
}
