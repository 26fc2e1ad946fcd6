package dev.penstock.kit.http;

import static java.lang.System.Logger.Level.WARNING;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;

/**
 * How many files, and so connections, the process may have open: 25,000 on Cloud Run. Where they
 * run out, connections fail that nobody has refused.
 */
public final class Descriptors {
  private static final System.Logger LOG = System.getLogger(Descriptors.class.getName());

  private Descriptors() {}

  /**
   * Warns where the connections to other services may take more than half of what is allowed, since
   * about as many come in.
   *
   * @param outgoing most connections to other services, as configured
   */
  public static void check(String service, long outgoing) {
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
      warning(service, outgoing, unix.getMaxFileDescriptorCount())
          .ifPresent(text -> LOG.log(WARNING, text));
    }
  }

  static Optional<String> warning(String service, long outgoing, long limit) {
    return outgoing <= limit / 2
        ? Optional.empty()
        : Optional.of(
            service
                + " may open "
                + outgoing
                + " connections to other services, more than half of the "
                + limit
                + " files this process may have open: lower the bounds of its connections, or"
                + " raise the limit");
  }
}
