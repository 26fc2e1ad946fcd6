/** The control port: faults ordered at run time, and what the simulator has seen. */
package dev.penstock.simulator.control;
