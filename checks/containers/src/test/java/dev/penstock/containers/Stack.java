package dev.penstock.containers;

import com.github.dockerjava.api.model.Capability;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.startupcheck.OneShotStartupCheckStrategy;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;

/**
 * The services' images over a PostgreSQL, with the simulator as the model: two gateways, everything
 * else once. Each service has a read-only root, no capability, half a gigabyte and one processor.
 */
final class Stack implements AutoCloseable {
  static final int PORT = 8080;
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final long MEMORY_BYTES = 512L << 20;
  private static final long ONE_CPU_NANOS = 1_000_000_000L;
  private static final String TAG = System.getProperty("containers.tag", "dev");
  private static final String POSTGRES =
      System.getProperty("containers.postgres", "docker.io/library/postgres:18");
  private static final String DATABASE = "postgresql://postgres:secret@database:5432/postgres";

  private final Network network = Network.newNetwork();
  private final List<GenericContainer<?>> started = new ArrayList<>();
  private final List<GenericContainer<?>> gateways = new ArrayList<>();
  private final List<GenericContainer<?>> services = new ArrayList<>();

  Stack() {
    start(
        new GenericContainer<>(DockerImageName.parse(POSTGRES))
            .withEnv("POSTGRES_PASSWORD", "secret")
            .withNetworkAliases("database")
            .waitingFor(
                Wait.forLogMessage(".*database system is ready to accept connections.*\\s", 2)));
    start(simulator());
    serve(
        service("session-service", Map.of("DATABASE_URL", DATABASE))
            .withCommand("migrate")
            .withStartupCheckStrategy(new OneShotStartupCheckStrategy().withTimeout(LIMIT)));
    serve(ready(service("session-service", Map.of("DATABASE_URL", DATABASE)), "sessions"));
    serve(ready(service("inference-proxy", Map.of("OLLAMA_URL", "http://model:11434")), "proxy"));
    for (var i = 0; i < 2; i++) {
      gateways.add(serve(gateway()));
    }
  }

  URI gateway(int index) {
    var container = gateways.get(index);
    return URI.create("http://" + container.getHost() + ":" + container.getMappedPort(PORT));
  }

  /** As the platform stops it; tells its exit code. */
  long terminate(int gateway) {
    var container = gateways.get(gateway);
    var engine = container.getDockerClient();
    engine.stopContainerCmd(container.getContainerId()).withTimeout(10).exec();
    var code =
        engine.inspectContainerCmd(container.getContainerId()).exec().getState().getExitCodeLong();
    return code == null ? -1 : code;
  }

  /** Another one in the place of one that was terminated. */
  void replace(int gateway) {
    gateways.set(gateway, serve(gateway()));
  }

  /** What all services have said so far. */
  String said() {
    return services.stream().map(GenericContainer::getLogs).collect(Collectors.joining("\n"));
  }

  private GenericContainer<?> gateway() {
    return ready(
        service(
            "gateway",
            Map.of(
                "SESSION_SERVICE_URL", "http://sessions:8080",
                "INFERENCE_PROXY_URL", "http://proxy:8080")),
        "gateway");
  }

  private static GenericContainer<?> service(String name, Map<String, String> environment) {
    return new GenericContainer<>(DockerImageName.parse("penstock-" + name + ":" + TAG))
        .withEnv("AUTHENTICATION", "platform")
        .withEnv(environment)
        .withCreateContainerCmdModifier(
            create ->
                create
                    .getHostConfig()
                    .withReadonlyRootfs(true)
                    .withCapDrop(Capability.ALL)
                    .withMemory(MEMORY_BYTES)
                    .withNanoCPUs(ONE_CPU_NANOS));
  }

  private static GenericContainer<?> ready(GenericContainer<?> service, String alias) {
    return service
        .withNetworkAliases(alias)
        .withExposedPorts(PORT)
        .waitingFor(Wait.forHttp("/readyz").forPort(PORT).withStartupTimeout(LIMIT));
  }

  /** Has no image, since nobody runs it: it borrows the gateway's runtime. */
  private static GenericContainer<?> simulator() {
    return new GenericContainer<>(DockerImageName.parse("penstock-gateway:" + TAG))
        .withCopyFileToContainer(
            MountableFile.forHostPath(Path.of("../../local/target/app/lib").toAbsolutePath()),
            "/simulator")
        .withCreateContainerCmdModifier(
            create ->
                create.withEntrypoint(
                    "/penstock/jre/bin/java",
                    "-cp",
                    "/simulator/*",
                    "dev.penstock.simulator.Main",
                    "--allow-unauthenticated"))
        .withEnv(
            Map.of(
                "PORT", "11434",
                "MANAGEMENT_PORT", "-1",
                "SIMULATOR_LOAD_MS", "50",
                "SIMULATOR_TOKENS_PER_SECOND", "60",
                "OLLAMA_NUM_PARALLEL", "4"))
        .withNetworkAliases("model")
        .withExposedPorts(11434)
        .waitingFor(Wait.forHttp("/api/version").forPort(11434));
  }

  private GenericContainer<?> serve(GenericContainer<?> container) {
    services.add(container);
    return start(container);
  }

  private GenericContainer<?> start(GenericContainer<?> container) {
    container.withNetwork(network).start();
    started.add(container);
    return container;
  }

  @Override
  public void close() {
    started.reversed().forEach(GenericContainer::stop);
    network.close();
  }
}
