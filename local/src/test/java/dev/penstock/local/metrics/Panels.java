package dev.penstock.local.metrics;

import dev.penstock.contracts.metric.Metric;
import dev.penstock.local.metrics.Panel.Line;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the dashboard shows: first the objectives, then where time, slots and memory go. */
final class Panels {
  private static final String SECONDS = "s";
  private static final String BYTES = "bytes";
  private static final String NUMBER = "short";
  private static final String SHARE = "percentunit";

  private Panels() {}

  static Map<String, List<Panel>> rows() {
    var rows = new LinkedHashMap<String, List<Panel>>();
    rows.put("Objectives", objectives());
    rows.put("What callers see", callers());
    rows.put("Queue and slots", admission());
    rows.put("Model servers", upstreams());
    rows.put("Streams", streams());
    rows.put("Stored turns", turns());
    rows.put("Processes", processes());
    return rows;
  }

  private static List<Panel> objectives() {
    return List.of(
        Panel.of(
                "Added to the first byte, p99",
                "From the first chunk parsed to its bytes handed to the socket, in each service.",
                SECONDS,
                new Line(
                    Query.quantile(0.99, Metric.CHAT_OVERHEAD, "phase=\"first_byte\"", "service"),
                    "{{service}}"))
            .within(0.002),
        Panel.of(
                "Streams that lost their end",
                "Share of all ends; anything but 0 is a broken model server or network.",
                SHARE,
                new Line(
                    "sum(rate(%1$s{outcome=\"truncated\"}[$__rate_interval])) / sum(rate(%1$s[$__rate_interval]))"
                        .formatted(Metric.CHAT_STREAM_END.id()),
                    "truncated"))
            .within(0.00001),
        Panel.of(
                "Cancel reaches the model server, p99",
                "From a client's act to the closed connection behind this service.",
                SECONDS,
                new Line(
                    Query.quantile(0.99, Metric.CHAT_CANCEL, "", "service, reason"),
                    "{{service}} {{reason}}"))
            .within(0.1),
        Panel.of(
                "Hidden queue in the model server, p95",
                "What is left of its own total; more than this means that it queues where we should.",
                SECONDS,
                new Line(
                    Query.quantile(0.95, Metric.CHAT_UPSTREAM_UNEXPLAINED, "", "model"),
                    "{{model}}"))
            .within(0.05),
        Panel.of(
                "Added to each write, p99",
                "From a chunk parsed to its bytes handed to the socket.",
                SECONDS,
                new Line(
                    Query.quantile(0.99, Metric.CHAT_OVERHEAD, "phase=\"per_chunk\"", "service"),
                    "{{service}}"))
            .within(0.001),
        Panel.of(
                "Resumes that went on",
                "Share of resumed streams that got exactly what they had missed.",
                SHARE,
                new Line(
                    "sum(rate(%1$s{result=~\"live|replay_only\"}[$__rate_interval])) / sum(rate(%1$s[$__rate_interval]))"
                        .formatted(Metric.CHAT_RESUME.id()),
                    "went on"))
            .within(0.999),
        Panel.of(
                "Most that waits for one reader",
                "In one process; bounded by the windows of the protocols.",
                BYTES,
                new Line(
                    Query.most(Metric.CHAT_BUFFERED_BYTES, "stat=\"max\"", "service"),
                    "{{service}}"))
            .within(131_072));
  }

  private static List<Panel> callers() {
    return List.of(
        Panel.of(
            "First token",
            "Accepted request to the first token, queue and prefill included.",
            SECONDS,
            new Line(
                Query.quantile(0.5, Metric.GEN_AI_SERVER_TIME_TO_FIRST_TOKEN, "", "chat_dialect"),
                "p50 {{chat_dialect}}"),
            new Line(
                Query.quantile(0.99, Metric.GEN_AI_SERVER_TIME_TO_FIRST_TOKEN, "", "chat_dialect"),
                "p99 {{chat_dialect}}")),
        Panel.of(
            "Time per token",
            "After the first, on average over an answer.",
            SECONDS,
            new Line(
                Query.quantile(0.5, Metric.GEN_AI_SERVER_TIME_PER_OUTPUT_TOKEN, "", "chat_dialect"),
                "p50 {{chat_dialect}}"),
            new Line(
                Query.quantile(
                    0.99, Metric.GEN_AI_SERVER_TIME_PER_OUTPUT_TOKEN, "", "chat_dialect"),
                "p99 {{chat_dialect}}")),
        Panel.of(
            "Answers per second",
            "By protocol and by what went wrong; empty is success.",
            NUMBER,
            new Line(
                Query.count(Metric.GEN_AI_SERVER_REQUEST_DURATION, "", "chat_dialect, error_type"),
                "{{chat_dialect}} {{error_type}}")),
        Panel.of(
            "Refused by limits per second",
            "By the limit of their caller's that was used up.",
            NUMBER,
            new Line(Query.rate(Metric.CHAT_LIMITED, "", "limit"), "{{limit}}")),
        Panel.of(
            "HTTP requests per second",
            "By status; streams count when they end.",
            NUMBER,
            new Line(
                Query.count(Metric.HTTP_SERVER_DURATION, "", "http_response_status_code"),
                "{{http_response_status_code}}")),
        Panel.of(
            "HTTP requests that are no streams, p99",
            "By route.",
            SECONDS,
            new Line(
                Query.quantile(0.99, Metric.HTTP_SERVER_DURATION, "stream=\"false\"", "http_route"),
                "{{http_route}}")));
  }

