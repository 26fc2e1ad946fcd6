package dev.penstock.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.generation.Image;
import dev.penstock.contracts.turn.StorableText;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads the {@code content} of a message: a string, or an array of parts whose texts are joined
 * without a separator (openai-api.md section 4.2).
 *
 * @param kinds the types of part that this role may have, of {@code text}, {@code refusal} and
 *     {@code image_url}; in responses {@code input_text} and {@code output_text} (section 8.3)
 */
record ContentDecoder(Set<String> kinds) {
  static final ContentDecoder TEXT = new ContentDecoder(Set.of("text"));
  static final ContentDecoder OF_USER = new ContentDecoder(Set.of("text", "image_url"));
  static final ContentDecoder OF_ASSISTANT = new ContentDecoder(Set.of("text", "refusal"));
  static final ContentDecoder OF_INPUT = new ContentDecoder(Set.of("input_text"));
  static final ContentDecoder OF_OUTPUT =
      new ContentDecoder(Set.of("input_text", "output_text", "refusal"));

  /** What was said and shown. */
  record Content(String text, List<Image> images) {}

  /** Throws {@link OpenAiException} that names the member at fault, below {@code param}. */
  Content decode(JsonNode content, String param) {
    if (content.isTextual()) {
      return new Content(StorableText.of(content.textValue()), List.of());
    }
    if (!content.isArray() || content.isEmpty()) {
      throw Members.invalid(param, "a string or an array of parts");
    }
    var text = new StringBuilder();
    var images = new ArrayList<Image>();
    for (var at = 0; at < content.size(); at++) {
      part(content.get(at), param + "[" + at + "]", text, images);
    }
    return new Content(StorableText.of(text.toString()), List.copyOf(images));
  }

  private void part(JsonNode part, String param, StringBuilder text, List<Image> images) {
    var type = part.path("type").asText();
    if (type.isEmpty()) {
      throw Members.invalid(param + ".type", "a string");
    }
    if (!kinds.contains(type)) {
      throw Members.unsupported(param + ".type", "this role may have " + offered() + " only");
    }
    if (type.equals("image_url")) {
      images.add(ImageUrl.decode(part.path("image_url").path("url"), param + ".image_url.url"));
      return;
    }
    var member = type.equals("refusal") ? "refusal" : "text";
    if (!part.path(member).isTextual()) {
      throw Members.invalid(param + "." + member, "a string");
    }
    text.append(part.path(member).textValue());
  }

  private String offered() {
    return kinds.contains("image_url") ? "text and pictures" : "text";
  }
}
