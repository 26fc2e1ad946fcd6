package dev.penstock.local.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.function.Supplier;

/**
 * One address before several gateways, as a balancer gives them: each connection goes to the first
 * that lives, and breaks with it.
 */
final class FrontEnd implements AutoCloseable {
  private final ServerSocket server;
  private final Supplier<List<URI>> gateways;

  FrontEnd(Supplier<List<URI>> gateways) {
    this.gateways = gateways;
    try {
      server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  String address() {
    return "http://127.0.0.1:" + server.getLocalPort() + "/";
  }

  private void accept() {
    try {
      while (true) {
        var client = server.accept();
        Thread.ofVirtual().start(() -> relay(client));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void relay(Socket client) {
    try (client;
        var gateway = connected()) {
      var answers = Thread.ofVirtual().start(() -> copy(gateway, client));
      copy(client, gateway);
      answers.join();
    } catch (IOException e) {
      // Nobody there: the client's connection ends, as it does before a dead gateway.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Socket connected() throws IOException {
    var living = gateways.get();
    if (living.isEmpty()) {
      throw new IOException("no gateway lives");
    }
    return new Socket(living.getFirst().getHost(), living.getFirst().getPort());
  }

  /** Until one of them ends; then both do. */
  private static void copy(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // The other direction has closed them.
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
