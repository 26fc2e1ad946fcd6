package dev.penstock.kit.config;

import java.io.Serial;

/** The configuration is wrong; the message names the setting and says what it must be. */
public final class ConfigurationException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  public ConfigurationException(String message) {
    super(message);
  }
}
