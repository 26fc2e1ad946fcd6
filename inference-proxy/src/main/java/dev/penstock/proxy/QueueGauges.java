package dev.penstock.proxy;

import dev.penstock.contracts.generation.Priority;
import dev.penstock.contracts.metric.Metric;
import dev.penstock.kit.metrics.Metrics;
import dev.penstock.proxy.admission.AdmissionDesk;
import dev.penstock.proxy.serving.UpstreamConfig;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToDoubleFunction;

/** Slots and queues as numbers that are now; what autoscalers read. */
final class QueueGauges {
  private static final int MODELS = Metric.CHAT_QUEUE_DEPTH.most() / Priority.values().length - 1;

  private final Metrics metrics;
  private final AdmissionDesk desk;
  private final List<String> models = new CopyOnWriteArrayList<>();
  private final List<String> others = new CopyOnWriteArrayList<>();

  QueueGauges(Metrics metrics, AdmissionDesk desk) {
    this.metrics = metrics;
    this.desk = desk;
  }

  /** Registers what every upstream has, and vLLM's names where they are wanted. */
  void register(ProxyConfig config) {
    var upstreams = config.serving().upstreams();
    for (var each : upstreams) {
      gauge(Metric.CHAT_SLOTS_IN_USE, of -> of.slotsLent(each.name()), List.of(each.name()));
      gauge(Metric.CHAT_SLOTS, _ -> each.slots(), List.of(each.name()));
    }
    if (config.vllmMetrics()) {
      var slots = upstreams.stream().mapToInt(UpstreamConfig::slots).sum();
      gauge(Metric.VLLM_RUNNING, _ -> lent(upstreams), List.of());
      gauge(Metric.VLLM_WAITING, _ -> waiting(), List.of());
      gauge(Metric.VLLM_CACHE_USAGE, _ -> lent(upstreams) / slots, List.of());
    }
  }

  /** Registers the queue of a model; called once for each, on the admission's context. */
  void add(String model) {
    if (models.size() < MODELS) {
      models.add(model);
      queue(model, List.of(model));
    } else {
      others.add(model);
      if (others.size() == 1) {
        queue(Metric.OTHER, others);
      }
    }
  }

  private void queue(String label, List<String> queues) {
    for (var priority : Priority.values()) {
      var labels = List.of(label, priority.name().toLowerCase(Locale.ROOT));
      gauge(
          Metric.CHAT_QUEUE_DEPTH,
          of -> queues.stream().mapToInt(model -> of.waiting(model, priority)).sum(),
          labels);
      gauge(
          Metric.CHAT_QUEUE_BYTES,
          of ->
              queues.stream()
                  .mapToLong(model -> of.waitingChars(model, priority))
                  .asDoubleStream()
                  .sum(),
          labels);
    }
  }

  private double lent(List<UpstreamConfig> upstreams) {
    return upstreams.stream().mapToInt(each -> desk.slotsLent(each.name())).sum();
  }

  private double waiting() {
    return models.stream().mapToInt(desk::waiting).sum()
        + others.stream().mapToInt(desk::waiting).sum();
  }

  private void gauge(Metric metric, ToDoubleFunction<AdmissionDesk> value, List<String> labels) {
    metrics.gauge(metric.id(), metric.help(), desk, value, metric.tags(labels));
  }
}
