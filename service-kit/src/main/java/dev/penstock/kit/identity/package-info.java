/** Who this machine is to the services it calls: tokens of its metadata server, kept fresh. */
package dev.penstock.kit.identity;
