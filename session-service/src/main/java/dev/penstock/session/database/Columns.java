package dev.penstock.session.database;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.penstock.contracts.wire.Wire;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads a row's columns from left to right, each call the next one, in the order its query names
 * them. A null where none may be is a {@link NullPointerException}: an error of ours.
 */
public final class Columns {
  private final Row row;
  private int next;

  public Columns(Row row) {
    this.row = row;
  }

  /** The first row, if there is one. */
  public static Optional<Columns> first(RowSet<Row> rows) {
    var each = rows.iterator();
    return each.hasNext() ? Optional.of(new Columns(each.next())) : Optional.empty();
  }

  /** Leaves out the next {@code count} columns. */
  public void skip(int count) {
    next += count;
  }

  /** Whether the next column is null; it stays the next one. */
  public boolean isNull() {
    return row.getValue(next) == null;
  }

  /** A UUID. */
  public UUID uuid() {
    return present(row.getUUID(next++));
  }

  /** A UUID or null. */
  public @Nullable UUID uuidOrNull() {
    return row.getUUID(next++);
  }

  /** A text. */
  public String text() {
    return present(row.getString(next++));
  }

  /** A text or null. */
  public @Nullable String textOrNull() {
    return row.getString(next++);
  }

  /** An {@code int}. */
  public int integer() {
    return present(row.getInteger(next++));
  }

  /** An {@code int} or null. */
  public @Nullable Integer integerOrNull() {
    return row.getInteger(next++);
  }

  /** A {@code bigint}. */
  public long number() {
    return present(row.getLong(next++));
  }

  /** A {@code boolean}. */
  public boolean flag() {
    return present(row.getBoolean(next++));
  }

  /** A {@code timestamptz}, cut to milliseconds. */
  public Instant instant() {
    return present(instantOrNull());
  }

  /** A {@code timestamptz}, cut to milliseconds, or null. */
  public @Nullable Instant instantOrNull() {
    var time = row.getOffsetDateTime(next++);
    return time == null ? null : time.toInstant().truncatedTo(ChronoUnit.MILLIS);
  }

  /** A {@code timestamptz} as it is, in microseconds since the epoch. */
  public long micros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, present(row.getOffsetDateTime(next++)));
  }

  /** An {@code int[]} whose elements may be null. */
  public List<@Nullable Integer> integers() {
    return Arrays.asList(present(row.getArrayOfIntegers(next++)));
  }

  /** A {@code text[]}; empty for null. */
  public List<String> texts() {
    var texts = row.getArrayOfStrings(next++);
    return texts == null ? List.of() : Arrays.asList(texts);
  }

  /** An {@code int[]} without nulls; empty for null. */
  public List<Integer> numbers() {
    var numbers = row.getArrayOfIntegers(next++);
    return numbers == null ? List.of() : Arrays.asList(numbers);
  }

  /** A {@code boolean} or null. */
  public @Nullable Boolean flagOrNull() {
    return row.getBoolean(next++);
  }

  /** A {@code uuid[]}. */
  public List<UUID> uuids() {
    return List.of(present(row.getArrayOfUUIDs(next++)));
  }

  /** A {@code uuid[]} whose elements may be null; empty for null. */
  public List<@Nullable UUID> uuidsOrNull() {
    var ids = row.getArrayOfUUIDs(next++);
    return ids == null ? List.of() : Arrays.asList(ids);
  }

  /** JSON text. */
  public <T> T json(Class<T> type) {
    return Wire.decode(text(), type);
  }

  /** JSON text of a generic type. */
  public <T> T json(TypeReference<T> type) {
    try {
      return Wire.JSON.readValue(text(), type);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a stored value is not the JSON it was", e);
    }
  }

  /** JSON text or null. */
  public <T> @Nullable T jsonOrNull(Class<T> type) {
    var text = textOrNull();
    return text == null ? null : Wire.decode(text, type);
  }

  /** A word that names a constant. */
  public <E extends Enum<E>> E word(Class<E> type) {
    return constant(type, text());
  }

  /** A word that names a constant, or null. */
  public <E extends Enum<E>> @Nullable E wordOrNull(Class<E> type) {
    var text = textOrNull();
    return text == null ? null : constant(type, text);
  }

  /** The constant of a word. */
  public static <E extends Enum<E>> E constant(Class<E> type, String word) {
    return Enum.valueOf(type, word.toUpperCase(Locale.ROOT));
  }

  /** The word of a constant, as a column holds it: its name in lower case. */
  public static String wordOf(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static <T> T present(@Nullable T value) {
    return Objects.requireNonNull(value);
  }
}
