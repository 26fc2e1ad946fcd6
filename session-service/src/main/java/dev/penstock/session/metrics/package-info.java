/** What is measured of stored turns, told in session-service's own words. */
package dev.penstock.session.metrics;
