package dev.penstock.gateway.page.browser;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * One tab. Everything a person does goes through the browser's input pipeline; everything read is
 * an expression evaluated in the page. Complaints of the page (console errors, exceptions, CSP
 * violations) and the addresses it asked for are collected.
 */
public final class Tab implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final List<String> CONTROLS =
      List.of(
          "button",
          "link",
          "textbox",
          "combobox",
          "slider",
          "spinbutton",
          "heading",
          "main",
          "navigation");
  private static final String REPORT_VIOLATIONS =
      """
      document.addEventListener('securitypolicyviolation', (event) =>
        console.error(`CSP: ${event.effectiveDirective} blocked ${event.blockedURI} ${event.sample}`));
      """;

  private final DevTools devTools;
  private final String contextId;
  private final String targetId;
  private final String session;
  private int width;
  private int height;
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();

  Tab(DevTools devTools, String contextId) {
    this.devTools = devTools;
    this.contextId = contextId;
    this.targetId =
        devTools
            .call(
                null,
                "Target.createTarget",
                new JsonObject()
                    .put("url", "about:blank")
                    .put("browserContextId", contextId)
                    .put("newWindow", true))
            .getString("targetId");
    this.session =
        devTools
            .call(
                null,
                "Target.attachToTarget",
                new JsonObject().put("targetId", targetId).put("flatten", true))
            .getString("sessionId");
    devTools.listen(session, this::happened);
    for (var domain : List.of("Page", "Runtime", "Log", "Network")) {
      call(domain + ".enable", Map.of());
    }
    call("Emulation.setFocusEmulationEnabled", Map.of("enabled", true));
    call("Page.addScriptToEvaluateOnNewDocument", Map.of("source", REPORT_VIOLATIONS));
    size(1280, 800);
  }

  /** The profile (storage, cookies) this tab lives in. */
  String contextId() {
    return contextId;
  }

  /** What the page complained of so far. */
  public List<String> complaints() {
    return List.copyOf(complaints);
  }

  /** Drops complaints that hold one of these words, where a test has provoked them. */
  public void forgive(String... words) {
    complaints.removeIf(complaint -> List.of(words).stream().anyMatch(complaint::contains));
  }

  /** Every address the page asked for, in order. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  public void size(int width, int height) {
    this.width = width;
    this.height = height;
    call(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
  }

  /** Lets the page believe in that value of a media feature, as {@code prefers-color-scheme}. */
  public void prefers(String feature, String value) {
    var wish = new JsonObject().put("name", feature).put("value", value);
    call("Emulation.setEmulatedMedia", Map.of("features", new JsonArray().add(wish)));
  }

  public void open(String address) {
    call("Page.navigate", Map.of("url", address));
    untilReady();
  }

  public void reload() {
    evaluate("window.departing = true");
    call("Page.reload", Map.of());
    until("window.departing === undefined");
    untilReady();
  }

  /** Goes back in the tab's history, as the browser's button does. */
  public void back() {
    evaluate("history.back()");
  }

  /** Goes forward in the tab's history. */
  public void forward() {
    evaluate("history.forward()");
  }

  private void untilReady() {
    until("document.readyState === 'complete' && location.href !== 'about:blank'");
  }

  /** The value of a JavaScript expression; a promise is waited for. */
  public Object evaluate(String expression) {
    var reply =
        call(
            "Runtime.evaluate",
            Map.of(
                "expression", expression,
                "awaitPromise", true,
                "returnByValue", true,
                "userGesture", true));
    if (reply.containsKey("exceptionDetails")) {
      throw new AssertionError(expression + " threw " + reply.getJsonObject("exceptionDetails"));
    }
    var value = reply.getJsonObject("result").getValue("value");
    return value == null ? "" : value;
  }

  /** {@link #evaluate} as text. */
  public String text(String expression) {
    return String.valueOf(evaluate(expression));
  }

  /** Waits until the condition holds; fails after twenty seconds with what the page shows then. */
  public void until(String condition) {
    var deadline = System.nanoTime() + LIMIT.toNanos();
    while (System.nanoTime() < deadline) {
      try {
        if (Boolean.TRUE.equals(evaluate(waiting(condition, deadline - System.nanoTime())))) {
          return;
        }
      } catch (IllegalStateException e) {
        // The document the expression waited in was replaced by another one: ask that.
        var reason = String.valueOf(e.getMessage());
        if (!reason.contains("context") && !reason.contains("navigated")) {
          throw e;
        }
      }
    }
    throw new AssertionError(
        "not within %s: %s%n%s%ncomplaints: %s"
            .formatted(LIMIT, condition, text("document.body.innerText"), complaints));
  }

  private static String waiting(String condition, long nanos) {
    return """
        new Promise((resolve) => {
          const end = performance.now() + %d;
          const look = () => {
            if (%s) resolve(true);
            else if (performance.now() > end) resolve(false);
            else setTimeout(look, 5);
          };
          look();
        })"""
        .formatted(nanos / 1_000_000, condition);
  }

  /** Waits until the text of the first element that matches holds {@code text}. */
  public void untilShows(String selector, String text) {
    until(
        "(document.querySelector(%s)?.innerText ?? '').includes(%s)"
            .formatted(quoted(selector), quoted(text)));
  }

  /** Clicks in the middle of the first element that matches, once it can be seen. */
  public void click(String selector) {
    click(selector, 1);
  }

  /** Two clicks as fast as a mouse makes them. */
  public void doubleClick(String selector) {
    click(selector, 2);
  }

  private void click(String selector, int times) {
    until("document.querySelector(%s)?.checkVisibility() ?? false".formatted(quoted(selector)));
    var middle =
        new JsonObject(
            text(
                """
                (() => {
                  const element = document.querySelector(%s);
                  element.scrollIntoView({block: 'nearest'});
                  const {x, y, width, height} = element.getBoundingClientRect();
                  return JSON.stringify({x: x + width / 2, y: y + height / 2});
                })()"""
                    .formatted(quoted(selector))));
    var at = Map.of("x", middle.getDouble("x"), "y", middle.getDouble("y"));
    mouse("mouseMoved", at, 0);
    for (var click = 1; click <= times; click++) {
      mouse("mousePressed", at, click);
      mouse("mouseReleased", at, click);
    }
  }

  private void mouse(String type, Map<String, Double> at, int clicks) {
    var event = new JsonObject().put("type", type).put("x", at.get("x")).put("y", at.get("y"));
    if (clicks > 0) {
      event.put("button", "left").put("clickCount", clicks);
    }
    call("Input.dispatchMouseEvent", event.getMap());
  }

  /** Turns the wheel over the middle of the window; negative is upwards. */
  public void wheel(int pixels) {
    call(
        "Input.dispatchMouseEvent",
        Map.of(
            "type", "mouseWheel", "x", width / 2, "y", height / 2, "deltaX", 0, "deltaY", pixels));
  }

  /** Enters text where the focus is, in one go. */
  public void type(String text) {
    call("Input.insertText", Map.of("text", text));
  }

  public void press(Key key, Key.Modifier... modifiers) {
    var event = key.event(modifiers);
    var down = event.containsKey("text") ? "keyDown" : "rawKeyDown";
    call("Input.dispatchKeyEvent", event.copy().put("type", down).getMap());
    call("Input.dispatchKeyEvent", event.copy().put("type", "keyUp").getMap());
  }

  /** Shows {@code text} as the not yet finished word of an input method. */
  public void compose(String text) {
    call(
        "Input.imeSetComposition",
        Map.of("text", text, "selectionStart", text.length(), "selectionEnd", text.length()));
  }

  /** The controls as assistive technology sees them: {@code role "name"}, in order. */
  public List<String> controls() {
    call("Accessibility.enable", Map.of());
    return call("Accessibility.getFullAXTree", Map.of()).getJsonArray("nodes").stream()
        .map(JsonObject.class::cast)
        .filter(node -> !node.getBoolean("ignored", false))
        .filter(node -> CONTROLS.contains(valueOf(node, "role")))
        .map(node -> "%s \"%s\"".formatted(valueOf(node, "role"), valueOf(node, "name")))
        .toList();
  }

  private static String valueOf(JsonObject node, String property) {
    return node.getJsonObject(property, new JsonObject()).getString("value", "");
  }

  /** Cuts the tab off the network, or connects it again. */
  public void offline(boolean offline) {
    call(
        "Network.emulateNetworkConditions",
        Map.of("offline", offline, "latency", 0, "downloadThroughput", -1, "uploadThroughput", -1));
  }

  /** Writes what is seen as a PNG file. */
  public void screenshot(Path file) {
    var data =
        call(
                "Page.captureScreenshot",
                Map.of(
                    "format",
                    "png",
                    "clip",
                    Map.of("x", 0, "y", 0, "width", width, "height", height, "scale", 1)))
            .getString("data");
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.write(file, Base64.getDecoder().decode(data));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    devTools.forget(session);
    devTools.call(null, "Target.closeTarget", new JsonObject().put("targetId", targetId));
  }

  /** A JavaScript literal. */
  public static String quoted(String text) {
    return new JsonArray()
        .add(text)
        .encode()
        .transform(array -> array.substring(1, array.length() - 1));
  }

  private JsonObject call(String method, Map<String, Object> params) {
    return devTools.call(session, method, new JsonObject(params));
  }

  private void happened(String method, JsonObject params) {
    switch (method) {
      case "Network.requestWillBeSent" ->
          requests.add(params.getJsonObject("request").getString("url"));
      case "Runtime.exceptionThrown" ->
          complaints.add("exception: " + params.getJsonObject("exceptionDetails").encode());
      case "Runtime.consoleAPICalled" -> {
        if (List.of("error", "assert").contains(params.getString("type"))) {
          complaints.add("console: " + params.getJsonArray("args").encode());
        }
      }
      case "Log.entryAdded" -> {
        var entry = params.getJsonObject("entry");
        // A refused or failed request is part of many situations; the page shows it.
        if (entry.getString("level").equals("error")
            && !entry.getString("source").equals("network")) {
          complaints.add("log: " + entry.encode());
        }
      }
      default -> {}
    }
  }
}
