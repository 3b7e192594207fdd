/**
 * What every service's tests stand on: a real PostgreSQL and a real Kafka broker, started once per
 * test run, tokens signed as Keycloak would, a clock that tests move, and the checks that are the
 * same everywhere: contracts, roles, architecture. For tests of the packaged services, a build that
 * is broken on purpose.
 */
package io.vigie.testkit;
