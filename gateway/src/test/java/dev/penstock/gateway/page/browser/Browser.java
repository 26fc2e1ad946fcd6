package dev.penstock.gateway.page.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Gives tests tabs of one Chromium, started once per run. A test in which the page complained
 * fails. Without a Chromium the tests are skipped, with {@code -Dbrowser.required=true} they fail.
 */
public final class Browser implements BeforeAllCallback, AfterEachCallback {
  private static final String ABSENT =
      "no Chromium: install Debian's package chromium, or name one in CHROMIUM";

  private final List<Tab> tabs = new ArrayList<>();
  private @Nullable Shared shared;

  @Override
  public void beforeAll(ExtensionContext context) {
    var installed = Chromium.installed();
    if (Boolean.getBoolean("browser.required")) {
      assertThat(installed).as(ABSENT).isPresent();
    }
    assumeTrue(installed.isPresent(), ABSENT);
    shared =
        context
            .getRoot()
            .getStore(ExtensionContext.Namespace.GLOBAL)
            .computeIfAbsent(
                Shared.class,
                _ -> new Shared(Chromium.start(installed.orElseThrow())),
                Shared.class);
  }

  /** A tab of a browser nobody has used yet: nothing stored, no other tab. */
  public Tab tab() {
    var context = devTools().call(null, "Target.createBrowserContext", new JsonObject());
    return opened(new Tab(devTools(), context.getString("browserContextId")));
  }

  /** Another tab of the same browser: it shares what is stored with {@code other}. */
  public Tab tabBeside(Tab other) {
    return opened(new Tab(devTools(), other.contextId()));
  }

  private DevTools devTools() {
    return Objects.requireNonNull(shared, "no test has begun").chromium.devTools();
  }

  private Tab opened(Tab tab) {
    tabs.add(tab);
    return tab;
  }

  /** Where screenshots go. */
  public static Path screenshots() {
    return Path.of("target", "screenshots");
  }

  @Override
  public void afterEach(ExtensionContext context) {
    var complaints = tabs.stream().flatMap(tab -> tab.complaints().stream()).toList();
    tabs.forEach(Tab::close);
    tabs.clear();
    assertThat(complaints).as("what the page complained of").isEmpty();
  }

  private record Shared(Chromium chromium) implements AutoCloseable {
    @Override
    public void close() throws Exception {
      chromium.close();
    }
  }
}
