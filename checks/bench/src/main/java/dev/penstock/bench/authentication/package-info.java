/** What it costs to know whose a request is, and what those who guess at keys cost others. */
package dev.penstock.bench.authentication;
