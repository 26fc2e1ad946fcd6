package dev.penstock.proxy.serving;

/**
 * What an upstream asks callers for. Shown as the variable that holds it, never as what it is.
 *
 * @param variable the environment variable it was read from
 */
public record ApiKey(String variable, String value) {
  @Override
  public String toString() {
    return "$" + variable;
  }
}
