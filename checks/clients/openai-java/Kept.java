import com.fasterxml.jackson.databind.JsonNode;
import com.openai.client.OpenAIClient;
import com.openai.core.JsonValue;
import com.openai.errors.NotFoundException;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.conversations.ConversationCreateParams;
import com.openai.models.conversations.items.ConversationItem;
import com.openai.models.conversations.items.ItemDeleteParams;
import com.openai.models.conversations.items.ItemListParams;
import com.openai.models.conversations.items.ItemRetrieveParams;
import com.openai.models.responses.EasyInputMessage;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseInputItem;
import com.openai.models.responses.ResponseRetrieveParams;
import com.openai.models.responses.ResponseStatus;
import com.openai.models.responses.ResponseStreamEvent;
import com.openai.models.responses.inputitems.InputItemListParams;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** What Penstock keeps for a client: responses and conversations. */
final class Kept {
  private static final Duration WITHIN = Duration.ofSeconds(20);
  private static final Set<ResponseStatus> LIVE =
      Set.of(ResponseStatus.QUEUED, ResponseStatus.IN_PROGRESS);

  private final OpenAIClient client;
  private final Behaviours.Case given;

  Kept(OpenAIClient client, Behaviours.Case given) {
    this.client = client;
    this.given = given;
  }

  /** What the case's conversation begins with. */
  private List<String> said(int count) {
    var texts = new ArrayList<String>();
    for (var turn = 0; turn < given.texts("prompts").size(); turn++) {
      texts.add(given.texts("prompts").get(turn));
      texts.add(given.texts("expected").get(turn));
    }
    return texts.subList(0, count);
  }

  private List<ResponseInputItem> turns(int count) {
    var items = new ArrayList<ResponseInputItem>();
    for (var text : said(count)) {
      var role =
          items.size() % 2 == 0 ? EasyInputMessage.Role.USER : EasyInputMessage.Role.ASSISTANT;
      var message = EasyInputMessage.builder().role(role).content(text).build();
      items.add(ResponseInputItem.ofEasyInputMessage(message));
    }
    return items;
  }

  private ResponseCreateParams.Builder ask(String input) {
    return ResponseCreateParams.builder().model(given.text("model")).input(input);
  }

  private static String text(Response response) {
    return response.output().getFirst().asMessage().content().getFirst().asOutputText().text();
  }

  private static JsonNode tree(Optional<JsonValue> json) {
    return json.orElseThrow().convert(JsonNode.class);
  }

  private static String itemText(Optional<JsonValue> item) {
    return tree(item).at("/content/0/text").asText();
  }

  void stored() throws Exception {
    var metadata = ResponseCreateParams.Metadata.builder();
    metadata.putAdditionalProperty("of", JsonValue.from("first"));
    var asked =
        ResponseCreateParams.builder()
            .model(given.text("model"))
            .inputOfResponse(turns(3))
            .metadata(metadata.build());
    var first = client.responses().create(asked.build());
    Behaviours.same("text", text(first), given.texts("expected").get(1));
    var next = ask(given.texts("prompts").get(2)).previousResponseId(first.id());
    var second = client.responses().create(next.build());
    Behaviours.same("text behind it", text(second), given.texts("expected").get(2));
    Behaviours.same("previous response", second.previousResponseId().orElseThrow(), first.id());
    var shown = client.responses().retrieve(first.id());
    Behaviours.same("text as it is kept", text(shown), text(first));
    var of = shown.metadata().orElseThrow()._additionalProperties().get("of");
    Behaviours.same("metadata", of, JsonValue.from("first"));
    Behaviours.same("input items", inputs(first, InputItemListParams.Order.ASC), said(3));
    var backwards = inputs(first, InputItemListParams.Order.DESC);
    Behaviours.same("input items backwards", backwards, said(3).reversed());
    client.responses().delete(first.id());
    Behaviours.thrown(NotFoundException.class, () -> client.responses().retrieve(first.id()));
  }

  /** Its pager asks until a page is empty, whatever {@code has_more} says. */
  private List<String> inputs(Response response, InputItemListParams.Order order) {
    var asked =
        InputItemListParams.builder().responseId(response.id()).limit(2).order(order).build();
    return client.responses().inputItems().list(asked).autoPager().stream()
        .map(item -> itemText(item._json()))
        .toList();
  }

