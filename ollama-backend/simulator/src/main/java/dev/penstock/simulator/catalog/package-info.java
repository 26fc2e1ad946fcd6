/** The models that are installed: what they are called, how they read a prompt, what they can. */
package dev.penstock.simulator.catalog;
