package dev.penstock.session.tokenlog;

import dev.penstock.contracts.log.Flush;
import dev.penstock.contracts.log.Poll;
import dev.penstock.session.http.Bodies;
import dev.penstock.session.http.OnVirtualThread;
import io.vertx.core.Handler;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** {@code POST /log} and {@code POST /log/poll}. */
public final class LogRoutes {
  private LogRoutes() {}

  /** Mounts the routes. */
  public static void mount(
      Router router, Handler<RoutingContext> body, LogAppender appender, LogPoller poller) {
    router
        .post("/log")
        .handler(body)
        .handler(
            new OnVirtualThread(
                ctx -> {
                  var flush = Bodies.read(ctx, Flush.class);
                  appender.append(flush);
                  if (flush.confirm().isEmpty()) {
                    Bodies.answerNothing(ctx);
                  } else {
                    Bodies.answer(ctx, 200, appender.confirm(flush.confirm()));
                  }
                }));
    router
        .post("/log/poll")
        .handler(body)
        .handler(
            new OnVirtualThread(
                ctx -> Bodies.answer(ctx, 200, poller.poll(Bodies.read(ctx, Poll.class)))));
  }
}
