import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.zip.ZipFile;

/**
 * What one service's image holds, below {@code penstock/}: {@code jre} with the modules that its
 * libraries name, {@code lib}, {@code native}, {@code options} for {@code java}, {@code sbom.json},
 * and {@code service.aot} once it is trained.
 */
record ImageLayout(String service, Path home) {
  /** Modules that are used where they are there, whatever jdeps finds. */
  private static final List<String> UNNAMED_MODULES = List.of("jdk.management", "jdk.unsupported");

  /**
   * Modules that are named for what no service does: Vert.x compiles verticles from their sources,
   * Jackson and SnakeYAML look at beans, and the JDBC driver knows shapes.
   */
  private static final List<String> NEEDLESS_MODULES = List.of("java.compiler", "java.desktop");

  private static final String EPOLL = "META-INF/native/libnetty_transport_native_epoll_x86_64.so";

  private static final Pattern CLASSIFIER = Pattern.compile("[?&]classifier=([^&]+)");

  /** Why each is there is told in docs/deploy/images.md. */
  private static final List<String> FLAGS =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:MaxRAMPercentage=65",
          "-XX:+UseCompactObjectHeaders",
          "-XX:+ExitOnOutOfMemoryError",
          "-XX:-UsePerfData",
          "-XX:+ErrorFileToStderr",
          "-Xlog:aot=off",
          "-Xlog:cds=off",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow",
          "-Djava.library.path=native",
          "-Dio.netty.jfr.enabled=false",
          "-Dvertx.disableFileCPResolving=true");

  static ImageLayout make(Path root, String service) throws IOException {
    var target = root.resolve(service).resolve("target");
    var home = target.resolve("image/penstock");
    if (Files.exists(home)) {
      Train.delete(home);
    }
    Files.createDirectories(home);
    var layout = new ImageLayout(service, home);
    var bill = Files.copy(target.resolve("bom.json"), home.resolve("sbom.json"));
    layout.copyJars(
        new ObjectMapper().readTree(bill.toFile()), root.resolve("local/target/app/lib"));
    layout.extractNative();
    layout.writeOptions(mainClass(service));
    layout.link(layout.modules());
    return layout;
  }

  Path java() {
    return home.resolve("jre/bin/java");
  }

  Path cache() {
    return home.resolve("service.aot");
  }

  /** One line for a person. */
  String sizes() {
    try {
      return "%-16s %5.1f MB without its start-up cache of %5.1f MB"
          .formatted(service, megabytes(home) - megabytes(cache()), megabytes(cache()));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String mainClass(String service) {
    return switch (service) {
      case "gateway" -> "dev.penstock.gateway.Main";
      case "session-service" -> "dev.penstock.session.Main";
      case "inference-proxy" -> "dev.penstock.proxy.Main";
      default -> throw new IllegalArgumentException(service);
    };
  }

  /** What the bill of materials says is in it, and nothing else. */
  private void copyJars(JsonNode bill, Path from) throws IOException {
    var lib = Files.createDirectory(home.resolve("lib"));
    copyJar(bill.at("/metadata/component"), from, lib);
    for (var component : bill.get("components")) {
      copyJar(component, from, lib);
    }
  }

  private static void copyJar(JsonNode component, Path from, Path lib) throws IOException {
    var classifier = CLASSIFIER.matcher(component.path("purl").asText());
    var name =
        component.get("name").asText()
            + "-"
            + component.get("version").asText()
            + (classifier.find() ? "-" + classifier.group(1) : "")
            + ".jar";
    Files.copy(from.resolve(name), lib.resolve(name));
  }

  /** Netty would unpack it into a folder for temporary files, which a read-only root has not. */
  private void extractNative() throws IOException {
    var folder = Files.createDirectory(home.resolve("native"));
    for (var jar : files(home.resolve("lib"))) {
      try (var opened = new JarFile(jar.toFile())) {
        var entry = opened.getEntry(EPOLL);
        if (entry != null) {
          Files.copy(
              opened.getInputStream(entry),
              folder.resolve(Path.of(EPOLL).getFileName().toString()));
        }
      }
    }
  }

  private void writeOptions(String mainClass) throws IOException {
    var classPath =
        files(home.resolve("lib")).stream()
            .map(jar -> "lib/" + jar.getFileName())
            .collect(Collectors.joining(":"));
    var lines = new ArrayList<>(FLAGS);
    lines.addAll(List.of("-cp", classPath, mainClass));
    Files.write(home.resolve("options"), lines);
  }

  private TreeSet<String> modules() throws IOException {
    var modules = new TreeSet<>(UNNAMED_MODULES);
    var classes = Files.createTempDirectory("penstock-classes");
    try {
      // One folder instead of the jars: jdeps would insist on what their modules name.
      for (var jar : files(home.resolve("lib"))) {
        unpackClasses(jar, classes);
      }
      var named =
          run("jdeps", List.of("--ignore-missing-deps", "--print-module-deps", classes.toString()));
      modules.addAll(List.of(named.strip().split(",")));
    } finally {
      Train.delete(classes);
    }
    modules.removeAll(NEEDLESS_MODULES);
    return modules;
  }

  private static void unpackClasses(Path jar, Path folder) throws IOException {
    try (var opened =
        new JarFile(jar.toFile(), false, ZipFile.OPEN_READ, JarFile.runtimeVersion())) {
      for (var entry : opened.versionedStream().toList()) {
        if (entry.getName().endsWith(".class") && !entry.getName().contains("module-info")) {
          var file = folder.resolve(entry.getName());
          Files.createDirectories(file.getParent());
          Files.copy(opened.getInputStream(entry), file, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
  }

  private void link(TreeSet<String> modules) {
    run(
        "jlink",
        List.of(
            "--add-modules",
            String.join(",", modules),
            "--strip-debug",
            "--no-header-files",
            "--no-man-pages",
            "--output",
            home.resolve("jre").toString()));
  }

  private static String run(String tool, List<String> arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    var code =
        ToolProvider.findFirst(tool)
            .orElseThrow(() -> new IllegalStateException("this JDK has no " + tool))
            .run(new PrintWriter(out), new PrintWriter(err), arguments.toArray(String[]::new));
    if (code != 0) {
      throw new IllegalStateException(tool + " failed: " + out + err);
    }
    return out.toString();
  }

  private static List<Path> files(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  private static double megabytes(Path path) throws IOException {
    try (var files = Files.walk(path)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum()
          / 1e6;
    }
  }
}
