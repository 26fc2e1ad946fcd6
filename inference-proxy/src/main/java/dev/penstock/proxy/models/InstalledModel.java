package dev.penstock.proxy.models;

import org.jspecify.annotations.Nullable;

/**
 * A model a server could load.
 *
 * @param id with its tag
 * @param created epoch seconds
 * @param thinks null where the server does not say so in its list
 */
public record InstalledModel(String id, long created, @Nullable Boolean thinks) {}
