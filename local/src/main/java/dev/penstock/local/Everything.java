package dev.penstock.local;

import static java.lang.System.Logger.Level.ERROR;

import dev.penstock.gateway.authentication.PepperSettings;
import dev.penstock.kit.config.Authentication;
import dev.penstock.kit.config.ConfigurationException;
import dev.penstock.kit.config.Environment;
import dev.penstock.kit.config.Listen;
import dev.penstock.kit.drain.Drain;
import dev.penstock.kit.drain.Service;
import dev.penstock.kit.drain.ServiceProcess;
import dev.penstock.kit.log.ConsoleEncoder;
import dev.penstock.kit.log.LogFormat;
import dev.penstock.kit.metrics.Metrics;
import dev.penstock.local.database.DataFolder;
import dev.penstock.local.database.LocalDatabase;
import dev.penstock.local.keys.LocalPepper;
import dev.penstock.proxy.ProxyConfig;
import dev.penstock.proxy.serving.UpstreamConfig;
import dev.penstock.session.schema.SchemaMigration;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The same services as in production, in one process, talking over loopback HTTP, with a database
 * of their own and whichever model server answers.
 */
final class Everything {
  private static final System.Logger LOG = System.getLogger(Everything.class.getName());
  private static final int DEFAULT_PORT = 8080;
  private static final String LOOPBACK = "127.0.0.1";
  private static final String SLOTS = "OLLAMA_NUM_PARALLEL";
  private static final String SIMULATOR_SLOTS = "4";

  private final Metrics metrics;
  private final Vertx vertx;
  private final List<Service> started = new ArrayList<>();
  private final DataFolder folder;
  private final LocalDatabase database;
  private volatile boolean ready;

  private Everything(DataFolder folder, LocalDatabase database, Metrics metrics) {
    this.metrics = metrics;
    this.vertx = metrics.vertx();
    this.folder = folder;
    this.database = database;
  }

  /** Starts it all and returns once the URL is printed; Ctrl-C drains and stops it. */
  static void run(CommandLine line, Environment environment) {
    environment.rejectUnknown();
    LogFormat.check(environment);
    ConsoleEncoder.nameService("local");
    var listen =
        Listen.from(environment, DEFAULT_PORT, Authentication.OF_EDGE, line.allowUnauthenticated());
    requireFree(listen);
    var data = line.data() == null ? Path.of(".penstock") : line.data();
    try {
      var folder = DataFolder.take(data.toAbsolutePath(), holder(listen));
      var metrics = new Metrics(Listen.measured(environment));
      var everything = new Everything(folder, LocalDatabase.start(folder), metrics);
      Runtime.getRuntime().addShutdownHook(new Thread(everything::stop, "drain"));
      everything.start(environment, line);
    } catch (IOException | SQLException e) {
      throw new IllegalStateException("the database did not start", e);
    }
  }

  private static String holder(Listen listen) {
    return "process " + ProcessHandle.current().pid() + " at http://localhost:" + listen.port();
  }

  /** Says so before a database is started for nothing. */
  private static void requireFree(Listen listen) {
    if (listen.port() == 0) {
      return;
    }
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(listen.host()), listen.port()));
    } catch (IOException e) {
      throw new ConfigurationException(
          "port " + listen.port() + " is taken; stop what uses it, or choose another with --port");
    }
  }

  private void start(Environment environment, CommandLine line) {
    SchemaMigration.run(database.url());
    var inner =
        environment
            .with("HOST", LOOPBACK)
            .with("MANAGEMENT_PORT", "-1")
            .with("PORT", "0")
            // It says who checks the public; these have one caller, this process.
            .with("AUTHENTICATION", "");
    var sessions =
        up(OneService.sessionService(inner.with("DATABASE_URL", database.url()), metrics, false));
    var proxy = up(OneService.inferenceProxy(withModel(inner), metrics, false));
    var gateway =
        up(
            OneService.gateway(
                withPepper(environment)
                    .with("SESSION_SERVICE_URL", address(sessions))
                    .with("INFERENCE_PROXY_URL", address(proxy)),
                metrics,
                line.allowUnauthenticated()));
    ready = true;
    System.out.println("Penstock is ready: http://localhost:" + gateway.port());
  }

  /** With a pepper of this installation's own where keys are checked and none is configured. */
  private Environment withPepper(Environment environment) {
    return Authentication.OF_EDGE.of(environment).contains(Authentication.Check.KEYS)
            && PepperSettings.find(environment).isEmpty()
        ? environment.with(
            "PENSTOCK_KEY_PEPPER_FILE", LocalPepper.file(folder.resolve("")).toString())
        : environment;
  }

  /** With the model server's address, said out loud, since a simulator is easily mistaken. */
  private Environment withModel(Environment environment) {
    var serving = ProxyConfig.from(environment, true).serving();
    var addresses = serving.upstreams().stream().map(UpstreamConfig::url).toList();
    var named = String.join(",", addresses.stream().map(URI::toString).toList());
    if (serving.fromFile()) {
      System.out.println("Answers come from the model servers of PENSTOCK_CONFIG: " + named);
      return environment;
    }
    if (addresses.stream().anyMatch(ModelServer::answers)) {
      System.out.println("Answers come from the Ollama at " + named);
      return environment;
    }
    // As many as a demonstration in two tabs wants; Ollama's own default is 1.
    var slots = environment.has(SLOTS) ? environment : environment.with(SLOTS, SIMULATOR_SLOTS);
    var simulator = up(OneService.simulator(slots, metrics, false));
    System.out.println(
        "No Ollama answers at "
            + named
            + ": answers come from the SIMULATOR, which is not a real model");
    return slots.with("OLLAMA_URL", address(simulator));
  }

  private Service up(Service service) {
    service.start(vertx).toCompletionStage().toCompletableFuture().join();
    started.add(service);
    return service;
  }

  private static String address(Service service) {
    return "http://" + LOOPBACK + ":" + service.port();
  }

  /** The gateway first, since it needs the others to end its turns; the database last. */
  private void stop() {
    try {
      Future<Void> drained = Future.succeededFuture();
      for (var service : started.reversed()) {
        drained = drained.compose(_ -> service.drain());
      }
      drained
          .toCompletionStage()
          .toCompletableFuture()
          .get(Drain.LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      LOG.log(ERROR, "the services were not idle in time and are closed");
    } catch (Exception e) {
      LOG.log(ERROR, "could not drain", e);
    }
    vertx.close().toCompletionStage().toCompletableFuture().join();
    try {
      database.close();
      folder.close();
    } catch (IOException e) {
      LOG.log(ERROR, "could not stop the database", e);
    }
    if (ready) {
      ServiceProcess.exitStopped();
    }
  }
}
