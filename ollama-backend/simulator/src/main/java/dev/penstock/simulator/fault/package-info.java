/** The failures the simulator can be told to show, and to which requests. */
package dev.penstock.simulator.fault;
