package dev.penstock.kit.http;

/** The version this build reports. */
public final class Version {
  /** From the jar's manifest; {@code dev} when run from classes. */
  public static final String OF_BUILD = ofBuild();

  private Version() {}

  private static String ofBuild() {
    var version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "dev" : version;
  }
}
