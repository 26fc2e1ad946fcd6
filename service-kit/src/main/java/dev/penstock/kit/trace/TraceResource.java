package dev.penstock.kit.trace;

import dev.penstock.kit.config.Environment;
import dev.penstock.kit.config.Setting;
import dev.penstock.kit.http.Version;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.resources.Resource;
import java.util.Map;
import java.util.UUID;

/**
 * Who sends the spans: the service and, on Cloud Run, the revision and instance it runs as. What
 * the environment says wins.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/semconv/resource/faas/">FaaS resources</a>
 */
final class TraceResource {
  static final Setting<String> SERVICE_NAME =
      Setting.text("OTEL_SERVICE_NAME", null, "name of the service in its spans; its own if unset");
  static final Setting<Map<String, String>> ATTRIBUTES =
      new Setting<>(
          "OTEL_RESOURCE_ATTRIBUTES",
          null,
          "",
          "more about the sender, `name=value` separated by commas, percent-encoded",
          false,
          KeyValues::parse);

  private static final Setting<String> RUN_SERVICE = Setting.text("K_SERVICE", null, "");
  private static final Setting<String> RUN_REVISION = Setting.text("K_REVISION", null, "");

  private static final Setting<String> METADATA_HOST =
      Setting.text("GCE_METADATA_HOST", "metadata.google.internal", "");

  private TraceResource() {}

  static Resource of(Environment environment, String service) {
    var attributes = Attributes.builder();
    put(attributes, "service.name", service);
    put(attributes, "service.namespace", "penstock");
    put(attributes, "service.version", Version.OF_BUILD);
    put(attributes, "service.instance.id", UUID.randomUUID().toString());
    environment
        .find(RUN_SERVICE)
        .ifPresent(
            name -> {
              put(attributes, "cloud.provider", "gcp");
              put(attributes, "cloud.platform", "gcp_cloud_run");
              put(attributes, "faas.name", name);
              environment
                  .find(RUN_REVISION)
                  .ifPresent(revision -> put(attributes, "faas.version", revision));
              RunInstance.id(environment.get(METADATA_HOST))
                  .ifPresent(id -> put(attributes, "faas.instance", id));
            });
    environment
        .find(ATTRIBUTES)
        .ifPresent(given -> given.forEach((name, value) -> put(attributes, name, value)));
    environment.find(SERVICE_NAME).ifPresent(name -> put(attributes, "service.name", name));
    return Resource.getDefault().merge(Resource.create(attributes.build()));
  }

  private static void put(AttributesBuilder attributes, String name, String value) {
    attributes.put(AttributeKey.stringKey(name), value);
  }
}
