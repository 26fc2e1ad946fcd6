/** Everything in one process on one machine: the same services, talking over loopback HTTP. */
package dev.penstock.local;
