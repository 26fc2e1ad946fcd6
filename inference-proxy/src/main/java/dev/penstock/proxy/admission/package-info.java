/**
 * Who may generate now: slots per upstream counted exactly, one bounded queue per model in front,
 * and refusals at the door. All of it lives on one event loop of the process.
 */
package dev.penstock.proxy.admission;
