import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;

/**
 * Lays out what the images of the services hold, and trains their start-up caches.
 *
 * <p>Run by the profile {@code images} under the build's JDK, with the libraries of {@code local}
 * on the class path: {@code Images.java ROOT}. What it makes is in {@code
 * SERVICE/target/image/penstock}; nothing of it depends on where it lies, as long as the process
 * starts in it.
 */
class Images {
  static void main(String[] args) throws IOException, InterruptedException, ExecutionException {
    var root = Path.of(args[0]).toRealPath();
    var layouts = new ArrayList<ImageLayout>();
    for (var service : List.of("gateway", "session-service", "inference-proxy")) {
      layouts.add(ImageLayout.make(root, service));
    }
    ImageTraining.train(root, layouts);
    layouts.forEach(layout -> System.out.println(layout.sizes()));
  }
}
