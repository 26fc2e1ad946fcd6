package dev.penstock.bench.process;

import java.util.List;

/**
 * A process that is measured, with all it started.
 *
 * @param pid its root
 * @param heapKib the heap of a JVM that took all of it at its start; 0 for other processes
 */
public record Watched(String name, long pid, long heapKib) {
  /** The process that measures. */
  public static Watched self() {
    return new Watched("client", ProcessHandle.current().pid(), 0);
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
   * What is in use, in KiB: what is resident, but of a JVM's heap only what lives after a full
   * collection, since the heap is resident whether it is used or not.
   */
  public long usedKib() {
    return heapKib == 0 ? residentKib() : residentKib() - heapKib + Jcmd.liveHeapKib(pid);
  }

  /** A JVM's heap after a full collection, in KiB. */
  public long liveHeapKib() {
    return Jcmd.liveHeapKib(pid);
  }

  /** Busy time of the whole machine so far, in microseconds. */
  public static double machineBusyMicros() {
    return ProcFs.busyMicros();
  }
}
