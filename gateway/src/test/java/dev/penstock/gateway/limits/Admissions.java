package dev.penstock.gateway.limits;

import dev.penstock.gateway.inference.Generator;
import dev.penstock.gateway.inference.Models;
import dev.penstock.gateway.keyuse.UseLedger;
import java.time.InstantSource;
import java.util.Map;

/** Ways to models for tests. */
public final class Admissions {
  private Admissions() {}

  /** Past the limits of keys alone. */
  public static Admission of(Generator generator, Models models) {
    return new Admission(limits(LimitsConfig.STANDARD), generator, models);
  }

  /** Past the limits of the one tenant there is. */
  public static Admission of(
      Generator generator, Models models, dev.penstock.contracts.access.Limits tenants) {
    var standard = LimitsConfig.STANDARD;
    return new Admission(
        limits(
            new LimitsConfig(Map.of("default", tenants), standard.callers(), standard.useFlush())),
        generator,
        models);
  }

  private static CallerLimits limits(LimitsConfig config) {
    return new CallerLimits(
        config,
        () -> 1,
        new UseLedger(config.callers(), InstantSource.system()),
        _ -> {},
        System::nanoTime);
  }
}
