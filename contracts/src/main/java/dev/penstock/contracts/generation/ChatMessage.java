package dev.penstock.contracts.generation;

/** One entry of the neutral history; each upstream's codec gives it its own form. */
public record ChatMessage(Role role, String text) {}
