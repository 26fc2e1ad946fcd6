package dev.penstock.session.database;

import io.vertx.pgclient.PgException;
import java.io.Serial;

/** The database cannot be reached, is overloaded, or ended the statement; trying again may help. */
public final class StoreUnavailableException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private StoreUnavailableException(Throwable cause) {
    super(cause.getMessage(), cause, false, false);
  }

  /**
   * Sorts what a statement failed with: this exception for what may pass by itself, the failure
   * itself for an error of ours.
   */
  static RuntimeException sort(Throwable failure) {
    return switch (failure) {
      case StoreUnavailableException known -> known;
      case PgException refused when !mayPass(refused.getSqlState()) -> refused;
      case Error error -> throw error;
      default -> new StoreUnavailableException(failure);
    };
  }

  // PostgreSQL, appendix A: connection, resources, operator intervention, locks, read-only standby.
  private static boolean mayPass(String sqlState) {
    return sqlState.startsWith("08")
        || sqlState.startsWith("53")
        || sqlState.startsWith("57")
        || sqlState.startsWith("58")
        || sqlState.equals("55P03")
        || sqlState.equals("40001")
        || sqlState.equals("40P01")
        || sqlState.equals("25006")
        || sqlState.equals("25P03");
  }
}
