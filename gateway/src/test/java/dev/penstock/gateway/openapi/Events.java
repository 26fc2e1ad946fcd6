package dev.penstock.gateway.openapi;

import java.util.ArrayList;
import java.util.List;

/** The events of a whole event stream of ours, which has one data line each (sse.md SSE-4). */
final class Events {
  /**
   * @param name {@code message} where the stream gives none
   */
  record Event(String name, String data) {}

  private Events() {}

  static List<Event> of(String stream) {
    var events = new ArrayList<Event>();
    for (var block : stream.split("\n\n")) {
      var name = "message";
      String data = null;
      for (var line : block.split("\n")) {
        if (line.startsWith("event: ")) {
          name = line.substring("event: ".length());
        } else if (line.startsWith("data: ")) {
          data = line.substring("data: ".length());
        }
      }
      if (data != null) {
        events.add(new Event(name, data));
      }
    }
    return events;
  }
}