  private static List<Panel> admission() {
    return List.of(
        Panel.of(
            "Slots",
            "Generations that hold a slot, and how many there are.",
            NUMBER,
            new Line(Query.now(Metric.CHAT_SLOTS_IN_USE, "", "backend"), "in use {{backend}}"),
            new Line(Query.now(Metric.CHAT_SLOTS, "", "backend"), "all {{backend}}")),
        Panel.of(
            "Queue",
            "Generations that wait for a slot.",
            NUMBER,
            new Line(
                Query.now(Metric.CHAT_QUEUE_DEPTH, "", "model, priority"),
                "{{model}} {{priority}}")),
        Panel.of(
            "Time in the queue, p95",
            "By what became of it.",
            SECONDS,
            new Line(Query.quantile(0.95, Metric.CHAT_QUEUE_WAIT, "", "outcome"), "{{outcome}}")),
        Panel.of(
            "Left the queue per second",
            "By what became of it.",
            NUMBER,
            new Line(Query.count(Metric.CHAT_QUEUE_WAIT, "", "outcome"), "{{outcome}}")),
        Panel.of(
            "Affinity",
            "Slots lent per second, by whether the server holds the conversation's prefix.",
            NUMBER,
            new Line(Query.rate(Metric.CHAT_AFFINITY, "", "result"), "{{result}}")),
        Panel.of(
            "Prefill per prompt token",
            "Mean; what a held prefix saves.",
            SECONDS,
            new Line(
                Query.mean(Metric.CHAT_UPSTREAM_PREFILL_PER_TOKEN, "", "affinity"),
                "{{affinity}}")));
  }

  private static List<Panel> upstreams() {
    return List.of(
        Panel.of(
            "Where a model server's time goes, mean",
            "By its own count.",
            SECONDS,
            new Line(Query.mean(Metric.CHAT_UPSTREAM_LOAD, "", "model"), "load {{model}}"),
            new Line(Query.mean(Metric.CHAT_UPSTREAM_PREFILL, "", "model"), "prefill {{model}}"),
            new Line(Query.mean(Metric.CHAT_UPSTREAM_DECODE, "", "model"), "decode {{model}}"),
            new Line(
                Query.mean(Metric.CHAT_UPSTREAM_UNEXPLAINED, "", "model"),
                "unexplained {{model}}")),
        Panel.of(
            "First chunk, p95",
            "Prompt sent to the first chunk.",
            SECONDS,
            new Line(
                Query.quantile(
                    0.95, Metric.GEN_AI_CLIENT_TIME_TO_FIRST_CHUNK, "", "gen_ai_response_model"),
                "{{gen_ai_response_model}}")),
        Panel.of(
            "Gap between chunks, p99",
            "Of the model servers, beside the gap between our own writes.",
            SECONDS,
            new Line(
                Query.quantile(0.99, Metric.GEN_AI_CLIENT_TIME_PER_OUTPUT_CHUNK, "", ""),
                "model servers"),
            new Line(
                Query.quantile(0.99, Metric.CHAT_INTER_FRAME_GAP, "", "service"), "{{service}}")),
        Panel.of(
            "Calls per second",
            "By what went wrong; empty is success.",
            NUMBER,
            new Line(
                Query.count(
                    Metric.GEN_AI_CLIENT_OPERATION_DURATION, "", "server_address, error_type"),
                "{{server_address}} {{error_type}}")),
        Panel.of(
            "Tokens per second",
            "In and out.",
            NUMBER,
            new Line(Query.rate(Metric.CHAT_TOKENS, "", "type, model"), "{{type}} {{model}}")),
        Panel.of(
            "Output tokens of one answer, p95",
            "As model servers counted them.",
            NUMBER,
            new Line(
                Query.quantile(
                    0.95,
                    Metric.GEN_AI_CLIENT_TOKEN_USAGE,
                    "gen_ai_token_type=\"output\"",
                    "gen_ai_response_model"),
                "{{gen_ai_response_model}}")));
  }

