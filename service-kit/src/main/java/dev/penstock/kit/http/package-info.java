/** The HTTP server every service listens with: bounds, request ids, strict JSON, health routes. */
package dev.penstock.kit.http;
