/** What is measured, and under which names: one list for every service, the dashboards and docs. */
package dev.penstock.contracts.metric;
