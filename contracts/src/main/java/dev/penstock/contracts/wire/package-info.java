/** How internal records become JSON and back: one mapper, one spelling. */
package dev.penstock.contracts.wire;
