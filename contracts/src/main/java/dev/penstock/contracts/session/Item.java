package dev.penstock.contracts.session;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A stored message as a dialect handles it that shows and takes single entries of a conversation.
 *
 * @param answer whether a model said it in its turn; false for all that was given
 * @param extra what a dialect keeps beside the text; null for nothing
 */
public record Item(
    Message message,
    boolean answer,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable JsonNode extra) {
  public Item {
    extra = MessageDraft.present(extra);
  }

  /**
   * Answer of {@code GET /sessions/{id}/items} and {@code GET /turns/{id}/inputs}, and of {@code
   * POST /sessions/{id}/items}: what was added.
   */
  public record Page(List<Item> data) {}

  /**
   * Body of {@code POST /sessions/{id}/items}.
   *
   * @param clientKey the client's idempotency key, or one the gateway made
   * @param requestHash SHA-256 of method, path and canonical body, lower-case hex
   */
  public record Append(List<MessageDraft> messages, String clientKey, String requestHash) {}
}
