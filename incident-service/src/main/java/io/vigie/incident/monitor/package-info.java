/**
 * Monitors (R6.1, R11.2, R11.5, R11.7): what an asset gives to others is tried at intervals, by
 * HTTP, by a TCP connection, by grading what is offered over TLS, or by finding a port closed that
 * must be; a job has to call, or has failed. Every result is kept for some days; only that a
 * monitor fails, and that it recovers, are events. Probes reach no network that the configuration
 * does not allow.
 */
package io.vigie.incident.monitor;
