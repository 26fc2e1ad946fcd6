/**
 * Settings of a service: declared once, read from the environment, checked before anything starts.
 */
package dev.penstock.kit.config;
