package dev.penstock.bench.process;

import java.util.List;

/**
 * A process that is measured, with all it started.
 *
 * @param pid its root
 * @param jvm whether it is one of ours
 */
public record Watched(String name, long pid, boolean jvm) {
  /** The process that measures. */
  public static Watched self() {
    return new Watched("client", ProcessHandle.current().pid(), true);
  }

  /** User and system time so far, in microseconds, counted in steps of 10 ms. */
  public double cpuMicros() {
    return ProcFs.cpuMicros(pid);
  }

  /** The same without what it started. */
  public double cpuSelfMicros() {
    return ProcFs.cpuMicros(List.of(pid));
  }

  /** Resident memory of the process and its children, in KiB; shared pages count in each. */
  public long residentKib() {
    return ProcFs.tree(pid).stream().mapToLong(ProcFs::residentKib).sum();
  }

  /**
   * What is in use, in KiB: of a JVM the heap after a full collection, since what it once took from
   * the system stays resident; of others what is resident.
   */
  public long usedKib() {
    return jvm ? Jcmd.liveHeapKib(pid) : residentKib();
  }

  /** Busy time of the whole machine so far, in microseconds. */
  public static double machineBusyMicros() {
    return ProcFs.busyMicros();
  }
}
