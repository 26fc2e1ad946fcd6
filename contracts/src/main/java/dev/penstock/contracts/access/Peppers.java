package dev.penstock.contracts.access;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Peppers of which the first makes keys and all verify, so that one can be put in the place of
 * another while keys of both are in use.
 *
 * @param all at least one
 */
public record Peppers(List<Pepper> all) {
  public Peppers {
    all = List.copyOf(all);
  }

  /**
   * Reads secrets that commas or line ends separate.
   *
   * @throws IllegalArgumentException saying what they must be, never what they are
   */
  public static Peppers parse(String text) {
    var secrets =
        Arrays.stream(text.split("[,\r\n]"))
            .map(String::strip)
            .filter(secret -> !secret.isEmpty())
            .toList();
    if (secrets.isEmpty()) {
      throw new IllegalArgumentException("a secret of at least " + Pepper.LEAST_BYTES + " bytes");
    }
    return new Peppers(secrets.stream().map(Pepper::new).toList());
  }

  /** The pepper that new keys are made under. */
  public Pepper first() {
    return all.getFirst();
  }

  /** The pepper the key was made under; empty for a made-up key. */
  public Optional<Pepper> of(ApiKey key) {
    return all.stream().filter(pepper -> pepper.made(key)).findFirst();
  }
}
