/**
 * The rules of a turn as pure functions: states and transitions, positions, the resume decision,
 * the text of a turn, base arithmetic. No clock, no store, no wire.
 */
package dev.penstock.contracts.turn;
