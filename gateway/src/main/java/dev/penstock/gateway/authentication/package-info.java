/** Whose a request is: API keys and tokens of an identity provider, checked at the edge. */
package dev.penstock.gateway.authentication;
