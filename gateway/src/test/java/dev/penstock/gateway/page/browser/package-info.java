/** Drives a real Chromium over the DevTools protocol; knows nothing of the page under test. */
package dev.penstock.gateway.page.browser;