  private static List<Panel> streams() {
    return List.of(
        Panel.of(
            "Streams",
            "Under way; detached ones are generated with no reader.",
            NUMBER,
            new Line(
                Query.now(Metric.CHAT_STREAMS_ACTIVE, "", "service, state"),
                "{{service}} {{state}}")),
        Panel.of(
            "Ends per second",
            "By how.",
            NUMBER,
            new Line(
                Query.rate(Metric.CHAT_STREAM_END, "", "service, outcome"),
                "{{service}} {{outcome}}")),
        Panel.of(
            "Writes per second",
            "By protocol.",
            NUMBER,
            new Line(
                Query.rate(Metric.CHAT_STREAM_FRAMES, "", "service, dialect"),
                "{{service}} {{dialect}}")),
        Panel.of(
            "Bytes per second",
            "By protocol.",
            "Bps",
            new Line(
                Query.rate(Metric.CHAT_STREAM_BYTES, "", "service, dialect"),
                "{{service}} {{dialect}}")),
        Panel.of(
            "Waiting for readers",
            "In all.",
            BYTES,
            new Line(
                Query.now(Metric.CHAT_BUFFERED_BYTES, "stat=\"sum\"", "service"), "{{service}}")),
        Panel.of(
            "Reading stopped, p95",
            "How long, by whose reading stopped.",
            SECONDS,
            new Line(Query.quantile(0.95, Metric.CHAT_BACKPRESSURE_PAUSED, "", "hop"), "{{hop}}")),
        Panel.of(
            "Resumes per second",
            "By what could be sent.",
            NUMBER,
            new Line(Query.rate(Metric.CHAT_RESUME, "", "result"), "{{result}}")),
        Panel.of(
            "Events a resume had missed, p95",
            "What it costs to come back.",
            NUMBER,
            new Line(Query.quantile(0.95, Metric.CHAT_RESUME_REPLAYED_EVENTS, "", ""), "events")));
  }

  private static List<Panel> turns() {
    return List.of(
        Panel.of(
            "Transactions, p99",
            "That store a part of a turn.",
            SECONDS,
            new Line(Query.quantile(0.99, Metric.CHAT_TURN_COMMIT, "", "kind"), "{{kind}}")),
        Panel.of(
            "Turns asked for per second",
            "By what their key led to.",
            NUMBER,
            new Line(Query.rate(Metric.CHAT_IDEMPOTENT, "", "result"), "{{result}}")),
        Panel.of(
            "Database connections",
            "At work, and who waits for one.",
            NUMBER,
            new Line(Query.now(Metric.DB_POOL_BUSY, "", "pool"), "busy {{pool}}"),
            new Line(Query.now(Metric.DB_POOL_WAITING, "", "pool"), "waiting {{pool}}")),
        Panel.of(
            "Turns of gateways",
            "Generated here, and read through the token log.",
            NUMBER,
            new Line(Query.now(Metric.GATEWAY_TURNS_OWNED, "", "instance"), "owned {{instance}}"),
            new Line(
                Query.now(Metric.GATEWAY_TURNS_FOLLOWED, "", "instance"), "followed {{instance}}")),
        Panel.of(
            "Text not in the token log yet",
            "Of owned turns.",
            BYTES,
            new Line(Query.now(Metric.GATEWAY_LOG_UNFLUSHED, "", "instance"), "{{instance}}")));
  }

  private static List<Panel> processes() {
    return List.of(
        Panel.of(
            "CPU",
            "Cores in use.",
            NUMBER,
            new Line(Query.rate(Metric.PROCESS_CPU, "", "job, instance"), "{{job}} {{instance}}")),
        Panel.of(
            "Resident memory",
            "Of the process.",
            BYTES,
            new Line(
                Query.now(Metric.PROCESS_RESIDENT, "", "job, instance"), "{{job}} {{instance}}")),
        Panel.of(
            "Heap in use",
            "Of the JVM.",
            BYTES,
            new Line(
                Query.now(Metric.JVM_MEMORY_USED, "area=\"heap\"", "job, instance"),
                "{{job}} {{instance}}")),
        Panel.of(
            "Collections of garbage",
            "Share of time.",
            SHARE,
            new Line(
                "sum by (job, instance, gc) (rate(%s_sum[$__rate_interval]))"
                    .formatted(Metric.JVM_GC.id()),
                "{{job}} {{gc}}")),
        Panel.of(
            "File descriptors",
            "Open, of those that may be.",
            SHARE,
            new Line(
                Metric.PROCESS_OPEN_FDS.id() + " / " + Metric.PROCESS_MAX_FDS.id(),
                "{{job}} {{instance}}")));
  }
}
