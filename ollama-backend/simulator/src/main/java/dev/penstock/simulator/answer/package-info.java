/** What the simulated models say: a pure function of the conversation. No I/O, no clock. */
package dev.penstock.simulator.answer;
