package dev.penstock.session.items;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.session.Item;
import dev.penstock.session.database.Columns;
import dev.penstock.session.messages.Messages;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.ArrayList;
import java.util.Comparator;

/** Rows of {@code message} as entries. */
final class StoredItem {
  static final String COLUMNS =
      Messages.COLUMNS + ", message.answers IS NOT NULL, message.extra::text ";

  /**
   * Ids of the message that a parameter names, in a row where {@code $1} is the tenant: the
   * message's own id, or its turn's.
   */
  static final String NAMED =
      """
      ANY (ARRAY[%1$s::uuid, (
        SELECT named.output_message_id FROM turn AS named
        WHERE named.tenant_id = $1 AND named.id = %1$s)])
      """;

  /** Whether a row of {@code message} asks for the call that a parameter names. */
  static final String ASKS_FOR =
      "message.tool_calls @> jsonb_build_array(jsonb_build_object('id', %s::text))";

  private StoredItem() {}

  static Item read(Columns in) {
    return new Item(Messages.read(in), in.flag(), in.jsonOrNull(JsonNode.class));
  }

  /** The rows in the order of their conversation. */
  static Item.Page page(RowSet<Row> rows, boolean descending) {
    var items = new ArrayList<Item>(rows.size());
    rows.forEach(row -> items.add(read(new Columns(row))));
    Comparator<Item> rising = Comparator.comparingInt(item -> item.message().ordinal());
    items.sort(descending ? rising.reversed() : rising);
    return new Item.Page(items);
  }
}
