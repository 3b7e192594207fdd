/**
 * Runs Vigie on one machine, without containers: PostgreSQL, Kafka, Keycloak and a mail sink from
 * their released artefacts, then the five services, each in its own process.
 *
 * <p>{@link io.vigie.stack.Stack} is the whole of it, for the command line ({@link
 * io.vigie.stack.Vigie}) and for the system tests alike; a {@link io.vigie.stack.Component} says
 * how one process is prepared, started and probed; a {@link io.vigie.stack.Daemon} is that process
 * once it runs, and survives the launcher. {@link io.vigie.stack.Demo} uses the running platform as
 * its users would; {@link io.vigie.stack.Backup} and {@link io.vigie.stack.Restore} keep what it
 * knows. Everything listens on the loopback address and keeps its state under one {@link
 * io.vigie.stack.Site}.
 */
package io.vigie.stack;
