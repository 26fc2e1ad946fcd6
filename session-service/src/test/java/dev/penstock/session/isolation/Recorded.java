package dev.penstock.session.isolation;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A statement as it went over the wire, bytes as ISO 8859-1 reads them.
 *
 * @param types what Parse says behind the text: the parameters' types
 * @param values what Bind says behind the names: formats, values, formats of the answer
 */
record Recorded(String sql, String types, String values) {
  private static final Pattern TENANT =
      Pattern.compile("(\\w+\\.)?tenant_id = (\\$1(?!\\d)|\\w+\\.tenant_id)");
  private static final Pattern PERSON =
      Pattern.compile("\\$2::text IS NULL OR (\\w+\\.)?person = \\$2(?!\\d)");

  // True of every row, and the parameter keeps its type.
  private static final String ANYBODY = "$1::text IS NOT NULL";

  /** How often it says whose rows it means. */
  int tenantPredicates() {
    return (int) TENANT.matcher(sql).results().count();
  }

  boolean restrictsPersons() {
    return PERSON.matcher(sql).find();
  }

  /** Without its predicate of that number, from 0; without any for -1. */
  Recorded withoutTenantPredicate(int number) {
    var count = new int[1];
    var mutated =
        TENANT
            .matcher(sql)
            .replaceAll(
                match ->
                    Matcher.quoteReplacement(
                        number < 0 || count[0]++ == number ? ANYBODY : match.group()));
    return new Recorded(mutated, types, values);
  }

  /** As if eve had asked. */
  Recorded askedByEve() {
    return new Recorded(
        PERSON
            .matcher(sql)
            .replaceAll(
                match ->
                    (match.group(1) == null ? "" : match.group(1))
                        + "person = 'eve' AND \\$2::text IS NOT DISTINCT FROM \\$2"),
        types,
        values);
  }

  /** With another text of the same length as its first parameter. */
  Recorded inTheNameOf(String tenant) {
    var copy = values.getBytes(StandardCharsets.ISO_8859_1);
    var in = ByteBuffer.wrap(copy);
    in.position(2 + 2 * in.getShort(0));
    in.getShort();
    var name = tenant.getBytes(StandardCharsets.UTF_8);
    if (in.getInt() != name.length) {
      throw new IllegalArgumentException("$1 is not a tenant in " + sql);
    }
    in.put(name);
    return new Recorded(sql, types, new String(copy, StandardCharsets.ISO_8859_1));
  }
}
