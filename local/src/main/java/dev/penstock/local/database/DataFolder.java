package dev.penstock.local.database;

import dev.penstock.kit.config.ConfigurationException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The folder local mode keeps its data in ({@code .penstock/} unless told otherwise), held by one
 * process at a time. The operating system drops the hold with the process, however it ends.
 */
public final class DataFolder implements AutoCloseable {
  static final String PASSWORD_FILE = "database-password";

  private static final int OWNER_BYTES = 200;

  private final Path path;
  private final FileChannel channel;
  private final FileLock lock;

  private DataFolder(Path path, FileChannel channel, FileLock lock) {
    this.path = path;
    this.channel = channel;
    this.lock = lock;
  }

  /**
   * Takes the folder, making it where it is missing.
   *
   * @param holder what a second start is told about this process: its pid and address
   * @throws ConfigurationException if another Penstock holds it, naming that one
   */
  public static DataFolder take(Path path, String holder) throws IOException {
    Files.createDirectories(path);
    var channel =
        FileChannel.open(
            path.resolve("lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    var lock = tryLock(channel);
    if (lock == null) {
      var owner = ByteBuffer.allocate(OWNER_BYTES);
      channel.read(owner, 0);
      channel.close();
      throw new ConfigurationException(
          "the data in "
              + path
              + " is in use by "
              + StandardCharsets.UTF_8.decode(owner.flip()).toString().strip()
              + "; stop it, or use another folder with --data");
    }
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(holder.getBytes(StandardCharsets.UTF_8)), 0);
    return new DataFolder(path, channel, lock);
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  /** A place in the folder. */
  public Path resolve(String name) {
    return path.resolve(name);
  }

  /** The database's password: made once, readable by this user only. */
  public Path passwordFile() throws IOException {
    var file = path.resolve(PASSWORD_FILE);
    if (!Files.exists(file)) {
      var secret = new byte[24];
      new SecureRandom().nextBytes(secret);
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(file, HexFormat.of().formatHex(secret));
    }
    return file;
  }

  @Override
  public void close() throws IOException {
    lock.release();
    channel.close();
  }
}
