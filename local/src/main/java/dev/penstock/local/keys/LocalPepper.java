package dev.penstock.local.keys;

import dev.penstock.contracts.access.Peppers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/** The pepper of an installation on one machine: made once, readable by this user only. */
public final class LocalPepper {
  private static final int BYTES = 32;

  private LocalPepper() {}

  /** Its file in the data folder, which is made where it is missing. */
  public static Path file(Path folder) {
    var file = folder.resolve("key-pepper");
    try {
      Files.createDirectories(folder);
      if (!Files.exists(file)) {
        make(file);
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Peppers of(Path folder) {
    try {
      return Peppers.parse(Files.readString(file(folder)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whole or not at all: another process may look for it now. */
  private static void make(Path file) throws IOException {
    var secret = new byte[BYTES];
    new SecureRandom().nextBytes(secret);
    var permissions =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    var written = Files.createTempFile(file.getParent(), "key-pepper", ".new", permissions);
    Files.writeString(written, HexFormat.of().formatHex(secret) + "\n");
    try {
      Files.createLink(file, written);
    } catch (FileAlreadyExistsException e) {
      // The other process was first; its pepper it is.
    } finally {
      Files.delete(written);
    }
  }
}
