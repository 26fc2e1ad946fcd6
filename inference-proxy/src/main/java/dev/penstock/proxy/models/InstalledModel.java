package dev.penstock.proxy.models;

import dev.penstock.contracts.generation.ModelFacts;

/**
 * A model a server could load.
 *
 * @param id with its tag
 * @param created epoch seconds
 * @param facts what the server tells of it in its list
 */
public record InstalledModel(String id, long created, ModelFacts facts) {}
