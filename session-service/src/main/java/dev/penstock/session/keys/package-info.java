/** API keys in the database: looked up by the gateways, made and revoked by an operator. */
package dev.penstock.session.keys;
