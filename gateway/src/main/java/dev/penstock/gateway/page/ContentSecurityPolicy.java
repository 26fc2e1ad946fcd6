package dev.penstock.gateway.page;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The policy under which the page runs: nothing but its own files, and no way to inject markup. */
final class ContentSecurityPolicy {
  private ContentSecurityPolicy() {}

  /** The header's value for a document whose only inline script is {@code importMap}. */
  static String allowing(String importMap) {
    var hash = Asset.sha256(importMap.getBytes(StandardCharsets.UTF_8));
    return String.join(
        "; ",
        "default-src 'none'",
        "script-src 'self' 'sha256-" + Base64.getEncoder().encodeToString(hash) + "'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types dompurify lit-html");
  }
}
