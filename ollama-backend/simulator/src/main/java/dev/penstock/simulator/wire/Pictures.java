package dev.penstock.simulator.wire;

import dev.penstock.gojson.GoStruct;
import java.util.Base64;

/** {@code images}: base64 of the bytes, without a prefix. */
record Pictures(int count, int bytes) {
  /**
   * Those of a message or a prompt.
   *
   * @throws OllamaError 400 for what is not base64
   */
  static Pictures parse(GoStruct body) {
    var count = 0;
    var bytes = 0;
    for (var image : body.array("images", "[]api.ImageData")) {
      try {
        bytes += Base64.getDecoder().decode(image.asText()).length;
      } catch (IllegalArgumentException e) {
        throw OllamaError.badRequest("illegal base64 data at input byte 0");
      }
      count++;
    }
    return new Pictures(count, bytes);
  }
}
