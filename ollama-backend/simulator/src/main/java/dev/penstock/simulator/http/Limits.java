package dev.penstock.simulator.http;

/**
 * What the configuration says about requests and generations.
 *
 * @param contextLength tokens a slot holds
 * @param tokensPerSecond of each generation
 * @param seed of answers to requests without one
 * @param maxBodyBytes longest request body that is read
 */
public record Limits(int contextLength, int tokensPerSecond, long seed, int maxBodyBytes) {}
