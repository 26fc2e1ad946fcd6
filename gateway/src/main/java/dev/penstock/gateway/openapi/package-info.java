/** The description of every public route: one OpenAPI document, and a page that shows it. */
package dev.penstock.gateway.openapi;
