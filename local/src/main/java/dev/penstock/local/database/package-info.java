/**
 * The PostgreSQL that local mode owns: unpacked, started, stopped and kept between runs below one
 * data folder, which one Penstock holds at a time.
 */
package dev.penstock.local.database;
