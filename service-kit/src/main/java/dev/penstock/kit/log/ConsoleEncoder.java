package dev.penstock.kit.log;

import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;
import dev.penstock.kit.http.Version;
import org.jspecify.annotations.Nullable;

/**
 * Encodes log events as {@code PENSTOCK_LOG_FORMAT} asks. Made by {@code logback.xml}, before
 * anything else of ours runs, so it takes its few variables from there.
 */
public final class ConsoleEncoder extends EncoderBase<ILoggingEvent> {
  private static final byte[] NOTHING = {};
  private static volatile String service = "penstock";

  private final PatternLayoutEncoder text = new PatternLayoutEncoder();
  private LogFormat format = LogFormat.AUTO;
  private boolean gathered;
  private @Nullable String platformService;
  private @Nullable String project;
  private boolean json;

  /** Names the service in lines of JSON, where no platform does. */
  public static void nameService(String name) {
    service = name;
  }

  /** Pattern of a line of text. */
  public void setPattern(String pattern) {
    text.setPattern(pattern);
  }

  /** {@code PENSTOCK_LOG_FORMAT}; what is no format is told of where settings are checked. */
  public void setFormat(String word) {
    format = LogFormat.find(word).orElse(LogFormat.AUTO);
  }

  /** {@code K_SERVICE}: this is Cloud Run, and the service's name there. */
  public void setRun(String name) {
    if (!name.isBlank()) {
      gathered = true;
      platformService = name;
    }
  }

  /** {@code KUBERNETES_SERVICE_HOST}: this is a pod. */
  public void setKubernetes(String host) {
    gathered |= !host.isBlank();
  }

  /** {@code GOOGLE_CLOUD_PROJECT}. */
  public void setProject(String name) {
    project = name.isBlank() ? null : name;
  }

  @Override
  public void start() {
    json =
        switch (format) {
          case JSON -> true;
          case TEXT -> false;
          case AUTO -> gathered;
        };
    text.setContext(getContext());
    text.start();
    super.start();
  }

  @Override
  public void stop() {
    text.stop();
    super.stop();
  }

  @Override
  public byte[] headerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    return json
        ? new JsonLine(
                platformService == null ? service : platformService, Version.OF_BUILD, project)
            .of(event)
        : text.encode(event);
  }

  @Override
  public byte[] footerBytes() {
    return NOTHING;
  }
}
