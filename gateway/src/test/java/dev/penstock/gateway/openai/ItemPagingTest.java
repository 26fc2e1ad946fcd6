package dev.penstock.gateway.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.generation.Role;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.contracts.session.Item;
import dev.penstock.contracts.session.Message;
import dev.penstock.gateway.store.ItemRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** openai-api.md section 8.7: pages without gap or repeat, wherever they are cut. */
class ItemPagingTest {
  // One to three items each; a client gave two calls one id.
  private static final List<Item> MESSAGES =
      List.of(
          message(1, "One"),
          message(2, "Two", "a", "b"),
          message(3, "", "c"),
          message(4, "Four"),
          message(5, "", "d", "d"),
          message(6, "Six"));

  @ParameterizedTest
  @CsvSource({"1,asc", "2,asc", "3,asc", "9,asc", "1,desc", "2,desc", "3,desc", "9,desc"})
  void showsEveryItemOnceAndEndsWithAnEmptyPage(int limit, String order) {
    var descending = order.equals("desc");
    var expected = new ArrayList<String>();
    MESSAGES.forEach(
        message ->
            ItemEncoder.encode(message).forEach(item -> expected.add(item.get("id").asText())));
    // Of two calls with one id the second is not shown where a page ends between them.
    var ids = descending ? expected.reversed() : expected;

    for (var whole : new boolean[] {false, true}) {
      var seen = new ArrayList<String>();
      @Nullable ItemId after = null;
      boolean more;
      do {
        var paging = new ItemPaging(limit, descending, after);
        var page = whole ? paging.pageOfAll(MESSAGES) : paging.page(store(paging));
        page.get("data").forEach(item -> seen.add(item.get("id").asText()));
        more = !page.get("data").isEmpty();
        if (more) {
          assertThat(page.get("first_id")).isEqualTo(page.at("/data/0/id"));
          after = ItemId.read(page.get("last_id").asText()).orElseThrow();
        } else {
          assertThat(page.get("has_more").asBoolean()).isFalse();
          assertThat(page.get("first_id").isNull()).isTrue();
          assertThat(page.get("last_id").isNull()).isTrue();
        }
      } while (more);

      assertThat(seen.stream().distinct().toList()).isEqualTo(ids.stream().distinct().toList());
      assertThat(seen).hasSizeBetween(ids.size() - 1, ids.size());
    }
  }

  @ParameterizedTest
  @CsvSource({"asc,fc_a", "desc,msg_00000000000000000000000000000001"})
  void goesOnBehindAnItemThatWasTakenOut(String order, String next) {
    var paging = new ItemPaging(9, order.equals("desc"), new ItemId.OfMessage(new UUID(0, 2)));
    var left =
        MESSAGES.stream()
            .map(each -> each.message().ordinal() == 2 ? message(2, "", "a", "b") : each)
            .toList();

    var page = paging.page(store(left, paging));

    assertThat(page.at("/data/0/id").asText()).isEqualTo(next);
  }

  private static List<Item> store(ItemPaging paging) {
    return store(MESSAGES, paging);
  }

  /** What session-service does. */
  private static List<Item> store(List<Item> messages, ItemPaging paging) {
    var range = paging.range();
    var ordered = paging.descending() ? messages.reversed() : messages;
    return ordered.stream().dropWhile(item -> !begins(item, range)).limit(range.limit()).toList();
  }

  private static boolean begins(Item item, ItemRange range) {
    if (range.from() != null) {
      return item.message().id().equals(range.from());
    }
    return range.fromCall() == null
        || item.message().toolCalls().stream().anyMatch(call -> call.id().equals(range.fromCall()));
  }

  private static Item message(int ordinal, String text, String... calls) {
    return new Item(
        new Message(
            new UUID(0, ordinal),
            null,
            null,
            ordinal,
            Role.ASSISTANT,
            text,
            null,
            Message.Status.COMPLETE,
            null,
            null,
            List.of(calls).stream().map(id -> new ToolCall(id, "f", "{}")).toList(),
            null,
            null,
            Instant.EPOCH),
        false,
        null);
  }
}
