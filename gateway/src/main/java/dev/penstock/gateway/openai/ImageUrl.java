package dev.penstock.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.generation.Image;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;

/**
 * Reads a picture given as {@code data:image/png;base64,…}. Pictures elsewhere are not fetched: a
 * caller must not make this server call others.
 */
final class ImageUrl {
  private static final String SCHEME = "data:";
  private static final String ENCODING = ";base64";
  private static final Set<String> MEDIA_TYPES =
      Set.of("image/png", "image/jpeg", "image/webp", "image/gif");

  private ImageUrl() {}

  /** The picture; throws {@link OpenAiException} that names {@code param}. */
  static Image decode(JsonNode url, String param) {
    if (!url.isTextual()) {
      throw Members.invalid(param, "a string");
    }
    var text = url.textValue();
    if (!text.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      throw Members.unsupported(
          param, "pictures are not fetched here; send the picture itself as a data: URL");
    }
    var comma = text.indexOf(',');
    var head = comma < 0 ? "" : text.substring(SCHEME.length(), comma).toLowerCase(Locale.ROOT);
    if (!head.endsWith(ENCODING)) {
      throw wrong(param);
    }
    return new Image(mediaType(head.split(";", -1)[0], param), base64(text, comma + 1, param));
  }

  private static String mediaType(String told, String param) {
    var mediaType = told.equals("image/jpg") ? "image/jpeg" : told;
    if (!MEDIA_TYPES.contains(mediaType)) {
      throw Members.unsupported(param, "only PNG, JPEG, WebP and GIF pictures are understood");
    }
    return mediaType;
  }

  // Decoded to be sure, encoded again because clients leave the padding out.
  private static String base64(String text, int from, String param) {
    try {
      var bytes = Base64.getDecoder().decode(text.substring(from));
      if (bytes.length > 0) {
        return Base64.getEncoder().encodeToString(bytes);
      }
    } catch (IllegalArgumentException e) {
      // falls through to the same sentence
    }
    throw wrong(param);
  }

  private static OpenAiException wrong(String param) {
    return Members.invalid(param, "a picture as data:image/…;base64,…");
  }
}
