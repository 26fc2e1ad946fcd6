/** Session-service: composition, configuration and entry point of one process. */
package dev.penstock.session;
