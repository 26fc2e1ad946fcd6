package dev.penstock.local.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ImageFileTest {
  private static final Path FOLDER = Path.of("../deploy/images");

  @Test
  void runsAsANumberedUserWithoutAShellAndByEnvironmentAlone() throws IOException {
    var file = ImageFile.read(FOLDER.resolve("Dockerfile"));

    assertThat(file.user()).matches("[1-9][0-9]*:[1-9][0-9]*");
    assertThat(file.entrypoint()).first().asString().startsWith("/").endsWith("/java");
    assertThat(file.environment())
        .containsEntry("HOST", "0.0.0.0")
        .containsEntry("PORT", "8080")
        .containsEntry("MANAGEMENT_PORT", "9090");
  }

  @Test
  void isTheSameImageFromSourceAndFromWhatWasBuilt() throws IOException {
    assertThat(ImageFile.lastStage(FOLDER.resolve("Dockerfile.built")))
        .filteredOn(line -> !line.startsWith("COPY"))
        .isEqualTo(
            ImageFile.lastStage(FOLDER.resolve("Dockerfile")).stream()
                .filter(line -> !line.startsWith("COPY"))
                .toList());
  }

  @Test
  void namesEveryBaseInOneFile() throws IOException {
    var bases = Files.readString(FOLDER.resolve("bases"));
    for (var file :
        new String[] {"Dockerfile", "Dockerfile.built", "../../ollama-backend/Dockerfile"}) {
      assertThat(Files.readString(FOLDER.resolve(file)).lines())
          .filteredOn(line -> line.startsWith("FROM "))
          .allSatisfy(
              line -> {
                var base = line.replaceAll("FROM \\$\\{(\\w+)}.*", "$1");
                assertThat(bases).contains("\n" + base + " ");
              });
    }
  }
}
