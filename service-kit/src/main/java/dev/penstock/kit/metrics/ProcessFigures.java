package dev.penstock.kit.metrics;

import com.sun.management.UnixOperatingSystemMXBean;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * What the process and its JVM use, under the names that Prometheus' own clients give it. The
 * platform's beans are first asked for by the first scrape, which keeps them out of the start.
 */
final class ProcessFigures implements MultiCollector {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String RESIDENT = "VmRSS:";
  private static final double KIB = 1024;
  private static final double MILLIS = 1e3;

  @Override
  public MetricSnapshots collect() {
    var figures = MetricSnapshots.builder();
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
      figures
          .metricSnapshot(cpu(unix.getProcessCpuTime()))
          .metricSnapshot(
              gauge(
                  "process_open_fds",
                  "Open file descriptors, sockets included",
                  (double) unix.getOpenFileDescriptorCount()))
          .metricSnapshot(
              gauge(
                  "process_max_fds",
                  "File descriptors this process may open",
                  (double) unix.getMaxFileDescriptorCount()));
    }
    if (Files.isReadable(STATUS)) {
      figures.metricSnapshot(
          gauge(
              "process_resident_memory_bytes", "Resident memory of this process", residentBytes()));
    }
    return figures
        .metricSnapshot(
            gauge(
                "process_start_time_seconds",
                "When this process began, in seconds of Unix time",
                ManagementFactory.getRuntimeMXBean().getStartTime() / MILLIS))
        .metricSnapshot(
            gauge(
                "jvm_threads_current",
                "Platform threads",
                ManagementFactory.getThreadMXBean().getThreadCount()))
        .metricSnapshot(
            memory(
                "jvm_memory_used_bytes",
                "Memory of the JVM in use",
                usage -> (double) usage.getUsed()))
        .metricSnapshot(
            memory(
                "jvm_memory_committed_bytes",
                "Memory the JVM has taken",
                usage -> (double) usage.getCommitted()))
        .metricSnapshot(
            memory(
                "jvm_memory_max_bytes",
                "Memory the JVM may take; -1 where there is no bound",
                usage -> (double) usage.getMax()))
        .metricSnapshot(collections())
        .build();
  }

  private static CounterSnapshot cpu(long nanos) {
    return CounterSnapshot.builder()
        .name("process_cpu_seconds")
        .help("User and system time of this process")
        .dataPoint(
            CounterSnapshot.CounterDataPointSnapshot.builder()
                .value(nanos / (double) TimeUnit.SECONDS.toNanos(1))
                .build())
        .build();
  }

  private static GaugeSnapshot gauge(String name, String help, double value) {
    return GaugeSnapshot.builder()
        .name(name)
        .help(help)
        .dataPoint(point(Labels.EMPTY, value))
        .build();
  }

  private static GaugeSnapshot memory(String name, String help, ToDoubleFunction<MemoryUsage> of) {
    var bean = ManagementFactory.getMemoryMXBean();
    return GaugeSnapshot.builder()
        .name(name)
        .help(help)
        .dataPoint(point(Labels.of("area", "heap"), of.applyAsDouble(bean.getHeapMemoryUsage())))
        .dataPoint(
            point(Labels.of("area", "nonheap"), of.applyAsDouble(bean.getNonHeapMemoryUsage())))
        .build();
  }

  private static GaugeSnapshot.GaugeDataPointSnapshot point(Labels labels, double value) {
    return GaugeSnapshot.GaugeDataPointSnapshot.builder().labels(labels).value(value).build();
  }

  private static SummarySnapshot collections() {
    var summary =
        SummarySnapshot.builder()
            .name("jvm_gc_collection_seconds")
            .help("Time in collections of garbage, and their number");
    for (var collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      summary.dataPoint(
          SummarySnapshot.SummaryDataPointSnapshot.builder()
              .labels(Labels.of("gc", collector.getName()))
              .count(collector.getCollectionCount())
              .sum(collector.getCollectionTime() / MILLIS)
              .build());
    }
    return summary.build();
  }

  private static double residentBytes() {
    try (var lines = Files.lines(STATUS)) {
      return lines
              .filter(line -> line.startsWith(RESIDENT))
              .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
              .sum()
          * KIB;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
