/** How long the launcher takes until the whole product answers. */
package dev.penstock.bench.startup;