  void resume() {
    var events = new ArrayList<ResponseStreamEvent>();
    var asked = ask(given.prompt()).background(true).build();
    try (var stream = client.responses().createStreaming(asked)) {
      stream.stream().limit(given.json().get("leave_after").asInt()).forEach(events::add);
    }
    var id = events.getFirst().created().orElseThrow().response().id();
    var rest =
        ResponseRetrieveParams.builder()
            .responseId(id)
            .startingAfter(number(events.getLast()))
            .build();
    try (var stream = client.responses().retrieveStreaming(rest)) {
      stream.stream().forEach(events::add);
    }
    var numbers = events.stream().map(Kept::number).toList();
    var counted = LongStream.range(0, numbers.size()).boxed().toList();
    Behaviours.same("numbers", numbers, counted);
    var deltas =
        events.stream()
            .flatMap(event -> event.outputTextDelta().stream())
            .map(delta -> delta.delta())
            .collect(Collectors.joining());
    Behaviours.same("text in pieces", deltas, given.expected());
    var whole = ResponseAccumulator.create();
    events.forEach(whole::accumulate);
    Behaviours.same("the accumulator's text", text(whole.response()), given.expected());
  }

  private static long number(ResponseStreamEvent event) {
    return tree(event._json()).get("sequence_number").asLong();
  }

  void background() throws Exception {
    var asked = ask(given.prompt()).background(true).build();
    var waited = client.responses().create(asked);
    var limit = Instant.now().plus(WITHIN);
    while (LIVE.contains(waited.status().orElseThrow()) && Instant.now().isBefore(limit)) {
      Thread.sleep(100);
      waited = client.responses().retrieve(waited.id());
    }
    Behaviours.same("status", waited.status().orElseThrow(), ResponseStatus.COMPLETED);
    Behaviours.same("text", text(waited), given.expected());
    var left = left(ask(given.texts("prompts").get(1)).background(true).build());
    var status = client.responses().retrieve(left).status().orElseThrow();
    Behaviours.same("status of what was left", status, ResponseStatus.IN_PROGRESS);
    for (var time = 0; time < 2; time++) {
      var cancelled = client.responses().cancel(left).status().orElseThrow();
      Behaviours.same("status", cancelled, ResponseStatus.CANCELLED);
    }
  }

  /** The id of a response that is read up to its first text. */
  private String left(ResponseCreateParams asked) {
    try (var stream = client.responses().createStreaming(asked)) {
      var events = stream.stream().iterator();
      var id = events.next().created().orElseThrow().response().id();
      while (!events.next().isOutputTextDelta()) {}
      return id;
    }
  }

  void conversations() throws Exception {
    var created =
        client.conversations().create(ConversationCreateParams.builder().items(turns(2)).build());
    var id = created.id();
    for (var turn = 1; turn < 3; turn++) {
      var asked = ask(given.texts("prompts").get(turn)).conversation(id).build();
      var answer = client.responses().create(asked);
      Behaviours.same("text", text(answer), given.texts("expected").get(turn));
    }
    var forth = items(id, ItemListParams.Order.ASC);
    Behaviours.same("items", texts(forth), said(6));
    var back = items(id, ItemListParams.Order.DESC);
    Behaviours.same("items backwards", texts(back), said(6).reversed());
    var item = forth.get(3).asMessage().id();
    var one = ItemRetrieveParams.builder().conversationId(id).itemId(item).build();
    var shown = client.conversations().items().retrieve(one);
    Behaviours.same("role", shown.asMessage().role().asString(), "assistant");
    Behaviours.same("item", texts(List.of(shown)), said(6).subList(3, 4));
    var gone = ItemDeleteParams.builder().conversationId(id).itemId(item).build();
    client.conversations().items().delete(gone);
    var remaining = new ArrayList<>(said(6));
    remaining.remove(3);
    var kept = texts(items(id, ItemListParams.Order.ASC));
    Behaviours.same("items after one is deleted", kept, remaining);
    Behaviours.same("deleted", client.conversations().delete(id).deleted(), true);
    Behaviours.thrown(NotFoundException.class, () -> client.conversations().retrieve(id));
  }

  private List<ConversationItem> items(String conversation, ItemListParams.Order order) {
    var asked = ItemListParams.builder().conversationId(conversation).limit(2).order(order).build();
    return client.conversations().items().list(asked).autoPager().stream().toList();
  }

  private static List<String> texts(List<ConversationItem> items) {
    return items.stream().map(item -> itemText(item._json())).toList();
  }
}
