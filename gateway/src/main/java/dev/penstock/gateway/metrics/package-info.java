/** What is measured of answers, turns and their readers, told in the gateway's own words. */
package dev.penstock.gateway.metrics;
