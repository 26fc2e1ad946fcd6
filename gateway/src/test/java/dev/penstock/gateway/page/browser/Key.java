package dev.penstock.gateway.page.browser;

import io.vertx.core.json.JsonObject;

/** Keys as the browser's input pipeline takes them. */
public enum Key {
  ENTER("Enter", "Enter", 13),
  /** Enter as it arrives while an input method holds it: key code 229. */
  ENTER_OF_INPUT_METHOD("Enter", "Enter", 229),
  ESCAPE("Escape", "Escape", 27),
  TAB("Tab", "Tab", 9),
  UP("ArrowUp", "ArrowUp", 38),
  PAGE_UP("PageUp", "PageUp", 33),
  END("End", "End", 35),
  O("o", "KeyO", 79),
  SLASH("/", "Slash", 191);

  private final String key;
  private final String code;
  private final int keyCode;

  Key(String key, String code, int keyCode) {
    this.key = key;
    this.code = code;
    this.keyCode = keyCode;
  }

  JsonObject event(Modifier... modifiers) {
    var held = 0;
    for (var modifier : modifiers) {
      held |= modifier.bit;
    }
    var event =
        new JsonObject()
            .put("key", key)
            .put("code", code)
            .put("windowsVirtualKeyCode", keyCode)
            .put("modifiers", held);
    // Without its text the key reaches the page, but the browser inserts no line.
    return this == ENTER ? event.put("text", "\r") : event;
  }

  /** What is held down beside a key. */
  public enum Modifier {
    CONTROL(2),
    SHIFT(8);

    private final int bit;

    Modifier(int bit) {
      this.bit = bit;
    }
  }
}
