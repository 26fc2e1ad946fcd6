package dev.penstock.proxy.admission;

import dev.penstock.proxy.generation.ModelTraits;

/**
 * A lent slot, on an upstream where the model is ready.
 *
 * @param model the name the upstream knows it by
 * @param loadMs milliseconds that were spent on loading it for this generation
 * @param onTrial the upstream was down and is to be told of as soon as it answers
 * @param affinity whether it is the upstream that holds the conversation's prefix
 */
public record Grant(
    String upstream,
    String model,
    ModelTraits traits,
    long loadMs,
    boolean onTrial,
    AffinityResult affinity) {}
