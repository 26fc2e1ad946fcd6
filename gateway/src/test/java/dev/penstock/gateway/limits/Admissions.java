package dev.penstock.gateway.limits;

import dev.penstock.contracts.access.Limits;
import dev.penstock.gateway.inference.Generator;
import dev.penstock.gateway.inference.Models;
import dev.penstock.gateway.keyuse.UseLedger;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.IntSupplier;

/** Ways to models for tests. */
public final class Admissions {
  private Admissions() {}

  /** Past the limits of keys alone. */
  public static Admission of(Generator generator, Models models) {
    return of(generator, models, Limits.NONE, () -> 1);
  }

  /** Past the limits of the one tenant there is. */
  public static Admission of(
      Generator generator, Models models, Limits tenants, IntSupplier gateways) {
    var standard = LimitsConfig.STANDARD;
    var limits =
        new CallerLimits(
            new LimitsConfig(Map.of("default", tenants), standard.callers(), standard.useFlush()),
            gateways,
            new UseLedger(standard.callers(), InstantSource.system()),
            _ -> {},
            System::nanoTime);
    return new Admission(limits, generator, models);
  }
}
