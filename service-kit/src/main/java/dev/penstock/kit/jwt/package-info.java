/**
 * Whether a JSON Web Token is of an issuer that is trusted: its keys, kept fresh, and its claims.
 */
package dev.penstock.kit.jwt;
