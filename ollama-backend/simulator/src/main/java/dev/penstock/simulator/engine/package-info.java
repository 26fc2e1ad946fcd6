/** Loading, slots and the pace of generation: the timing of a model server without a model. */
package dev.penstock.simulator.engine;
