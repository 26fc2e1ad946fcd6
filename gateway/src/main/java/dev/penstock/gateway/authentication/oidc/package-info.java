/** People and programs with tokens of an identity provider, and people who sign in there (OIDC). */
package dev.penstock.gateway.authentication.oidc;
