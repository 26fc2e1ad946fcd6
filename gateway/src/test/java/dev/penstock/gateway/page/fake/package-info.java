/** A hand-written gateway that speaks the native API, with a model that does what a test says. */
package dev.penstock.gateway.page.fake;
