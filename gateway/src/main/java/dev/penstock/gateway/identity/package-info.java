/** Who the gateway is to the services it calls. */
package dev.penstock.gateway.identity;
