package dev.penstock.session.isolation;

import dev.penstock.session.SessionService;
import dev.penstock.session.database.Database;
import dev.penstock.session.database.TenantDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The SQL that stands in constants of the service's classes, those apart that only know the owner's
 * side of the store: it sees every tenant.
 */
final class Statements {
  private Statements() {}

  /** Every constant that names its caller's tenant and has no gap left to be filled. */
  static List<String> ofTenants() {
    try {
      var code =
          Path.of(SessionService.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      if (Files.isDirectory(code)) {
        return under(code);
      }
      try (var jar = FileSystems.newFileSystem(code)) {
        return under(jar.getPath("/"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> under(Path root) throws IOException {
    try (var files = Files.walk(root.resolve("dev/penstock/session"))) {
      return files
          .map(file -> root.relativize(file).toString())
          .filter(file -> file.endsWith(".class") && !file.contains("/isolation/"))
          .map(file -> file.substring(0, file.length() - ".class".length()).replace('/', '.'))
          .flatMap(Statements::texts)
          .filter(text -> text.contains("tenant_id = $1") && !text.contains("%"))
          .map(String::strip)
          .distinct()
          .toList();
    }
  }

  private static Stream<String> texts(String type) {
    try {
      var fields = List.of(Class.forName(type).getDeclaredFields());
      if (fields.stream().anyMatch(field -> field.getType() == Database.class)
          && fields.stream().noneMatch(field -> field.getType() == TenantDatabase.class)) {
        return Stream.empty();
      }
      return fields.stream()
          .filter(field -> Modifier.isStatic(field.getModifiers()))
          .filter(field -> field.getType() == String.class)
          .filter(Field::trySetAccessible)
          .map(
              field -> {
                try {
                  return (String) field.get(null);
                } catch (IllegalAccessException e) {
                  throw new IllegalStateException(e);
                }
              })
          .filter(text -> text != null);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }
}
