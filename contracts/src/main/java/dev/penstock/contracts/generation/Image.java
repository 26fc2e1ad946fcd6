package dev.penstock.contracts.generation;

/**
 * A picture in a message.
 *
 * @param mediaType such as {@code image/png}
 * @param base64 its bytes in standard base64 with padding, without a {@code data:} prefix
 */
public record Image(String mediaType, String base64) {
  /** Of an image whose kind nobody told and its first bytes do not show. */
  public static final String UNKNOWN_TYPE = "application/octet-stream";

  /** An image whose media type is told by its first bytes, for protocols that do not send it. */
  public static Image of(String base64) {
    return new Image(mediaType(base64), base64);
  }

  private static String mediaType(String base64) {
    // The signatures of the formats, three bytes to four characters.
    if (base64.startsWith("iVBORw0KGgo")) {
      return "image/png";
    }
    if (base64.startsWith("/9j/")) {
      return "image/jpeg";
    }
    if (base64.startsWith("R0lGOD")) {
      return "image/gif";
    }
    return base64.startsWith("UklGR") ? "image/webp" : UNKNOWN_TYPE;
  }
}
