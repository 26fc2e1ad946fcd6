package dev.penstock.bench.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Debian's nginx as a relay: one worker, nothing buffered, upstream connections kept. */
final class Nginx {
  private static final Path BINARY = Path.of("/usr/sbin/nginx");

  private Nginx() {}

  static boolean installed() {
    return Files.isExecutable(BINARY);
  }

  static Child start(Path folder, int upstream) {
    var port = Child.freePort();
    var configuration = folder.resolve("nginx.conf");
    try {
      Files.writeString(configuration, configuration(folder, port, upstream));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Child.start(
        "nginx",
        port,
        0,
        List.of(
            BINARY.toString(),
            "-p",
            folder.toString(),
            "-c",
            configuration.toString(),
            "-e",
            folder.resolve("nginx-error.log").toString()),
        Map.of(),
        folder);
  }

  private static String configuration(Path folder, int port, int upstream) {
    return """
        daemon off;
        worker_processes 1;
        worker_rlimit_nofile 20000;
        pid %1$s/nginx.pid;
        error_log %1$s/nginx-error.log warn;
        events { worker_connections 10000; }
        http {
          access_log off;
          tcp_nodelay on;
          keepalive_requests 1000000;
          client_body_temp_path %1$s/nginx-body;
          proxy_temp_path %1$s/nginx-proxy;
          fastcgi_temp_path %1$s/nginx-fastcgi;
          uwsgi_temp_path %1$s/nginx-uwsgi;
          scgi_temp_path %1$s/nginx-scgi;
          upstream backend { server 127.0.0.1:%3$d; keepalive 1024; keepalive_requests 1000000; }
          server {
            listen 127.0.0.1:%2$d;
            location / {
              proxy_pass http://backend;
              proxy_http_version 1.1;
              proxy_set_header Connection "";
              proxy_buffering off;
              proxy_read_timeout 300s;
            }
          }
        }
        """
        .formatted(folder, port, upstream);
  }
}
