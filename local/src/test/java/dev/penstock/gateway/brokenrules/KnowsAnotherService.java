package dev.penstock.gateway.brokenrules;

import dev.penstock.session.schema.SchemaMigration;

/** Breaks: services meet over HTTP only. */
public final class KnowsAnotherService {
  private KnowsAnotherService() {}

  public static Class<?> other() {
    return SchemaMigration.class;
  }
}
