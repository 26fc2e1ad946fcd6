import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions.Style;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Formats every Java source below a directory with google-java-format, or checks that it is.
 *
 * <p>Run by the root POM under the build's JDK: {@code Format.java check|apply DIRECTORY}. Exit
 * code 1 names each file that differs and says what to do.
 */
class Format {
  static void main(String[] args) throws IOException, FormatterException {
    var apply = args[0].equals("apply");
    var root = Path.of(args[1]);
    var differing = 0;
    for (var file : sources(root)) {
      var source = Files.readString(file);
      var formatted =
          new Formatter()
              .formatSource(
                  RemoveUnusedImports.removeUnusedImports(
                      ImportOrderer.reorderImports(source, Style.GOOGLE)));
      if (formatted.equals(source)) {
        continue;
      }
      differing++;
      if (apply) {
        Files.writeString(file, formatted);
        System.out.println("formatted " + root.relativize(file));
      } else {
        System.out.println("not formatted: " + root.relativize(file));
      }
    }
    if (differing > 0 && !apply) {
      System.out.println("Run: ./mvnw -N process-sources -Dformat=apply");
      System.exit(1);
    }
  }

  private static List<Path> sources(Path root) throws IOException {
    try (var walk = Files.walk(root)) {
      return walk.filter(path -> path.toString().endsWith(".java"))
          .filter(path -> !path.toString().contains("/target/"))
          .filter(path -> !path.toString().contains("/."))
          .sorted()
          .toList();
    }
  }
}
